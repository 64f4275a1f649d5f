/** What can go wrong with a connection, and what that means for the next step. Sentences: `app/dictionary.ts`. */
import { ChannelError } from "../../../protocol/channel";
import { ProtocolError } from "../../../protocol/codec";
import { closeCodes, codes } from "../../../protocol/generated/messages";
import { HandshakeError, VersionMismatch, WrongSecret } from "../../../protocol/handshake";

/** Why a connection was not made or is no more. `code` is a `ZRF-…` code; the rest is for logs. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: string;
  /** Seconds before another try makes sense, where somebody said so. */
  readonly retryAfterS: number | null;

  constructor(code: string, retryAfterS: number | null = null, cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * What to do: try again without asking, ask for the password, wait for somebody's decision, sign in, or nothing
 * because the session is over.
 */
export type Verdict = "retry" | "password" | "stopped" | "signed_out" | "ended";

const RETRY: ReadonlySet<string> = new Set([
  codes.TOO_MANY_ATTEMPTS,
  codes.TICKET_INVALID,
  codes.HOST_OFFLINE,
  codes.PASSWORD_PAUSE,
  codes.PEER_LEFT,
  codes.NO_CONNECTION,
  codes.NO_SCREEN,
  codes.INTERNAL,
]);

export function verdictOn(failure: Failure): Verdict {
  if (failure.code === codes.NOT_SIGNED_IN) return "signed_out";
  if (failure.code === codes.WRONG_PASSWORD) return "password";
  if (failure.code === codes.SESSION_ENDED) return "ended";
  return RETRY.has(failure.code) ? "retry" : "stopped";
}

const KNOWN_CODES: ReadonlySet<string> = new Set(Object.values(codes));

/** A code that came from the other end; anything that is no code of ours becomes `INTERNAL`. */
export function knownCode(code: string): string {
  return KNOWN_CODES.has(code) ? code : codes.INTERNAL;
}

const BY_CLOSE_CODE: ReadonlyMap<number, string> = new Map([
  [closeCodes.MALFORMED, codes.MALFORMED_MESSAGE],
  [closeCodes.NOT_ADMITTED, codes.TICKET_INVALID],
  [closeCodes.WRONG_ORIGIN, codes.WRONG_ORIGIN],
  [closeCodes.PARTNER_MISSING, codes.HOST_OFFLINE],
  [closeCodes.REPLACED, codes.PEER_LEFT],
  [closeCodes.SESSION_ENDED, codes.SESSION_ENDED],
  [closeCodes.TOO_LARGE, codes.MESSAGE_TOO_LARGE],
  [closeCodes.TOO_MANY, codes.TOO_MANY_ATTEMPTS],
  [closeCodes.PARTNER_LEFT, codes.PEER_LEFT],
]);

/** What a socket's end means. With NOT_ADMITTED the relay gives the host's refusal as the reason. */
export function closeFailure(closeCode: number, reason: string): Failure {
  if (closeCode === closeCodes.NOT_ADMITTED && reason !== "") return new Failure(knownCode(reason));
  return new Failure(BY_CLOSE_CODE.get(closeCode) ?? codes.NO_CONNECTION);
}

/** Anything thrown on the way, as a failure. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof WrongSecret) return new Failure(codes.WRONG_PASSWORD, null, error);
  if (error instanceof VersionMismatch) return new Failure(codes.APP_TOO_OLD, null, error);
  if (error instanceof HandshakeError) return new Failure(codes.HANDSHAKE_BROKEN, null, error);
  if (error instanceof ProtocolError || error instanceof ChannelError) {
    return new Failure(codes.MALFORMED_MESSAGE, null, error);
  }
  return new Failure(codes.INTERNAL, null, error);
}
