/** The page before the picture: shows the session, asks for its password. Not for connecting. */
import type { SessionFacts } from "../core/connection/api";
import { block, button, element, link } from "./dom";
import { groupedNumber, type Texts } from "./texts";

/** What the form knows about its session. */
export type Knowledge =
  | { readonly kind: "loading" }
  | { readonly kind: "known"; readonly facts: SessionFacts; readonly own: boolean }
  | { readonly kind: "unknown"; readonly code: string; readonly signedOut: boolean };

export class SessionForm {
  readonly #texts: Texts;
  readonly #password = element("password", HTMLInputElement);
  readonly #show = button("password-show");
  readonly #error = block("form-error");
  readonly #hint = block("session-hint");
  readonly #state = block("session-state");
  #knowledge: Knowledge = { kind: "loading" };
  #notBeforeMs: number | null = null;
  #code: string | null = null;
  #empty = false;

  /** @param submit gets the password; the form has forgotten it by then */
  constructor(texts: Texts, submit: (password: string) => void) {
    this.#texts = texts;
    element("connect-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(submit);
    });
    this.#show.addEventListener("click", () => this.#reveal(this.#password.type === "password"));
    this.#password.addEventListener("input", () => this.#clearError());
  }

  know(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.render();
  }

  /** Why the password is asked for again, and until when it is not taken. */
  ask(code: string | null, notBeforeMs: number | null): void {
    this.#code = code;
    this.#notBeforeMs = notBeforeMs;
    this.#empty = false;
    this.render();
  }

  focus(): void {
    this.#password.focus();
  }

  render(): void {
    const knowledge = this.#knowledge;
    this.#renderFacts(knowledge);
    this.#renderHint(knowledge);
    this.#renderError();
    const open = knowledge.kind === "known" && knowledge.own && knowledge.facts.state === "active";
    this.#password.disabled = !open;
    this.#show.disabled = !open;
    button("connect").disabled = !open || this.#pauseMs() > 0;
    link("sign-in-link").hidden = !(knowledge.kind === "unknown" && knowledge.signedOut);
    this.#texts.label(this.#show, this.#password.type === "password" ? "form.show" : "form.hide");
  }

  #renderFacts(knowledge: Knowledge): void {
    const known = knowledge.kind === "known";
    block("session-facts").hidden = !known;
    this.#state.hidden = knowledge.kind === "unknown";
    if (!known) {
      this.#state.textContent = this.#texts.text("state.loading");
      this.#state.dataset.tone = "quiet";
      return;
    }
    const { facts } = knowledge;
    block("session-number").textContent = groupedNumber(facts.number);
    block("session-customer").textContent = facts.customer;
    block("session-computer").textContent = facts.hostname;
    block("session-computer-row").hidden = facts.hostname === "";
    block("session-ends").textContent = facts.expiresAt === null ? "" : this.#texts.clock(facts.expiresAt);
    block("session-ends-row").hidden = facts.expiresAt === null || facts.state === "ended";
    if (facts.state === "active") {
      this.#state.textContent = this.#texts.text(facts.hostOnline ? "state.active.online" : "state.active.offline");
      this.#state.dataset.tone = facts.hostOnline ? "good" : "warm";
    } else {
      this.#state.textContent = this.#texts.text(`state.${facts.state}`);
      this.#state.dataset.tone = "quiet";
    }
  }

  #renderHint(knowledge: Knowledge): void {
    let hint = "";
    if (knowledge.kind === "unknown") {
      hint = knowledge.signedOut ? this.#texts.text("hint.signed_out") : this.#texts.sentence(knowledge.code);
    } else if (knowledge.kind === "known" && knowledge.facts.state === "ended") {
      hint = this.#texts.text("status.ended_hint");
    } else if (knowledge.kind === "known" && !knowledge.own) {
      hint = this.#texts.text("hint.not_owner");
    } else if (knowledge.kind === "known" && knowledge.facts.state !== "active") {
      hint = this.#texts.text("hint.not_active");
    }
    this.#hint.textContent = hint;
    this.#hint.hidden = hint === "";
  }

  #renderError(): void {
    const pauseMs = this.#pauseMs();
    let sentence = "";
    if (pauseMs > 0) sentence = this.#texts.text("form.pause", { time: this.#texts.duration(pauseMs) });
    else if (this.#empty) sentence = this.#texts.text("form.empty");
    else if (this.#code !== null) sentence = `${this.#texts.sentence(this.#code)} (${this.#code})`;
    // Unchanged text is left alone, or a screen reader would say it again every second.
    if (this.#error.textContent !== sentence) this.#error.textContent = sentence;
    this.#error.hidden = sentence === "";
    this.#password.setAttribute("aria-invalid", String(sentence !== "" && pauseMs <= 0));
  }

  #pauseMs(): number {
    return this.#notBeforeMs === null ? 0 : this.#notBeforeMs - performance.now();
  }

  #submit(submit: (password: string) => void): void {
    if (this.#pauseMs() > 0 || this.#password.disabled) return;
    const password = this.#password.value;
    this.#empty = password === "";
    if (this.#empty) {
      this.#renderError();
      this.#password.focus();
      return;
    }
    this.#password.value = "";
    this.#reveal(false);
    this.#code = null;
    this.#renderError();
    submit(password);
  }

  #clearError(): void {
    this.#empty = false;
    this.#code = null;
    this.#renderError();
  }

  #reveal(visible: boolean): void {
    this.#password.type = visible ? "text" : "password";
    this.#show.setAttribute("aria-pressed", String(visible));
    this.#texts.label(this.#show, visible ? "form.hide" : "form.show");
  }
}
