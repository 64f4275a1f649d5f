import { describe, expect, test } from "vitest";
import { generatePassword } from "../../protocol/password";
import { estimateBits, isAcceptable, strengthOf } from "./strength";

describe("the strength of a session password", () => {
  test("takes what the generator makes as strong", () => {
    for (let i = 0; i < 200; i++) expect(strengthOf(generatePassword())).toBe("strong");
  });

  test.each(["aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "1234567890123", "Passwort1234", "Sommer2026!", "qwertzqwertz"])(
    "refuses %s",
    (password) => {
      expect(strengthOf(password)).toBe("weak");
      expect(isAcceptable("weak")).toBe(false);
    },
  );

  test("names what is missing", () => {
    expect(strengthOf("")).toBe("empty");
    expect(strengthOf("k7mp-3xqd")).toBe("short");
    expect(strengthOf("x7Q-".repeat(40))).toBe("long");
  });

  test("grows with length", () => {
    expect(estimateBits("k7mp3xqdvw")).toBeGreaterThan(estimateBits("k7mp3xqd"));
  });
});
