/** The few requests the viewer makes (REST under /api/v1). Answers are checked; failures carry the server's code. */
import { codes, limits } from "../../../protocol/generated/messages";
import type { Bytes } from "../../../protocol/rules";
import { Failure, knownCode } from "./failure";

export interface Me {
  readonly userId: string;
  readonly locale: string;
}

export type SessionState = "prepared" | "pairing" | "active" | "ended";

/** What the viewer shows of a session. */
export interface SessionFacts {
  readonly id: string;
  readonly number: string;
  readonly state: SessionState;
  readonly customer: string;
  readonly ownerId: string;
  readonly hostOnline: boolean;
  readonly hostname: string;
  readonly expiresAt: Date | null;
}

/** Admission to one connection. */
export interface Admission {
  readonly connectionId: string;
  readonly ticket: Bytes;
  readonly relayUrl: string;
  readonly epoch: number;
  readonly hostKey: Bytes;
}

const TOOL = "remote_control";
const HOST_KEY_BYTES = 32;
const REQUEST_TIMEOUT_MS = 15_000;
const STATES: readonly string[] = ["prepared", "pairing", "active", "ended"] satisfies SessionState[];

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Requests with the browser's cookie, to the server the page came from. Every method rejects with Failure. */
export class Api {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch = (path, init) => globalThis.fetch(path, init)) {
    this.#fetch = fetch;
  }

  async me(): Promise<Me> {
    const user = record(record(await this.#request("GET", "/api/v1/auth/me")).user);
    return { userId: text(user.id), locale: text(user.locale) };
  }

  async session(id: string): Promise<SessionFacts> {
    const answer = record(await this.#request("GET", `/api/v1/sessions/${id}`));
    const state = text(answer.state);
    if (!STATES.includes(state)) throw unreadable();
    return {
      id: text(answer.id),
      number: text(answer.number),
      state: state as SessionState,
      customer: text(answer.customer_email),
      ownerId: text(record(answer.owner).id),
      hostOnline: answer.host_online === true,
      hostname: answer.host === null || answer.host === undefined ? "" : text(record(answer.host).hostname),
      expiresAt: typeof answer.expires_at === "string" ? new Date(answer.expires_at) : null,
    };
  }

  /** Asks for a connection; the server asks the host to dial the relay too. */
  async connect(id: string): Promise<Admission> {
    const answer = record(await this.#request("POST", `/api/v1/sessions/${id}/connections`, { tool: TOOL }));
    const epoch = answer.epoch;
    if (!Number.isSafeInteger(epoch)) throw unreadable();
    return {
      connectionId: text(answer.connection_id),
      ticket: base64url(text(answer.ticket), limits.TICKET_LENGTH),
      relayUrl: text(answer.relay_url),
      epoch: epoch as number,
      hostKey: base64url(text(answer.host_key), HOST_KEY_BYTES),
    };
  }

  async #request(method: string, path: string, body?: unknown): Promise<unknown> {
    const init: RequestInit = {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    };
    if (body !== undefined) {
      init.headers = { "Content-Type": "application/json" };
      init.body = JSON.stringify(body);
    }
    let response: Response;
    let answer: unknown;
    try {
      response = await this.#fetch(path, init);
      answer = await response.json().catch(() => null);
    } catch (error) {
      throw new Failure(codes.NO_CONNECTION, null, error);
    }
    if (!response.ok) throw refusal(answer);
    return answer;
  }
}

function refusal(answer: unknown): Failure {
  if (typeof answer !== "object" || answer === null || !("code" in answer) || typeof answer.code !== "string") {
    return new Failure(codes.INTERNAL);
  }
  const params = "params" in answer && typeof answer.params === "object" && answer.params !== null ? answer.params : {};
  const retry = "retry_after_s" in params && typeof params.retry_after_s === "number" ? params.retry_after_s : null;
  return new Failure(knownCode(answer.code), retry);
}

function unreadable(): Failure {
  return new Failure(codes.INTERNAL);
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable();
  return value as Record<string, unknown>;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw unreadable();
  return value;
}

function base64url(value: string, length: number): Bytes {
  let binary: string;
  try {
    binary = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw unreadable();
  }
  if (binary.length !== length) throw unreadable();
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
