/**
 * The browser's half of the exchange that pairing and connecting share, sans-I/O: messages in, messages out
 * (docs/protocol.md, CPace). The host's half is `zuruf/protocol/handshake.py`.
 *
 *     accept(HostOffer) → BrowserAnswer · verify(HostConfirm) → Keys · confirm(Settings) → BrowserConfirm
 *
 * A try is spent when `verify` throws WrongSecret, and when `confirm` went out and no activation came back. Every
 * error is final for its exchange.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { settings as settingsCodec } from "./codec";
import * as cpace from "./cpace";
import {
  type BrowserAnswer,
  type BrowserConfirm,
  type HostConfirm,
  type HostOffer,
  limits,
  PROTOCOL_VERSION,
  type Settings,
} from "./generated/messages";
import type { Bytes } from "./rules";

const VERSION = String(PROTOCOL_VERSION);
const SEAL_NONCE_BYTES = 12;
const SEAL_DATA = Uint8Array.from(utf8ToBytes("zuruf settings"));

/** The exchange is over without a key: wrong secret, altered or misplaced message. Text for logs only. */
export class HandshakeError extends Error {
  override readonly name: string = "HandshakeError";
}

/** The host does not know the secret (or somebody altered a message): a try is spent. */
export class WrongSecret extends HandshakeError {
  override readonly name = "WrongSecret";
}

/** The host speaks another version of this protocol; nothing was tried. */
export class VersionMismatch extends HandshakeError {
  override readonly name = "VersionMismatch";
  readonly version: number;

  constructor(version: number) {
    super(`protocol ${version}, expected ${PROTOCOL_VERSION}`);
    this.version = version;
  }
}

/** What both ends must agree on beside the secret. */
export interface Binding {
  readonly purpose: "pairing" | "connecting";
  readonly sessionId: string;
  /** Pairing run or connection. */
  readonly runId: string;
  /** Empty when pairing. */
  readonly tool: string;
  /** 0 when pairing. */
  readonly epoch: number;
}

/** The binding of one pairing run. */
export function pairingBinding(sessionId: string, runId: string): Binding {
  return { purpose: "pairing", sessionId, runId, tool: "", epoch: 0 };
}

/** The binding of one connection. */
export function connectingBinding(sessionId: string, connectionId: string, tool: string, epoch: number): Binding {
  return { purpose: "connecting", sessionId, runId: connectionId, tool, epoch };
}

/** The secret of a pairing: the code's digits as ASCII. */
export function codeSecret(code: string): Uint8Array {
  return utf8ToBytes(code);
}

/** The draft's CI and sid of a binding. */
export function identifiers(binding: Binding): { readonly ci: Uint8Array; readonly sid: Uint8Array } {
  const texts = (...parts: string[]) => cpace.lvCat(...parts.map(utf8ToBytes));
  const { purpose, sessionId, runId, tool, epoch } = binding;
  const name = texts("zuruf sid", VERSION, purpose, sessionId, runId, tool, String(epoch));
  return { ci: texts("zuruf", VERSION, purpose), sid: sha512(name).slice(0, 32) };
}

/** The key schedule of one finished exchange. */
export interface Keys {
  readonly macHost: Bytes;
  readonly macBrowser: Bytes;
  /** AES-256 key of records from the host to the browser. */
  readonly host: Bytes;
  /** AES-256 key of records from the browser to the host. */
  readonly browser: Bytes;
  readonly seal: Bytes;
}

/** Every key of an exchange, by its label. */
export function deriveKeys(isk: Uint8Array, sid: Uint8Array): Keys {
  const key = (label: string, length: number) => Uint8Array.from(hkdf(sha512, isk, sid, utf8ToBytes(label), length));
  return {
    macHost: key("zuruf mac host", 64),
    macBrowser: key("zuruf mac browser", 64),
    host: key("zuruf key host", 32),
    browser: key("zuruf key browser", 32),
    seal: key("zuruf key seal", 32),
  };
}

/** Encrypts the settings under the paired key. Used once a key, so the nonce is constant. */
export async function sealSettings(keys: Keys, settings: Settings): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", keys.seal, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(SEAL_NONCE_BYTES), additionalData: SEAL_DATA };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, settingsCodec.encode(settings)));
}

type State = "new" | "waiting" | "confirming" | "done" | "failed";

/** The browser's half (responder). */
export class BrowserHandshake {
  readonly #binding: Binding;
  readonly #expectedHostKey: Uint8Array | null;
  readonly #scalar: Uint8Array;
  readonly #generator: Uint8Array;
  readonly #sid: Uint8Array;
  #state: State = "new";
  #transcript: Uint8Array = new Uint8Array();
  #keys: Keys | null = null;

  /**
   * @param secret the code's digits (`codeSecret`), or PRS (`derivePrs`)
   * @param expectedHostKey known from pairing when connecting; null when pairing
   * @param scalar only for golden vectors
   */
  constructor(
    binding: Binding,
    secret: Uint8Array,
    expectedHostKey: Uint8Array | null,
    scalar: Uint8Array = cpace.newScalar(),
  ) {
    if ((expectedHostKey === null) !== (binding.purpose === "pairing")) {
      throw new TypeError("the host's key is known when connecting, and only then");
    }
    const { ci, sid } = identifiers(binding);
    this.#binding = binding;
    this.#expectedHostKey = expectedHostKey;
    this.#scalar = scalar;
    this.#sid = sid;
    this.#generator = cpace.generator(secret, ci, sid);
  }

  /**
   * The answer to the offer. Throws VersionMismatch; HandshakeError for another host key, a salt of the wrong
   * length, a low-order point.
   */
  accept(offer: HostOffer): BrowserAnswer {
    this.#expect("new");
    if (offer.protocol !== PROTOCOL_VERSION) throw new VersionMismatch(offer.protocol);
    if (offer.salt.length !== (this.#binding.purpose === "pairing" ? 0 : limits.SALT_LENGTH)) {
      throw new HandshakeError(`salt of ${offer.salt.length} bytes`);
    }
    if (this.#expectedHostKey !== null && !equal(offer.host_key, this.#expectedHostKey)) {
      throw new HandshakeError("another host's key");
    }
    const yb = Uint8Array.from(cpace.multiply(this.#scalar, this.#generator));
    const k = this.#sharedSecret(offer.ya);
    const adHost = cpace.lvCat(utf8ToBytes("host"), offer.host_key);
    this.#transcript = cpace.transcript(offer.ya, adHost, yb, cpace.lvCat(utf8ToBytes("browser")));
    this.#keys = deriveKeys(cpace.intermediateSessionKey(this.#sid, k, this.#transcript), this.#sid);
    this.#state = "waiting";
    return { t: "browser_answer", yb };
  }

  /** Checks the host's proof and returns the keys. Throws WrongSecret: a try is spent. */
  verify(message: HostConfirm): Keys {
    const keys = this.#expect("waiting");
    if (!equal(hmac(sha512, keys.macHost, this.#transcript), message.mac)) {
      throw new WrongSecret("host's proof is wrong");
    }
    this.#state = "confirming";
    return keys;
  }

  /** The browser's proof, with the sealed settings when pairing (and only then). */
  async confirm(settings: Settings | null): Promise<BrowserConfirm> {
    if ((settings !== null) !== (this.#binding.purpose === "pairing")) {
      throw new TypeError("settings belong to pairing, and pairing needs settings");
    }
    const keys = this.#expect("confirming");
    const sealed = settings === null ? new Uint8Array() : await sealSettings(keys, settings);
    const mac = hmac(sha512, keys.macBrowser, concatBytes(this.#transcript, cpace.lv(sealed)));
    this.#state = "done";
    return { t: "browser_confirm", mac: Uint8Array.from(mac), sealed };
  }

  #expect(state: "new"): null;
  #expect(state: "waiting" | "confirming"): Keys;
  #expect(state: State): Keys | null {
    // Failed until the step that called this has succeeded: no error leaves an exchange that could go on.
    const present = this.#state;
    this.#state = "failed";
    if (present !== state) throw new HandshakeError(`out of turn: ${present}`);
    return this.#keys;
  }

  #sharedSecret(ya: Uint8Array): Uint8Array {
    try {
      return cpace.multiply(this.#scalar, ya);
    } catch (error) {
      throw new HandshakeError("low-order point", { cause: error });
    }
  }
}

/** Compares without stopping at the first difference. */
function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
