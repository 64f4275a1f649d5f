import { expect, test } from "vitest";
import { formatSecurityCode, newSecurityCode } from "./securityCode";

test("a code has nine digits, and the next one is another", () => {
  const codes = Array.from({ length: 200 }, () => newSecurityCode());
  for (const code of codes) expect(code).toMatch(/^[0-9]{9}$/);
  expect(new Set(codes).size).toBeGreaterThan(195);
});

test("zeros in front are kept", () => {
  expect(newSecurityCode(() => 42)).toBe("000000042");
});

test("values that would favour small codes are drawn again", () => {
  const draws = [2 ** 32 - 1, 4_000_000_000, 3_999_999_999];
  expect(newSecurityCode(() => draws.shift() ?? 0)).toBe("999999999");
  expect(draws).toEqual([]);
});

test("a code is shown in groups of three", () => {
  expect(formatSecurityCode("012345678")).toBe("012 345 678");
});
