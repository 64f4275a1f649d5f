import { describe, expect, test } from "vitest";
import draft from "../../tests/contract/vectors/cpace-x25519-vectors.json";
import * as cpace from "./cpace";
import { hex, toHex } from "./testing";

const VECTOR = Object.fromEntries(Object.entries(draft.G_25519).map(([name, value]) => [name, hex(value)])) as Record<
  keyof typeof draft.G_25519,
  Uint8Array
>;

/** The draft's table of low-order points: what its scalar makes of those that RFC 7748's masking lets through. */
const DRAFT_SCALAR = hex("af46e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449aff");
const DRAFT_PRODUCTS: Record<string, string> = {
  "Invalid Y6": "d8e2c776bbacd510d09fd9278b7edcd25fc5ae9adfba3b6e040e8d3b71b21806",
  "Invalid Y8": "c85c655ebe8be44ba9c0ffde69f2fe10194458d137f09bbff725ce58803cdb38",
  "Invalid Y9": "db64dafa9b8fdd136914e61461935fe92aa372cb056314e1231bc4ec12417456",
  "Invalid Y10": "e062dcd5376d58297be2618c7498f55baa07d7e03184e8aada20bca28888bf7a",
  "Invalid Y11": "993c6ad11c4c29da9a56f7691fd0ff8d732e49de6250b6c2e80003ff4629a175",
};
const POINTS = Object.entries(draft.X25519_points).map(([name, point]) => ({ name, point: hex(point) }));

describe("the draft's vectors", () => {
  test("generator", () => {
    expect(cpace.generator(VECTOR.PRS, VECTOR.CI, VECTOR.sid)).toEqual(VECTOR.g);
  });

  test("public shares of both ends", () => {
    expect(cpace.multiply(VECTOR.ya, VECTOR.g)).toEqual(VECTOR.Ya);
    expect(cpace.multiply(VECTOR.yb, VECTOR.g)).toEqual(VECTOR.Yb);
  });

  test("shared secret from both ends", () => {
    expect(cpace.multiply(VECTOR.ya, VECTOR.Yb)).toEqual(VECTOR.K);
    expect(cpace.multiply(VECTOR.yb, VECTOR.Ya)).toEqual(VECTOR.K);
  });

  test("intermediate session key", () => {
    const run = cpace.transcript(VECTOR.Ya, VECTOR.ADa, VECTOR.Yb, VECTOR.ADb);
    expect(cpace.intermediateSessionKey(VECTOR.sid, VECTOR.K, run)).toEqual(VECTOR.ISK_IR);
  });

  test.each(POINTS.filter(({ name }) => !(name in DRAFT_PRODUCTS)))("$name aborts", ({ point }) => {
    expect(() => cpace.multiply(DRAFT_SCALAR, point)).toThrow(cpace.LowOrderPoint);
  });

  test.each(POINTS.filter(({ name }) => name in DRAFT_PRODUCTS))(
    "$name gives the draft's product",
    ({ name, point }) => {
      expect(toHex(cpace.multiply(DRAFT_SCALAR, point))).toBe(DRAFT_PRODUCTS[name]);
    },
  );

  test("seven of the twelve points abort", () => {
    expect(POINTS.length - Object.keys(DRAFT_PRODUCTS).length).toBe(7);
  });
});

test.each([
  [0, "00"],
  [1, "01"],
  [127, "7f"],
  [128, "8001"],
  [16384, "808001"],
])("a length of %i is written as LEB128", (length, prefix) => {
  expect(toHex(cpace.lv(new Uint8Array(length)))).toBe(prefix + "00".repeat(length));
});

test("a point of another length is no low-order point", () => {
  expect(() => cpace.multiply(DRAFT_SCALAR, new Uint8Array(31))).toThrow(RangeError);
});
