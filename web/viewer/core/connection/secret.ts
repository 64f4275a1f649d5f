/** The session password's way through memory: typed, turned into PRS once, wiped. Never stored anywhere. */
import { derivePrs } from "../../../protocol/prs";
import type { Bytes } from "../../../protocol/rules";

/**
 * Knows the password until the host's salt is known, and from then on PRS, which opens this session only. Reconnecting
 * needs no password as long as the host keeps its salt.
 */
export class SessionSecret {
  #password: string | null;
  #salt: Bytes | null = null;
  #prs: Bytes | null = null;

  constructor(password: string) {
    this.#password = password;
  }

  /** PRS for this salt; null when the salt is another one and the password is gone: it must be asked for. */
  async prsFor(salt: Bytes): Promise<Bytes | null> {
    if (this.#prs !== null && this.#salt !== null && sameBytes(this.#salt, salt)) return this.#prs;
    if (this.#password === null) return null;
    this.#wipe();
    this.#prs = await derivePrs(this.#password, salt);
    this.#salt = salt.slice();
    return this.#prs;
  }

  /** The host proved the same secret: the password itself is not needed any more. */
  confirmed(): void {
    this.#password = null;
  }

  /** Forgets everything. A string cannot be overwritten in JavaScript; PRS is. */
  forget(): void {
    this.#password = null;
    this.#wipe();
  }

  #wipe(): void {
    this.#prs?.fill(0);
    this.#prs = null;
    this.#salt = null;
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
