import { expect, test } from "vitest";
import { settings as codec } from "../../protocol/codec";
import { limits } from "../../protocol/generated/messages";
import { pairingSettings } from "./settings";

const ME = { entitlements: ["remote_control" as const], user: { name: "Jana Wolf" }, company: { name: "Muster GmbH" } };

test.each([
  [3600, 3600],
  [limits.SESSION_DURATION_S, limits.SESSION_DURATION_S],
  [limits.SESSION_DURATION_S + 1, limits.SESSION_DURATION_S],
  [7 * 24 * 3600, limits.SESSION_DURATION_S],
])("when the server says %i seconds, the host is told %i", async (said, told) => {
  const settings = await pairingSettings({ duration_s: said }, ME, "k7mp-3xqd-9wzt");
  expect(settings.duration_s).toBe(told);
  expect(codec.decode(codec.encode(settings))).toEqual(settings);
});

test("each pairing has a salt of its own", async () => {
  const [one, other] = await Promise.all([1, 2].map(() => pairingSettings({ duration_s: 3600 }, ME, "k7mp-3xqd-9wzt")));
  expect(one?.salt).not.toEqual(other?.salt);
  expect(one?.prs).not.toEqual(other?.prs);
});
