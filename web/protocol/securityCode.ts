/** The security code: nine digits made in the technician's browser. It is never sent anywhere. */
import { limits } from "./generated/messages";

const CODES = 10 ** limits.CODE_DIGITS;
const UNBIASED_BELOW = Math.floor(2 ** 32 / CODES) * CODES;

/** A fresh code, every one equally likely. `random` is for tests: 32 random bits. */
export function newSecurityCode(random: () => number = random32): string {
  let value = random();
  while (value >= UNBIASED_BELOW) value = random();
  return String(value % CODES).padStart(limits.CODE_DIGITS, "0");
}

/** As it is shown and read out: `123 456 789`. */
export function formatSecurityCode(code: string): string {
  return code.replace(/(\d{3})(?=\d)/g, "$1 ");
}

function random32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
