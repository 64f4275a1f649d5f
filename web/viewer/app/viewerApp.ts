/**
 * Joins the parts: what the lifecycle decides happens here, and what happens here is told to it. Reads the session,
 * asks for the password, connects, and connects again.
 */
import { codes } from "../../protocol/generated/messages";
import type { Api, Me } from "../core/connection/api";
import { openConnection, type Surroundings } from "../core/connection/connect";
import { Failure, failureOf } from "../core/connection/failure";
import { ConnectionLifecycle, type LifecycleCommand, type LifecycleEvent } from "../core/connection/lifecycle";
import { SessionSecret } from "../core/connection/secret";
import { isLanguage } from "./dictionary";
import { block, link } from "./dom";
import { Notice } from "./notice";
import { SessionForm } from "./sessionForm";
import { Stage } from "./stage";
import { groupedNumber, type Texts } from "./texts";

/** How often the page before the picture looks at its session. */
const SESSION_REFRESH_MS = 5000;
const COUNTDOWN_MS = 1000;

export class ViewerApp {
  readonly #sessionId: string;
  readonly #surroundings: Surroundings;
  readonly #texts: Texts;
  readonly #lifecycle = new ConnectionLifecycle();
  readonly #form: SessionForm;
  readonly #notice: Notice;
  readonly #stage: Stage;
  readonly #languageChosen: boolean;
  #secret: SessionSecret | null = null;
  #attempt: AbortController | null = null;
  #wake = 0;
  #countdown = 0;
  #me: Me | null = null;
  #focusPassword = true;

  /**
   * @param languageChosen whether the address names the language; otherwise the user's profile decides
   */
  constructor(sessionId: string, surroundings: Surroundings, texts: Texts, languageChosen: boolean) {
    this.#sessionId = sessionId;
    this.#surroundings = surroundings;
    this.#texts = texts;
    this.#languageChosen = languageChosen;
    this.#form = new SessionForm(texts, (password) => this.#submit(password));
    this.#notice = new Notice(texts, {
      retryNow: () => this.#handle({ kind: "retry_now" }),
      leave: () => this.#leave(),
    });
    this.#stage = new Stage(texts, {
      lost: (failure) => this.#handle({ kind: "failed", failure }),
      disconnect: () => this.#leave(),
    });
    for (const id of ["console-link", "notice-console"]) link(id).href = `/console/sessions/${sessionId}`;
    texts.onChange(() => this.#render());
    window.addEventListener("online", () => this.#handle({ kind: "retry_now" }));
    window.addEventListener("pagehide", () => this.#forget());
  }

  /** Shows the page and begins to look at the session. */
  async start(): Promise<void> {
    this.#render();
    await this.#look();
    window.setInterval(() => {
      if (this.#lifecycle.phase.name === "asking" && !document.hidden) void this.#look();
    }, SESSION_REFRESH_MS);
  }

  async #look(): Promise<void> {
    const api: Api = this.#surroundings.api;
    try {
      this.#me ??= await this.#signedIn(api);
      const facts = await api.session(this.#sessionId);
      this.#form.know({ kind: "known", facts, own: facts.ownerId === this.#me.userId });
      this.#stage.toolbar.setSession(groupedNumber(facts.number), facts.customer);
      document.title = `${groupedNumber(facts.number)} · ${this.#texts.text("app.title")} · Zuruf`;
      if (this.#focusPassword && facts.state === "active") {
        this.#focusPassword = false;
        this.#form.focus();
      }
    } catch (error) {
      const { code } = failureOf(error);
      const signedOut = code === codes.NOT_SIGNED_IN;
      if (signedOut) this.#me = null;
      this.#form.know({ kind: "unknown", code, signedOut });
    }
  }

  async #signedIn(api: Api): Promise<Me> {
    const me = await api.me();
    if (!this.#languageChosen && isLanguage(me.locale)) this.#texts.choose(me.locale);
    return me;
  }

  #submit(password: string): void {
    this.#secret = new SessionSecret(password);
    this.#handle({ kind: "submit" });
  }

  #leave(): void {
    this.#handle({ kind: "disconnect" });
    this.#stage.clear();
    block("status").textContent = this.#texts.text("status.disconnected");
    this.#focusPassword = true;
    void this.#look();
  }

  #handle(event: LifecycleEvent): void {
    const before = this.#lifecycle.phase;
    const commands = this.#lifecycle.handle(event, performance.now());
    const { phase } = this.#lifecycle;
    for (const command of commands) this.#do(command);
    if (phase === before) return;
    if (phase.name === "ended" || phase.name === "stopped" || phase.name === "signed_out") this.#stage.clear();
    this.#render();
    block("status").textContent = this.#notice.announcement(phase);
    if (phase.name === "asking") this.#backToForm();
    else if (phase.name !== "connected") this.#notice.focus();
  }

  #backToForm(): void {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    this.#form.focus();
  }

  #do(command: LifecycleCommand): void {
    switch (command.kind) {
      case "connect":
        void this.#connect();
        return;
      case "close":
        this.#attempt?.abort();
        this.#stage.detach(new Failure(codes.PEER_LEFT));
        return;
      case "wake": {
        window.clearTimeout(this.#wake);
        const pauseMs = Math.max(0, command.atMs - performance.now());
        this.#wake = window.setTimeout(() => this.#handle({ kind: "time" }), pauseMs);
        return;
      }
      case "forget_secret":
        this.#forget();
    }
  }

  async #connect(): Promise<void> {
    const secret = this.#secret;
    const attempt = new AbortController();
    this.#attempt = attempt;
    window.clearTimeout(this.#wake);
    try {
      if (secret === null) throw new Failure(codes.WRONG_PASSWORD);
      const connection = await openConnection(this.#surroundings, this.#sessionId, secret, attempt.signal);
      if (attempt.signal.aborted) {
        connection.socket.close(new Failure(codes.PEER_LEFT));
        return;
      }
      this.#handle({ kind: "opened" });
      this.#stage.attach(connection);
    } catch (error) {
      if (!attempt.signal.aborted) this.#handle({ kind: "failed", failure: failureOf(error) });
    }
  }

  #forget(): void {
    this.#secret?.forget();
    this.#secret = null;
  }

  #render(): void {
    const { phase } = this.#lifecycle;
    this.#texts.apply(document);
    for (const item of document.querySelectorAll<HTMLElement>("[data-language]")) {
      item.setAttribute("aria-pressed", String(item.dataset.language === this.#texts.language));
    }
    document.body.dataset.view = phase.name === "asking" ? "form" : "stage";
    this.#form.ask(phase.name === "asking" ? phase.code : null, phase.name === "asking" ? phase.notBeforeMs : null);
    this.#notice.render(phase, performance.now());
    this.#stage.render();
    window.clearInterval(this.#countdown);
    const counting = phase.name === "waiting" || (phase.name === "asking" && phase.notBeforeMs !== null);
    if (counting) this.#countdown = window.setInterval(() => this.#count(), COUNTDOWN_MS);
  }

  #count(): void {
    this.#notice.render(this.#lifecycle.phase, performance.now());
    this.#form.render();
  }
}
