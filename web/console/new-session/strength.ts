/**
 * How hard a session password is to guess, in bits. An estimate for people's own choices, deliberately pessimistic:
 * repeated and neighbouring characters and well-known words count for little. The server never sees the password,
 * so this page is where the minimum holds.
 */
import { passwordWeakness } from "../../protocol/password";

const MINIMUM_BITS = 45;
const STRONG_BITS = 65;
const WORD_BITS = 8;

const WORDS = [
  ...["password", "passwort", "kennwort", "geheim", "secret", "willkommen", "welcome", "hallo", "hello", "admin"],
  ...["support", "zuruf", "qwertz", "qwerty", "asdfgh", "yxcvbn", "sommer", "winter", "summer", "spring", "herbst"],
  ...[
    "montag",
    "monday",
    "freitag",
    "friday",
    "schalke",
    "berlin",
    "master",
    "dragon",
    "monkey",
    "iloveyou",
    "letmein",
  ],
];

export type Strength = "empty" | "short" | "weak" | "fair" | "strong" | "long";

export function estimateBits(password: string): number {
  let rest = password.normalize("NFC").toLowerCase();
  let bits = 0;
  for (const word of WORDS) {
    while (rest.includes(word)) {
      rest = rest.replace(word, "\u0000");
      bits += WORD_BITS;
    }
  }
  const alphabet = alphabetSize(password);
  const characters = [...rest];
  const seen = new Set<string>();
  characters.forEach((character, index) => {
    if (character === "\u0000") return;
    const before = characters[index - 1];
    bits +=
      before !== undefined && isNeighbour(before, character)
        ? 1
        : Math.log2(alphabet) * (seen.has(character) ? 0.6 : 1);
    seen.add(character);
  });
  return bits;
}

function isNeighbour(a: string, b: string): boolean {
  return Math.abs((a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)) <= 1;
}

function alphabetSize(password: string): number {
  let size = 0;
  if (/[a-z]/.test(password)) size += 26;
  if (/[A-Z]/.test(password)) size += 26;
  if (/[0-9]/.test(password)) size += 10;
  if (/[ -/:-@[-`{-~]/.test(password)) size += 33;
  if (/[^ -~]/.test(password)) size += 40;
  return Math.max(size, 2);
}

/** The protocol's minimum first (`passwordWeakness`), then the estimate. */
export function strengthOf(password: string): Strength {
  if (password === "") return "empty";
  const weakness = passwordWeakness(password);
  if (weakness === "too_short") return "short";
  if (weakness === "too_long") return "long";
  const bits = estimateBits(password);
  if (weakness === "too_simple" || bits < MINIMUM_BITS) return "weak";
  return bits < STRONG_BITS ? "fair" : "strong";
}

/** Whether the password may be used. */
export function isAcceptable(strength: Strength): boolean {
  return strength === "fair" || strength === "strong";
}
