// @vitest-environment jsdom
import { cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queries } from "../api/queries";
import { activateLocale } from "../i18n";
import { anApp } from "../testing";
import { draw } from "../testingRender";
import { AppNotice } from "./AppNotice";

beforeEach(() => activateLocale("en"));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const elsewhere = anApp({ state: "other_server", facts: { server: "https://<b>elsewhere</b>.example" } });

test("administrators are told why customers get no app, with the facts as text", async () => {
  const { container } = draw(<AppNotice />, "administrator", { "/api/v1/app": elsewhere });
  const notice = await screen.findByTestId("app-notice");
  expect(notice.textContent).toContain("https://<b>elsewhere</b>.example");
  expect(notice.textContent).toContain("https://help.example");
  expect(container.querySelector("b")).toBeNull();
});

test("technicians are told that customers get no app, and nothing of the server", async () => {
  draw(<AppNotice />, "technician", { "/api/v1/app": elsewhere });
  const notice = await screen.findByTestId("app-notice");
  expect(notice.textContent).toContain("cannot download the app");
  expect(notice.textContent).not.toContain("elsewhere");
});

test("an unsigned build is marked for everybody", async () => {
  const unsigned = anApp({ facts: { signed: false, publisher: "" } });
  for (const role of ["administrator", "technician"] as const) {
    draw(<AppNotice />, role, { "/api/v1/app": unsigned });
    expect((await screen.findByTestId("app-notice")).dataset.trouble).toBe("unsigned");
    cleanup();
  }
});

test("a signed app for this server is worth no word", async () => {
  const client = draw(<AppNotice />, "administrator", { "/api/v1/app": anApp() }).client;
  await waitFor(() => expect(client.getQueryData(queries.app().queryKey)?.state).toBe("ready"));
  expect(screen.queryByTestId("app-notice")).toBeNull();
});
