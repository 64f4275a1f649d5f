/** The bar above the picture: its buttons, what it says, hiding it, and full screen. */
import type { QualityReport } from "../core/quality";
import { block, button } from "./dom";
import type { Texts } from "./texts";

export interface ToolbarActions {
  mode(mode: "fit" | "actual"): void;
  refresh(): void;
  disconnect(): void;
  onScreenKeyboard(shown: boolean): void;
  /** The user is done here: the keyboard belongs to the remote PC again. */
  done(): void;
}

/** Experimental in the DOM's types: keeps Escape, Alt+Tab and the like from the browser in full screen. */
interface KeyboardLock {
  lock?(): Promise<void>;
  unlock?(): void;
}

export class Toolbar {
  readonly #texts: Texts;
  readonly #actions: ToolbarActions;
  readonly #bar = block("toolbar");
  readonly #show = button("toolbar-show");
  readonly #quality = block("quality");

  constructor(texts: Texts, actions: ToolbarActions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#on("view-fit", () => this.#mode("fit"));
    this.#on("view-actual", () => this.#mode("actual"));
    this.#on("full-screen", () => void this.#toggleFullScreen());
    this.#on("refresh", () => actions.refresh());
    this.#on("disconnect", () => actions.disconnect());
    this.#on("toolbar-hide", () => this.setShown(false));
    this.#on("on-screen-keyboard", () => this.#toggleKeyboard());
    this.#show.addEventListener("click", (event) => {
      this.setShown(true);
      if (event.detail === 0) this.focus();
      else actions.done();
    });
    this.#bar.addEventListener("keydown", (event) => this.#keyDown(event));
    document.addEventListener("fullscreenchange", () => this.#fullScreenChanged());
    button("full-screen").hidden = !document.fullscreenEnabled;
  }

  setSession(number: string, customer: string): void {
    block("toolbar-number").textContent = number;
    block("toolbar-customer").textContent = customer;
  }

  setViewOnly(viewOnly: boolean): void {
    block("view-only").hidden = !viewOnly;
  }

  setShown(shown: boolean): void {
    this.#bar.hidden = !shown;
    this.#show.hidden = shown;
  }

  /** Which way of scaling is pressed; none after zooming with two fingers. */
  setMode(mode: "fit" | "actual" | "zoom"): void {
    button("view-fit").setAttribute("aria-pressed", String(mode === "fit"));
    button("view-actual").setAttribute("aria-pressed", String(mode === "actual"));
  }

  focus(): void {
    this.setShown(true);
    button("view-fit").focus();
  }

  /** Null before a connection. */
  setQuality(report: QualityReport | null): void {
    const level = report?.level ?? "unknown";
    this.#quality.dataset.level = level;
    const detail =
      report === null || report.rttMs === null
        ? ""
        : this.#texts.text("quality.detail", {
            rtt: this.#texts.number(report.rttMs),
            fps: this.#texts.number(report.framesPerS),
            rate: this.#texts.number(report.kbitPerS),
          });
    block("quality-detail").textContent = detail;
    const label = this.#texts.text(`quality.${level}`);
    this.#quality.setAttribute("aria-label", `${this.#texts.text("quality.label")}: ${label} ${detail}`);
    this.#quality.title = `${label} ${detail}`;
  }

  #on(id: string, action: () => void): void {
    button(id).addEventListener("click", (event) => {
      action();
      // Who came with the keyboard stays here; who clicked wants the remote PC again.
      if (event.detail > 0) this.#actions.done();
    });
  }

  #mode(mode: "fit" | "actual"): void {
    this.setMode(mode);
    this.#actions.mode(mode);
  }

  #toggleKeyboard(): void {
    const key = button("on-screen-keyboard");
    const shown = key.getAttribute("aria-pressed") !== "true";
    key.setAttribute("aria-pressed", String(shown));
    this.#actions.onScreenKeyboard(shown);
  }

  async #toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement !== null) {
      await document.exitFullscreen();
      return;
    }
    try {
      await document.documentElement.requestFullscreen({ navigationUI: "hide" });
      await keyboardLock()?.lock?.();
    } catch {
      // The browser may refuse either; the page works without.
    }
  }

  #fullScreenChanged(): void {
    const full = document.fullscreenElement !== null;
    if (!full) keyboardLock()?.unlock?.();
    this.setShown(!full);
    this.#texts.label(button("full-screen"), full ? "toolbar.leave_full_screen" : "toolbar.full_screen");
  }

  /** A toolbar is one stop of the Tab key; arrows go along it (WAI-ARIA, toolbar pattern). */
  #keyDown(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.#actions.done();
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...this.#bar.querySelectorAll("button")].filter((item) => item.offsetParent !== null);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
}

function keyboardLock(): KeyboardLock | undefined {
  return (navigator as { keyboard?: KeyboardLock }).keyboard;
}
