import { expect, test } from "vitest";
import { fates } from "./receipt";

const facts = { reason: "technician", by: "technician", at: "2026-11-23T12:00:00Z" };

test("everything that was installed has been removed, is being finished, or is still there", () => {
  const installed = ["program folder", "service", "scheduled task"];
  const found = fates({ ...facts, installed, removed: ["service"], finishing: ["program folder"] });
  expect(found.map(({ label, fate }) => [label, fate])).toEqual([
    ["program folder", "finishing"],
    ["service", "removed"],
    ["scheduled task", "left"],
  ]);
});

test("two things of one name need two removals", () => {
  const found = fates({ ...facts, installed: ["file", "file"], removed: ["file"], finishing: [] });
  expect(found.map(({ fate }) => fate)).toEqual(["removed", "left"]);
  expect(new Set(found.map(({ key }) => key)).size).toBe(2);
});
