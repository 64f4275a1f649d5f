/** Session passwords: a generator, and the minimum a technician's own must meet. Not for sign-in passwords. */
import { limits } from "./generated/messages";

/** 32 characters, five bits each; without l, o, 0 and 1, which look like others. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const BITS_PER_CHARACTER = 5;
const GROUP = 4;
const BITS_MIN = 60;
const BITS_MAX = 500;

/**
 * A random password of at least so many bits, in groups of four: `k7mp-3xqd-…`. The hyphens belong to it.
 * Throws RangeError for a number of bits that cannot meet `passwordWeakness`.
 */
export function generatePassword(bits = 80): string {
  if (!(bits >= BITS_MIN && bits <= BITS_MAX)) throw new RangeError(`${bits} bits`);
  let password = randomGroups(bits);
  while (passwordWeakness(password) !== null) password = randomGroups(bits);
  return password;
}

function randomGroups(bits: number): string {
  const random = crypto.getRandomValues(new Uint8Array(Math.ceil(bits / BITS_PER_CHARACTER)));
  const characters = Array.from(random, (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  const groups: string[] = [];
  for (let start = 0; start < characters.length; start += GROUP) {
    groups.push(characters.slice(start, start + GROUP).join(""));
  }
  return groups.join("-");
}

/** Why a password is not taken; null when it is. */
export type PasswordWeakness = "too_short" | "too_long" | "too_simple";

/** Checks a password against the protocol's minimum. Lengths count code points after NFC, as `derivePrs` reads it. */
export function passwordWeakness(password: string): PasswordWeakness | null {
  const points = Array.from(password.normalize("NFC"), (character) => character.codePointAt(0) as number);
  if (points.length < limits.PASSWORD_MIN_LENGTH) return "too_short";
  if (points.length > limits.PASSWORD_MAX_LENGTH) return "too_long";
  const unpredictable = points.filter((point, i) => i === 0 || Math.abs(point - (points[i - 1] as number)) > 1);
  return new Set(unpredictable).size < limits.PASSWORD_MIN_UNPREDICTABLE ? "too_simple" : null;
}
