/** PRS, the secret of a connection, from the session password (docs/protocol.md, Connecting). Needs WebCrypto. */
import { limits } from "./generated/messages";
import type { Bytes } from "./rules";

/** A fresh salt of 16 bytes, made once a pairing. */
export function newSalt(): Bytes {
  return crypto.getRandomValues(new Uint8Array(limits.SALT_LENGTH));
}

/** PRS, 64 bytes: PBKDF2-HMAC-SHA-512 of the password in NFC. Takes about a tenth of a second. */
export async function derivePrs(password: string, salt: Uint8Array): Promise<Bytes> {
  const secret = new TextEncoder().encode(password.normalize("NFC"));
  const key = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const algorithm = {
    name: "PBKDF2",
    hash: "SHA-512",
    salt: Uint8Array.from(salt),
    iterations: limits.PRS_PBKDF2_ROUNDS,
  };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, limits.PRS_LENGTH * 8));
}
