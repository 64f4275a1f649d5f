import { expect, test } from "vitest";
import vectors from "../../tests/contract/vectors/prs.json";
import { derivePrs, newSalt } from "./prs";
import { hex, toHex } from "./testing";

test.each(vectors)("PRS of $password", async ({ password, salt, prs }) => {
  expect(toHex(await derivePrs(password, hex(salt)))).toBe(prs);
});

test("another salt gives another PRS", async () => {
  const [one, other] = await Promise.all([newSalt(), newSalt()].map((salt) => derivePrs("k7mp-3xqd", salt)));
  expect(one).not.toEqual(other);
});
