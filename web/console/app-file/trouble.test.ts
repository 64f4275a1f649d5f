import { expect, test } from "vitest";
import { anApp } from "../testing";
import { blocks, troubleOf } from "./trouble";

test("a signed app for this server is no trouble", () => {
  expect(troubleOf(anApp())).toBeNull();
});

test.each([
  [anApp({ state: "missing", facts: null }), "missing", true],
  [anApp({ state: "damaged", facts: null }), "damaged", true],
  [anApp({ state: "other_server" }), "otherServer", true],
  [anApp({ state: "too_old" }), "tooOld", true],
  [anApp({ facts: { signed: false, publisher: "" } }), "unsigned", false],
  [anApp({ facts: { signed: true, development: true } }), "development", false],
  [anApp({ facts: { signed: false, development: true } }), "development", false],
] as const)("says what is wrong and whether customers get an app at all (%#)", (app, trouble, blocking) => {
  expect(troubleOf(app)).toBe(trouble);
  expect(blocks(trouble)).toBe(blocking);
});
