import { describe, expect, test } from "vitest";
import { command, deviceOf, type Facts, groupedNumber, numberIn, situationOf } from "./facts";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const facts: Facts = {
  number: "1234567890",
  company: "Muster IT GmbH",
  technician: "Jana Weber",
  locale: "de",
  state: "open",
  link_expires_at: "2026-11-24T12:00:00Z",
  download: null,
};

describe("an installation link", () => {
  test("carries the number in its path", () => {
    expect(numberIn("/join/1234567890")).toBe("1234567890");
    for (const path of ["/join/123", "/join/12345678901", "/join/123456789x", "/"]) expect(numberIn(path)).toBeNull();
  });

  test("is open until it lapses or the session ends", () => {
    expect(situationOf(200, facts, NOW).kind).toBe("open");
    expect(situationOf(200, { ...facts, state: "ended" }, NOW).kind).toBe("ended");
    expect(situationOf(200, facts, Date.parse(facts.link_expires_at)).kind).toBe("ended");
  });

  test("says what is wrong when there are no facts", () => {
    expect(situationOf(404, null, NOW).kind).toBe("unknown");
    expect(situationOf(429, null, NOW).kind).toBe("busy");
    expect(situationOf(500, null, NOW).kind).toBe("offline");
  });
});

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0", "windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "linux"],
  ["Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile", "other"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15", "other"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "other"],
])("%s is known as %s", (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});

test("the number and the command for Linux are ready to be copied", () => {
  expect(groupedNumber("1234567890")).toBe("123 456 7890");
  expect(command("https://help.example", "1234567890")).toBe(
    "zuruf-host --server https://help.example --number 1234567890",
  );
});
