/** The card above the stage: connecting, waiting, stopped, ended. Renders a phase of the lifecycle; decides nothing. */
import type { Phase } from "../core/connection/lifecycle";
import { block, button, link } from "./dom";
import type { Texts } from "./texts";

export interface NoticeActions {
  retryNow(): void;
  /** Back to the form. */
  leave(): void;
}

export class Notice {
  readonly #texts: Texts;
  readonly #card = block("notice");
  readonly #inner = block("notice-card");
  readonly #title = block("notice-title");
  readonly #text = block("notice-text");

  constructor(texts: Texts, actions: NoticeActions) {
    this.#texts = texts;
    button("notice-retry").addEventListener("click", () => actions.retryNow());
    button("notice-reconnect").addEventListener("click", () => actions.leave());
    button("notice-cancel").addEventListener("click", () => actions.leave());
  }

  render(phase: Phase, nowMs: number): void {
    const [title, text, code] = this.#words(phase, nowMs);
    this.#card.hidden = phase.name === "connected" || phase.name === "asking";
    write(this.#title, title);
    write(this.#text, text);
    write(block("notice-code"), code);
    block("notice-code").hidden = code === "";
    this.#text.hidden = text === "";
    const busy = phase.name === "connecting" || phase.name === "waiting";
    block("notice-spinner").hidden = !busy;
    button("notice-retry").hidden = phase.name !== "waiting";
    button("notice-cancel").hidden = !busy;
    button("notice-reconnect").hidden = phase.name !== "stopped";
    link("notice-sign-in").hidden = phase.name !== "signed_out";
    link("notice-console").hidden = phase.name !== "stopped" && phase.name !== "ended";
  }

  /** What a screen reader should hear of this phase; without the seconds, which would never stop. */
  announcement(phase: Phase): string {
    const texts = this.#texts;
    if (phase.name === "connected") return texts.text("status.connected");
    if (phase.name === "waiting") return `${texts.sentence(phase.code)} ${texts.text("status.goes_on")}`;
    const [title, text] = this.#words(phase, 0);
    return [title, text].filter((part) => part !== "").join(" ");
  }

  /** Moves the focus to the card: not onto a button, which a held Enter key would press. */
  focus(): void {
    const active = document.activeElement;
    const already = active instanceof HTMLElement && this.#card.contains(active) && active.offsetParent !== null;
    if (!already) this.#inner.focus();
  }

  #words(phase: Phase, nowMs: number): [title: string, text: string, code: string] {
    const texts = this.#texts;
    switch (phase.name) {
      case "connecting":
        return phase.again
          ? [texts.text("status.reconnecting"), texts.text("status.goes_on"), ""]
          : [texts.text("status.connecting"), "", ""];
      case "waiting": {
        const wait = texts.text("status.waiting", { time: texts.duration(phase.untilMs - nowMs) });
        return [texts.sentence(phase.code), `${wait} ${texts.text("status.goes_on")}`, phase.code];
      }
      case "stopped":
        return [texts.sentence(phase.code), "", phase.code];
      case "ended":
        return [texts.text("status.ended"), texts.text("status.ended_hint"), ""];
      case "signed_out":
        return [texts.text("hint.signed_out"), "", ""];
      default:
        return ["", "", ""];
    }
  }
}

function write(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
