/**
 * What the viewer does about its connection: ask, connect, wait, connect again, stop. Events in, commands out; times
 * are milliseconds of a clock that does not jump. No sockets, no timers, no page.
 *
 *     asking ──submit──▶ connecting ──opened──▶ connected
 *        ▲                 │    ▲                  │ failed
 *        └──wrong password─┤    └──time──waiting ◀─┤
 *                          └──────▶ stopped · ended · signed_out
 */
import { codes } from "../../../protocol/generated/messages";
import { type Failure, verdictOn } from "./failure";

/** After so many wrong passwords in a row the browser takes none for a while; the host has its own limits. */
export const WRONG_PASSWORDS_MAX = 5;
export const WRONG_PASSWORD_PAUSE_MS = 60_000;

/** Pauses between tries; the last one repeats. */
const BACKOFF_MS: readonly number[] = [300, 1000, 2000, 4000, 8000, 15_000];
/** A connection shorter than this does not count as one: the pauses go on growing. */
const STABLE_MS = 10_000;
/** Nobody's word makes the viewer wait longer than this. */
const RETRY_AFTER_MAX_S = 3600;

export type Phase =
  | { readonly name: "asking"; readonly code: string | null; readonly notBeforeMs: number | null }
  | { readonly name: "connecting"; readonly again: boolean }
  | { readonly name: "connected" }
  | { readonly name: "waiting"; readonly code: string; readonly untilMs: number; readonly again: boolean }
  | { readonly name: "stopped"; readonly code: string }
  | { readonly name: "ended" }
  | { readonly name: "signed_out" };

export type LifecycleEvent =
  | { readonly kind: "submit" }
  | { readonly kind: "opened" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "time" }
  | { readonly kind: "retry_now" }
  | { readonly kind: "disconnect" };

export type LifecycleCommand =
  | { readonly kind: "connect" }
  | { readonly kind: "close" }
  | { readonly kind: "wake"; readonly atMs: number }
  | { readonly kind: "forget_secret" };

const CONNECT: LifecycleCommand = { kind: "connect" };
const CLOSE: LifecycleCommand = { kind: "close" };
const FORGET: LifecycleCommand = { kind: "forget_secret" };

export class ConnectionLifecycle {
  readonly #random: () => number;
  #phase: Phase = { name: "asking", code: null, notBeforeMs: null };
  #tries = 0;
  #wrongPasswords = 0;
  #openedAtMs: number | null = null;

  /** @param random for the jitter, 0 to 1 */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether there was a picture before: the sentence is then *reconnecting*. */
  get #again(): boolean {
    return this.#openedAtMs !== null;
  }

  handle(event: LifecycleEvent, nowMs: number): readonly LifecycleCommand[] {
    switch (event.kind) {
      case "submit":
        return this.#submit(nowMs);
      case "opened":
        return this.#opened(nowMs);
      case "failed":
        return this.#failed(event.failure, nowMs);
      case "time":
        return this.#time(nowMs);
      case "retry_now":
        return this.#phase.name === "waiting" ? this.#connect() : [];
      case "disconnect":
        return this.#disconnect();
    }
  }

  #submit(nowMs: number): readonly LifecycleCommand[] {
    const phase = this.#phase;
    if (phase.name !== "asking" || (phase.notBeforeMs !== null && nowMs < phase.notBeforeMs)) return [FORGET];
    this.#tries = 0;
    return this.#connect();
  }

  #opened(nowMs: number): readonly LifecycleCommand[] {
    if (this.#phase.name !== "connecting") return [CLOSE];
    this.#phase = { name: "connected" };
    this.#openedAtMs = nowMs;
    this.#wrongPasswords = 0;
    return [];
  }

  #failed(failure: Failure, nowMs: number): readonly LifecycleCommand[] {
    const phase = this.#phase;
    if (phase.name !== "connecting" && phase.name !== "connected") return [];
    if (phase.name === "connected" && nowMs - (this.#openedAtMs as number) >= STABLE_MS) this.#tries = 0;
    const verdict = verdictOn(failure);
    if (verdict === "password") return this.#wrongPassword(nowMs);
    if (verdict === "retry") return this.#wait(failure, nowMs);
    this.#phase = verdict === "stopped" ? { name: "stopped", code: failure.code } : { name: verdict };
    return [FORGET];
  }

  #wrongPassword(nowMs: number): readonly LifecycleCommand[] {
    this.#wrongPasswords += 1;
    const pause = this.#wrongPasswords % WRONG_PASSWORDS_MAX === 0;
    const notBeforeMs = pause ? nowMs + WRONG_PASSWORD_PAUSE_MS : null;
    this.#phase = { name: "asking", code: codes.WRONG_PASSWORD, notBeforeMs };
    return notBeforeMs === null ? [FORGET] : [FORGET, { kind: "wake", atMs: notBeforeMs }];
  }

  #wait(failure: Failure, nowMs: number): readonly LifecycleCommand[] {
    const untilMs = nowMs + this.#pauseMs(failure);
    this.#tries += 1;
    this.#phase = { name: "waiting", code: failure.code, untilMs, again: this.#again };
    return [{ kind: "wake", atMs: untilMs }];
  }

  #pauseMs(failure: Failure): number {
    const backoff = BACKOFF_MS[Math.min(this.#tries, BACKOFF_MS.length - 1)] as number;
    const jittered = backoff * (0.75 + this.#random() / 2);
    const told = Math.min(failure.retryAfterS ?? 0, RETRY_AFTER_MAX_S) * 1000;
    return told > 0 ? told + jittered : jittered;
  }

  #time(nowMs: number): readonly LifecycleCommand[] {
    const phase = this.#phase;
    if (phase.name === "waiting") {
      return nowMs >= phase.untilMs ? this.#connect() : [{ kind: "wake", atMs: phase.untilMs }];
    }
    if (phase.name === "asking" && phase.notBeforeMs !== null) {
      if (nowMs < phase.notBeforeMs) return [{ kind: "wake", atMs: phase.notBeforeMs }];
      this.#phase = { name: "asking", code: null, notBeforeMs: null };
    }
    return [];
  }

  #connect(): readonly LifecycleCommand[] {
    this.#phase = { name: "connecting", again: this.#again };
    return [CONNECT];
  }

  /** Back to the form, from wherever; the session goes on. */
  #disconnect(): readonly LifecycleCommand[] {
    const phase = this.#phase;
    if (phase.name === "asking") return [];
    this.#phase = { name: "asking", code: null, notBeforeMs: null };
    this.#openedAtMs = null;
    this.#tries = 0;
    return [CLOSE, FORGET];
  }
}
