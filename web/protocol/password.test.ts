import { expect, test } from "vitest";
import { limits } from "./generated/messages";
import { generatePassword, passwordWeakness } from "./password";

test("a generated password has 80 bits in readable groups and is taken", () => {
  for (let round = 0; round < 200; round++) {
    const password = generatePassword();
    expect(password).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}$/);
    expect(passwordWeakness(password)).toBeNull();
  }
});

test("a password can have more bits", () => {
  expect(generatePassword(128).replaceAll("-", "")).toHaveLength(26);
});

test.each([59, 501, Number.NaN])("%d bits are refused", (bits) => {
  expect(() => generatePassword(bits)).toThrow(RangeError);
});

test.each([60, 500])("%d bits give a password that is taken", (bits) => {
  expect(passwordWeakness(generatePassword(bits))).toBeNull();
});

test("every character of the alphabet occurs", () => {
  const many = Array.from({ length: 200 }, () => generatePassword()).join("");
  expect(new Set(many.replaceAll("-", "")).size).toBe(32);
});

test.each([
  ["", "too_short"],
  ["Xk7#pQ2v!", "too_short"],
  ["Xk7#pQ2v!m", null],
  ["schöne Grüße", null],
  ["1234567890", "too_simple"],
  ["abcdefghijklmnop", "too_simple"],
  ["aaaaaaaaaaaaaaaa", "too_simple"],
  ["abababababababab", "too_simple"],
  ["xkxkxkxkxkxkxkxk", "too_simple"],
  [`${"Xk7#pQ2v!m".repeat(12)}Xk7#pQ2v`, null],
  [`${"Xk7#pQ2v!m".repeat(12)}Xk7#pQ2v!`, "too_long"],
])("%s: %s", (password, weakness) => {
  expect(passwordWeakness(password)).toBe(weakness);
});

test("lengths count characters, however umlauts are composed", () => {
  const composed = "ÄÖÜßäöüé€".normalize("NFC");
  expect(Array.from(composed)).toHaveLength(limits.PASSWORD_MIN_LENGTH - 1);
  expect(passwordWeakness(composed.normalize("NFD"))).toBe("too_short");
  expect(passwordWeakness(`${composed}x`.normalize("NFD"))).toBeNull();
});
