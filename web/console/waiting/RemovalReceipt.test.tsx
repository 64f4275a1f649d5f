// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { activateLocale } from "../i18n";
import { aSession } from "../testing";
import { draw } from "../testingRender";
import { EndedPanel } from "./EndedPanel";

const AT = "2026-11-23T12:01:00Z";
const session = aSession({ state: "ended", end_reason: "technician", ended_at: AT, removal: "confirmed" });
const address = `/api/v1/sessions/${session.id}/receipt`;
const facts = {
  reason: "technician",
  by: "technician",
  at: AT,
  installed: ["program folder", "<b>service</b>", "directory <i>x</i>", "service"],
  removed: ["<b>service</b>"],
  finishing: ["program folder"],
};
const receipt = {
  session_id: session.id,
  number: session.number,
  detail: "{}",
  signature: "s",
  host_key: "k",
  signed: "",
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test.each([
  [
    "en",
    [
      "Program folder removed last, by Windows",
      "<b>service</b> removed",
      "Folder <i>x</i> not removed",
      "Service not removed",
    ],
  ],
  [
    "de",
    [
      "Programmordner entfernt Windows zum Schluss",
      "<b>service</b> entfernt",
      "Ordner <i>x</i> nicht entfernt",
      "Dienst nicht entfernt",
    ],
  ],
] as const)("the receipt tells what became of everything that was installed, as text (%s)", async (locale, lines) => {
  activateLocale(locale);
  const { container } = draw(<EndedPanel session={session} />, "technician", { [address]: { ...receipt, facts } });
  const items = await screen.findAllByTestId("receipt-item");
  expect(items.map((item) => item.textContent)).toEqual(lines);
  expect(container.querySelector("b, i")).toBeNull();
  expect(screen.getByTestId("receipt-download").getAttribute("href")).toBe(address);
});

test("words that nobody knows are shown as they are", async () => {
  activateLocale("en");
  const odd = { ...facts, reason: "constructor", by: "somebody", at: "some day", installed: ["toString"] };
  draw(<EndedPanel session={session} />, "technician", { [address]: { ...receipt, facts: odd } });
  await screen.findByTestId("receipt-item");
  const shown = screen.getByTestId("receipt").textContent;
  for (const word of ["constructor", "somebody", "some day", "toString"]) expect(shown).toContain(word);
});

test("a receipt that cannot be read can be kept all the same", async () => {
  activateLocale("en");
  draw(<EndedPanel session={session} />, "technician", { [address]: { ...receipt, facts: null } });
  await screen.findByTestId("receipt-download");
  expect(screen.getByTestId("receipt").textContent).toContain("cannot be shown here");
});

test("there is no receipt before the removal is confirmed", () => {
  draw(<EndedPanel session={{ ...session, removal: "unconfirmed" }} />, "technician");
  expect(screen.queryByTestId("receipt")).toBeNull();
});
