import { describe, expect, it } from "vitest";
import { derivePrs } from "../../../protocol/prs";
import type { Bytes } from "../../../protocol/rules";
import { SessionSecret } from "./secret";

const SALT = Uint8Array.from({ length: 16 }, (_, i) => i);
const OTHER_SALT = new Uint8Array(16);

describe("SessionSecret", () => {
  it("derives PRS once for a salt and keeps it after the password is gone", async () => {
    const secret = new SessionSecret("correct horse battery");
    const prs = await secret.prsFor(SALT);
    expect(prs).toEqual(await derivePrs("correct horse battery", SALT));
    secret.confirmed();
    expect(await secret.prsFor(SALT.slice())).toBe(prs);
  });

  it("needs the password for another salt", async () => {
    const secret = new SessionSecret("correct horse battery");
    await secret.prsFor(SALT);
    expect(await secret.prsFor(OTHER_SALT)).toEqual(await derivePrs("correct horse battery", OTHER_SALT));
    secret.confirmed();
    expect(await secret.prsFor(SALT)).toBeNull();
  });

  it("overwrites PRS when it forgets", async () => {
    const secret = new SessionSecret("correct horse battery");
    const prs = (await secret.prsFor(SALT)) as Bytes;
    secret.forget();
    expect(prs.every((byte) => byte === 0)).toBe(true);
    expect(await secret.prsFor(SALT)).toBeNull();
  });
});
