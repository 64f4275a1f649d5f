/** The page behind the installation link: says who calls and why, and where the app is. Loading it changes nothing. */
import "./customer.css";
import { deviceOf, fetchSituation, numberIn, type Situation, sayOpened } from "./facts";
import { chooseLanguage, type Language, texts } from "./texts";
import { draw } from "./view";

const LANGUAGE = "lang";

function show(situation: Situation): void {
  const address = new URL(location.href);
  const session = "facts" in situation ? situation.facts.locale : null;
  const language = chooseLanguage(address.searchParams.get(LANGUAGE), session, navigator.languages);
  document.documentElement.lang = language;
  document.title = `${texts[language].title} · Zuruf`;
  const onLanguage = (chosen: Language) => {
    address.searchParams.set(LANGUAGE, chosen);
    history.replaceState(null, "", address);
    show(situation);
    document.querySelector<HTMLElement>(`[data-testid="language-${chosen}"]`)?.focus();
  };
  const device = deviceOf(navigator.userAgent);
  const page = draw({ situation, language, device, origin: location.origin, href: location.href, onLanguage });
  document.getElementById("page")?.replaceChildren(page);
}

const number = numberIn(location.pathname);
if (number === null) {
  show({ kind: "unknown" });
} else {
  const situation = await fetchSituation(number);
  show(situation);
  if (situation.kind === "open") await sayOpened(number);
}
