import { expect, test } from "vitest";
import { ApiError } from "../api/client";
import { i18n, type Translate } from "../i18n";
import { explain, sentenceOf } from "./sentences";

const t: Translate = (id, values) => i18n._(id, values);

test("an unknown error gets the general sentence and never its own text", () => {
  expect(explain(t, new Error("secret at line 3"))).toEqual({ code: "ZRF-903", sentence: sentenceOf(t, "ZRF-903") });
  expect(sentenceOf(t, "ZRF-777")).toBe(sentenceOf(t, "ZRF-903"));
});

test("a pause is told in whole minutes", () => {
  expect(explain(t, new ApiError("ZRF-103", 429, { retry_after_s: 170 })).sentence).toContain("3 minutes");
  expect(explain(t, new ApiError("ZRF-103", 429)).sentence).toContain("a minute");
});
