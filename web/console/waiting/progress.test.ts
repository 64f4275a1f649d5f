import { describe, expect, test } from "vitest";
import { aSession } from "../testing";
import { currentStep, progressOf } from "./progress";

const AT = "2026-11-23T12:01:00Z";
const states = (session: ReturnType<typeof aSession>) => progressOf(session).map((step) => step.state);

describe("the customer's progress", () => {
  test("begins with the e-mail", () => {
    expect(states(aSession())).toEqual(["current", "todo", "todo", "todo", "todo"]);
  });

  test("waits for the link once the e-mail is sent", () => {
    expect(states(aSession({ progress: { mail_state: "sent" } }))).toEqual(["done", "current", "todo", "todo", "todo"]);
  });

  test("says that the e-mail failed, until the customer comes another way", () => {
    const failed = { mail_state: "failed" } as const;
    expect(states(aSession({ progress: failed }))[0]).toBe("failed");
    expect(states(aSession({ progress: { ...failed, link_opened_at: AT } }))).toEqual([
      "done",
      "done",
      "current",
      "todo",
      "todo",
    ]);
  });

  test("shows a refusal of the app as the place to talk about", () => {
    const refusal = { code: "ZRF-501", detail: "", at: AT };
    const session = aSession({ progress: { mail_state: "sent", link_opened_at: AT, app_started_at: AT, refusal } });
    expect(states(session)).toEqual(["done", "done", "failed", "todo", "todo"]);
    expect(currentStep(progressOf(session))).toBe("app");
  });

  test("talks about the refusal also where the app came another way than by the link", () => {
    const refusal = { code: "ZRF-501", detail: "", at: AT };
    const session = aSession({ progress: { mail_state: "failed", app_started_at: AT, refusal } });
    expect(states(session)).toEqual(["done", "done", "failed", "todo", "todo"]);
  });

  test("counts a code as entered only while it is being checked or was right", () => {
    const progress = { mail_state: "sent", link_opened_at: AT, app_started_at: AT, code_entered_at: AT } as const;
    expect(states(aSession({ progress }))[3]).toBe("current");
    expect(states(aSession({ state: "pairing", progress }))).toEqual(["done", "done", "done", "done", "current"]);
  });

  test("is complete when the session is active, and stays so after its end", () => {
    const active = { activated_at: AT, progress: { mail_state: "sent" } } as const;
    for (const state of ["active", "ended"] as const) {
      expect(new Set(states(aSession({ ...active, state })))).toEqual(new Set(["done"]));
      expect(currentStep(progressOf(aSession({ ...active, state })))).toBeNull();
    }
  });

  test("goes nowhere in a session that ended before", () => {
    expect(currentStep(progressOf(aSession({ state: "ended", progress: { mail_state: "sent" } })))).toBeNull();
  });
});
