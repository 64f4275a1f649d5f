// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { codes } from "../../protocol/generated/messages";
import { activateLocale } from "../i18n";
import { aSession } from "../testing";
import { draw } from "../testingRender";
import { ProgressSteps } from "./ProgressSteps";

const AT = "2026-11-23T12:01:00Z";
const refused = (code: string, detail: string) =>
  aSession({ progress: { mail_state: "sent", app_started_at: AT, refusal: { code, detail, at: AT } } });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test.each(["de", "en"] as const)("what the app found stands beside the reason, as text (%s)", (locale) => {
  activateLocale(locale);
  const session = refused(codes.HOST_ALREADY_INSTALLED, "<img src=x> LogMeIn");
  const { container } = draw(<ProgressSteps session={session} speak />, "technician");
  expect(screen.getByTestId("progress-found").textContent).toContain("<img src=x> LogMeIn");
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getByTestId("progress-error").textContent).toBe("ZRF-502");
});

test("a reason without a finding says nothing more", () => {
  activateLocale("en");
  draw(<ProgressSteps session={refused(codes.NOT_ADMINISTRATOR, "")} speak />, "technician");
  expect(screen.queryByTestId("progress-found")).toBeNull();
});
