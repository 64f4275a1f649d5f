/**
 * The pairings of this tab, one a session. They outlive the page that shows them: a technician who looks at the list
 * meanwhile keeps code and socket. A reload forgets everything, as it should.
 */
import { useSyncExternalStore } from "react";
import { limits, type Settings } from "../../protocol/generated/messages";
import { BrowserHandshake, codeSecret, pairingBinding } from "../../protocol/handshake";
import { newSecurityCode } from "../../protocol/securityCode";
import { ApiError, api, OFFLINE } from "../api/client";
import type { Me, Session } from "../api/types";
import { fromBase64Url, toBase64Url } from "./base64url";
import type { PairingState } from "./machine";
import { type PairingPorts, PairingRunner } from "./runner";
import { pairingSettings } from "./settings";
import { vault } from "./vault";

const ADDRESS = "/ws/console/pairing";

/** What a waiting page may ask of the pairing of its session. */
export interface Pairing {
  /** Tells the server that a new code is alive, makes it, and begins to listen. */
  makeCode(): Promise<void>;
  takeOver(): void;
  setPassword(password: string): void;
}

class SessionPairing implements Pairing {
  readonly runner: PairingRunner;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #making: Promise<void> | undefined;

  constructor(
    private readonly session: Session,
    private readonly me: Me,
  ) {
    this.runner = new PairingRunner(session.id, this.#ports());
    this.#unsubscribe = this.runner.subscribe(() => this.#changed());
  }

  get hasPassword(): boolean {
    return vault.read(this.session.id) !== undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  makeCode(): Promise<void> {
    // The technician's click and the app's start may come together: one code, not two of which one is dead at once.
    this.#making ??= this.#makeCode().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #makeCode(): Promise<void> {
    const { tries_left } = await api.announceCode(this.session.id);
    // Counted by this browser's clock, which need not agree with the server's.
    const expiresAt = Date.now() + limits.CODE_LIFETIME_S * 1000;
    this.runner.listenWith({ digits: newSecurityCode(), expiresAt, triesLeft: tries_left });
  }

  takeOver(): void {
    this.runner.takeOver();
  }

  setPassword(password: string): void {
    vault.keep(this.session.id, password);
    this.#changed();
  }

  close(): void {
    this.#unsubscribe();
    this.runner.close();
    vault.forget(this.session.id);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #ports(): PairingPorts {
    const { session } = this;
    return {
      ticket: async () => fromBase64Url(await api.pairingTicket(session.id)),
      openSocket: () => new WebSocket(new URL(ADDRESS, location.href.replace(/^http/, "ws"))),
      handshake: (runId, digits) => new BrowserHandshake(pairingBinding(session.id, runId), codeSecret(digits), null),
      register: async (runId, hostKey) => {
        await api.activate(session.id, runId, toBase64Url(hostKey));
      },
      settings: () => this.#settings(),
      refusalOf,
      now: Date.now,
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
      jitter: Math.random,
    };
  }

  async #settings(): Promise<Settings> {
    const password = vault.read(this.session.id);
    if (password === undefined) throw new Error("no session password in this tab");
    return pairingSettings(this.session, this.me, password);
  }
}

/** Trying again helps where nobody answered, the server was at fault, or it asked to wait. */
function refusalOf(error: unknown): { code: string; final: boolean } {
  if (!(error instanceof ApiError)) return { code: OFFLINE, final: false };
  return { code: error.code, final: error.status >= 400 && error.status < 500 && error.status !== 429 };
}

const pairings = new Map<string, SessionPairing>();

export function closePairing(sessionId: string): void {
  pairings.get(sessionId)?.close();
  pairings.delete(sessionId);
  vault.forget(sessionId);
}

export function closeAllPairings(): void {
  for (const id of [...pairings.keys()]) closePairing(id);
}

/** The pairing of this session, made when first asked for, and its state as it changes. */
export function usePairing(session: Session, me: Me): { pairing: Pairing; state: PairingState; hasPassword: boolean } {
  let pairing = pairings.get(session.id);
  if (pairing === undefined) {
    pairing = new SessionPairing(session, me);
    pairings.set(session.id, pairing);
  }
  const found: SessionPairing = pairing;
  const state = useSyncExternalStore(
    (listener) => found.subscribe(listener),
    () => found.runner.state,
  );
  const hasPassword = useSyncExternalStore(
    (listener) => found.subscribe(listener),
    () => found.hasPassword,
  );
  return { pairing: found, state, hasPassword };
}
