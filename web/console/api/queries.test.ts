import { expect, test } from "vitest";
import { aSession } from "../testing";
import { mergeIntoOpen, mergeSession, newQueryClient, queries } from "./queries";

const older = aSession({ id: "a", prepared_at: "2026-11-23T11:00:00Z" });
const newer = aSession({ id: "b", prepared_at: "2026-11-23T12:00:00Z" });

test("a session that the server tells about is added, renewed in its place, or taken out", () => {
  expect(mergeIntoOpen([older], newer).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(mergeIntoOpen([newer, older], { ...older, state: "active" })[1]?.state).toBe("active");
  expect(mergeIntoOpen([newer, older], { ...newer, state: "ended" }).map(({ id }) => id)).toEqual(["a"]);
});

test("a list that was never asked for is not made up from one session", () => {
  const client = newQueryClient();
  mergeSession(client, newer);
  expect(client.getQueryData(queries.open().queryKey)).toBeUndefined();
  expect(client.getQueryData(queries.session("b").queryKey)).toEqual(newer);
});
