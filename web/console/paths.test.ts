import { expect, test } from "vitest";
import { safeReturn } from "./paths";

test("signing in leads back to a page of the console and nowhere else", () => {
  expect(safeReturn("/console/sessions/1f-2")).toBe("/console/sessions/1f-2");
  for (const next of [
    null,
    "https://evil.example/console",
    "//evil.example",
    "/console/../x",
    "/console/sign-in",
    "/consolex",
  ]) {
    expect(safeReturn(next)).toBe("/console");
  }
});
