import { beforeEach, expect, test } from "vitest";
import { vault } from "./vault";

beforeEach(() => vault.forgetAll());

test("a password is kept for its session until it is forgotten", () => {
  vault.keep("a", "k7mp-3xqd");
  expect(vault.read("a")).toBe("k7mp-3xqd");
  expect(vault.read("b")).toBeUndefined();
  vault.forget("a");
  expect(vault.read("a")).toBeUndefined();
});

test("whoever signs in next does not find the passwords of another", () => {
  expect(vault.belongsTo("jana")).toBe(false);
  vault.keep("a", "k7mp-3xqd");
  expect(vault.belongsTo("jana")).toBe(false);
  expect(vault.read("a")).toBe("k7mp-3xqd");
  expect(vault.belongsTo("tom")).toBe(true);
  expect(vault.read("a")).toBeUndefined();
});
