/** Draws the page. Whatever came from the server becomes text, never markup. */
import {
  command,
  type Device,
  type Download,
  type Facts,
  groupedChecksum,
  groupedNumber,
  type Situation,
} from "./facts";
import { type Language, type Step, texts } from "./texts";

type Child = Node | string | null;
type Attributes = Readonly<Record<string, string>>;

function element(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

function mark(): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  for (const [className, d] of [
    [
      "bubble",
      "M8 3h16a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-7.2l-6 5.1A1.1 1.1 0 0 1 9 28.3V24H8a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6Z",
    ],
    ["letter", "M11 9.5h10l-10 8h10"],
  ] as const) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", className);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export interface View {
  readonly situation: Situation;
  readonly language: Language;
  readonly device: Device;
  readonly origin: string;
  readonly href: string;
  readonly onLanguage: (language: Language) => void;
}

/** The whole page as one element. */
export function draw(view: View): HTMLElement {
  const { situation, language } = view;
  const t = texts[language];
  const content = situation.kind === "open" ? invitation(view, situation.facts) : message(language, situation.kind);
  return element(
    "div",
    { class: "page" },
    header(view),
    element("main", { id: "main" }, ...content),
    element("footer", {}, t.footer),
  );
}

function header({ language, onLanguage }: View): HTMLElement {
  const t = texts[language];
  const choice = element("div", { class: "languages", role: "group", "aria-label": t.language });
  for (const [value, name] of [
    ["de", "Deutsch"],
    ["en", "English"],
  ] as const) {
    const attributes = {
      type: "button",
      lang: value,
      "aria-pressed": String(value === language),
      "data-testid": `language-${value}`,
    };
    const button = element("button", attributes, name);
    button.addEventListener("click", () => onLanguage(value));
    choice.append(button);
  }
  return element("header", {}, element("span", { class: "logo" }, mark(), "Zuruf"), choice);
}

function message(language: Language, kind: Exclude<Situation["kind"], "open">): Child[] {
  const t = texts[language];
  const box = element("section", { class: "card message", "data-testid": "message", "data-kind": kind });
  box.append(element("h1", {}, t[`${kind}Title`]), element("p", {}, t[kind]));
  if (kind === "ended") box.append(element("p", { class: "quiet" }, t.endedRemove));
  if (kind === "busy" || kind === "offline") {
    const reload = element("button", { type: "button", class: "primary" }, t.reload);
    reload.addEventListener("click", () => location.reload());
    box.append(reload);
  }
  return [box];
}

function invitation(view: View, facts: Facts): Child[] {
  const t = texts[view.language];
  const intro = element(
    "section",
    { class: "intro" },
    element("h1", { "data-testid": "headline" }, t.headline(facts.technician)),
    element("p", { class: "company", "data-testid": "company" }, t.from(facts.company)),
    element("p", { class: "lead" }, t.lead),
  );
  const asked = element(
    "section",
    { class: "asked", "aria-labelledby": "asked-title" },
    element("h2", { id: "asked-title" }, t.askedTitle),
    element("p", {}, t.asked),
  );
  const when = new Intl.DateTimeFormat(view.language, { dateStyle: "medium", timeStyle: "short" });
  const until = element("p", { class: "quiet" }, t.validUntil(when.format(new Date(facts.link_expires_at))));
  const file = view.device === "windows" ? facts.download : null;
  const asks = file === null ? null : windowsAsks(view.language, file);
  return [intro, asked, action(view, facts), asks, numberCard(view, facts), next(view, file), until];
}

/** What the person does from here on; without what stands beside the download already. */
function next({ language, device }: View, file: Download | null): HTMLElement {
  const t = texts[language];
  if (file !== null) return stepsCard("steps", t.stepsTitle, t.steps.slice(2));
  return stepsCard("steps", t.stepsTitle, device === "linux" ? [...t.linuxSteps, ...t.steps.slice(2)] : t.steps);
}

/** What Windows asks between the download and the app's own window, and how to tell that it is the right file. */
function windowsAsks(language: Language, file: Download): HTMLElement {
  const t = texts[language];
  const [smartScreen, consent] = file.signed
    ? [t.smartScreenSigned(file.publisher), t.consentSigned(file.publisher)]
    : [t.smartScreenUnsigned, t.consentUnsigned];
  return stepsCard("windows", t.windowsTitle, [t.openFile(file.name), smartScreen, consent]);
}

function stepsCard(id: string, heading: string, all: readonly Step[]): HTMLElement {
  const list = element("ol", { class: "steps" });
  for (const [title, text] of all) list.append(element("li", {}, element("h3", {}, title), element("p", {}, text)));
  return element(
    "section",
    { class: "card", "aria-labelledby": `${id}-title`, "data-testid": id },
    element("h2", { id: `${id}-title` }, heading),
    list,
  );
}

/** What to do here and now: download, type a command, or move to the PC. */
function action(view: View, facts: Facts): HTMLElement {
  const box = element("section", { class: "card action", "data-testid": "action", "data-device": view.device });
  if (view.device === "other") box.append(...otherDevice(view));
  else if (view.device === "linux") box.append(...linux(view, facts));
  else if (facts.download === null)
    box.append(element("p", { "data-testid": "no-download" }, texts[view.language].noDownload), linuxHint(view, facts));
  else box.append(...download(view.language, facts.download));
  return box;
}

function otherDevice({ language, href }: View): Node[] {
  const t = texts[language];
  const title = element("h2", {}, t.otherDeviceTitle);
  const text = element("p", {}, t.otherDevice);
  return [title, text, copyable(language, href, t.thisLink, "page-link")];
}

function linux(view: View, facts: Facts): Node[] {
  const t = texts[view.language];
  const line = command(view.origin, facts.number);
  return [
    element("h2", {}, t.linuxTitle),
    element("p", {}, t.linux),
    copyable(view.language, line, "", "linux-command"),
  ];
}

function linuxHint(view: View, facts: Facts): HTMLElement {
  const t = texts[view.language];
  const line = copyable(view.language, command(view.origin, facts.number), "", "linux-command");
  return element("details", {}, element("summary", {}, t.linuxTitle), element("p", {}, t.linux), line);
}

function download(language: Language, file: Download): Node[] {
  const t = texts[language];
  const megabytes = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(file.size / 1e6);
  // No `download` attribute: the server names the file, and an answer that is no file must show as a page.
  const link = element("a", { class: "primary", href: file.url, "data-testid": "download" }, t.download);
  const size = element("p", { class: "quiet", "data-testid": "size" }, t.size(megabytes, file.version));
  const publisher = element("p", { class: "publisher" }, `${t.publisher}: `);
  publisher.append(element("strong", { "data-testid": "publisher" }, file.signed ? file.publisher : t.notSigned));
  const warning = file.signed
    ? []
    : [element("p", { class: "warning", "data-testid": "unsigned" }, t.notSignedWarning)];
  const facts = element(
    "dl",
    {},
    element("dt", {}, t.fileName),
    element("dd", {}, file.name),
    element("dt", {}, t.checksum),
    element("dd", {}, checksum(file.sha256), copyButton(language, file.sha256)),
  );
  const details = element("details", {}, element("summary", {}, t.details), facts);
  return [...warning, link, size, publisher, details];
}

/** Grouped for the eye; the groups stand in the text without spaces, so that what is selected is the checksum. */
function checksum(sha256: string): HTMLElement {
  const groups = groupedChecksum(sha256).map((group) => element("span", {}, group));
  return element("code", { class: "checksum", "data-testid": "sha256" }, ...groups);
}

function numberCard({ language }: View, facts: Facts): HTMLElement {
  const t = texts[language];
  const number = element("p", { class: "number", "data-testid": "session-number" }, groupedNumber(facts.number));
  const row = element("div", { class: "row" }, number, copyButton(language, facts.number));
  return element(
    "section",
    { class: "card" },
    element("h2", {}, t.number),
    row,
    element("p", { class: "quiet" }, t.numberHint),
  );
}

function copyable(language: Language, value: string, label: string, testId: string): HTMLElement {
  const code = element("code", { "data-testid": testId }, value);
  if (label) code.setAttribute("aria-label", label);
  return element("div", { class: "row" }, code, copyButton(language, value));
}

/** Null where the browser gives no clipboard: it does so only on secure addresses. */
function copyButton(language: Language, value: string): HTMLElement | null {
  if (navigator.clipboard === undefined) return null;
  const t = texts[language];
  const button = element("button", { type: "button", "aria-live": "polite" }, t.copy);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value);
    button.textContent = t.copied;
  });
  return button;
}
