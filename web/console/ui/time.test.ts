import { expect, test } from "vitest";
import { i18n, type Translate } from "../i18n";
import { inWords, minutesAndSeconds } from "./time";

const t: Translate = (id, values) => i18n._(id, values);

test("a countdown shows minutes and seconds and stops at zero", () => {
  expect(minutesAndSeconds(598_000)).toBe("9:58");
  expect(minutesAndSeconds(1)).toBe("0:01");
  expect(minutesAndSeconds(-5)).toBe("0:00");
});

test("a duration is told in its largest units", () => {
  expect(inWords(t, 86_340_000)).toBe("23 h 59 min");
  expect(inWords(t, 86_400_000)).toBe("24 h");
  expect(inWords(t, 61_000)).toBe("1 min");
  expect(inWords(t, 40_000)).toBe("40 s");
});
