import { describe, expect, test } from "vitest";
import { aSession } from "../testing";
import { endsAt, groupedNumber, rights, room, situation } from "./situation";

const AT = "2026-11-23T12:01:00Z";
const limits = { per_user: 1, per_company: 5 };

describe("a session in the list", () => {
  test.each([
    [aSession(), "situation.mailQueued"],
    [aSession({ progress: { mail_state: "sent" } }), "situation.mailSent"],
    [aSession({ progress: { mail_state: "failed" } }), "situation.mailFailed"],
    [aSession({ progress: { mail_state: "failed", link_opened_at: AT } }), "situation.linkOpened"],
    [aSession({ progress: { app_started_at: AT } }), "situation.appStarted"],
    [
      aSession({ progress: { app_started_at: AT, refusal: { code: "ZRF-501", detail: "", at: AT } } }),
      "situation.refused",
    ],
    [aSession({ state: "pairing" }), "situation.pairing"],
    [aSession({ state: "active" }), "situation.offline"],
    [aSession({ state: "active", host_online: true }), "situation.ready"],
    [
      aSession({ state: "active", host_online: true, connections: [{ id: "c", tool: "remote_control", since: AT }] }),
      "situation.connected",
    ],
    [aSession({ state: "ended" }), "situation.ended"],
  ])("says what it is at (%#)", (session, id) => {
    expect(situation(session).id).toBe(id);
  });

  test("is its owner's to lead, and an administrator's to end", () => {
    const session = aSession();
    expect(rights(session, { id: "u1", role: "technician" })).toEqual({ own: true, end: true });
    expect(rights(session, { id: "u2", role: "technician" })).toEqual({ own: false, end: false });
    expect(rights(session, { id: "u2", role: "administrator" })).toEqual({ own: false, end: true });
    expect(rights(aSession({ state: "ended" }), { id: "u1", role: "technician" }).end).toBe(false);
  });

  test("ends with its link before activation and with its 24 hours after", () => {
    const session = aSession({ expires_at: "2026-11-24T13:00:00Z" });
    expect(endsAt(session)).toBe(Date.parse(session.link_expires_at));
    expect(endsAt({ ...session, state: "active" })).toBe(Date.parse("2026-11-24T13:00:00Z"));
  });

  test("shows its number in groups", () => {
    expect(groupedNumber("1234567890")).toBe("123 456 7890");
  });
});

test("room for another session ends with the user's limit, then with the company's", () => {
  const others = Array.from({ length: 5 }, (_, index) =>
    aSession({ id: String(index), owner: { id: "u2", name: "Tom" } }),
  );
  expect(room([], "u1", limits)).toBe("free");
  expect(room([aSession()], "u1", limits)).toBe("user");
  expect(room(others, "u1", limits)).toBe("company");
});
