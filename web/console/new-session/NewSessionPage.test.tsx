// @vitest-environment jsdom
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newQueryClient } from "../api/queries";
import type { Me } from "../api/types";
import { MeContext } from "../auth/SignedIn";
import { i18n } from "../i18n";
import { vault } from "../pairing/vault";
import { aSession } from "../testing";
import { NewSessionPage } from "./NewSessionPage";

const me: Me = {
  user: { id: "u1", name: "Jana Weber", email: "jana@muster.example", role: "technician", locale: "en" },
  company: { id: "c1", name: "Muster", locale: "de", plan: "basic", insight: false },
  entitlements: ["remote_control"],
  mail: { local_outbox: false },
  limits: { per_user: 1, per_company: 5, session_duration_s: 86400 },
};

const requests: { url: string; body: string }[] = [];
let respond: () => Response;

beforeEach(() => {
  requests.length = 0;
  window.matchMedia = ((query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  vi.stubGlobal("fetch", async (request: Request) => {
    requests.push({ url: request.url, body: await request.text() });
    return respond();
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vault.forgetAll();
});

function open() {
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider>
        <QueryClientProvider client={newQueryClient()}>
          <MeContext value={me}>
            <MemoryRouter initialEntries={["/console/new"]}>
              <Routes>
                <Route path="/console/new" element={<NewSessionPage />} />
                <Route path="/console/sessions/:id" element={<p data-testid="waiting" />} />
              </Routes>
            </MemoryRouter>
          </MeContext>
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  fireEvent.change(screen.getByTestId("new-email"), { target: { value: "kunde@firma.example" } });
  fireEvent.click(screen.getByTestId("new-next"));
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

test("the session password stays in this tab's memory: in no request and in no storage", async () => {
  const session = aSession();
  respond = () => json(201, session);
  open();
  const password = (await screen.findByTestId<HTMLInputElement>("session-password")).value;
  expect(password.length).toBeGreaterThan(16);
  fireEvent.click(screen.getByTestId("new-create"));
  await screen.findByTestId("waiting");

  expect(vault.read(session.id)).toBe(password);
  expect(requests).toHaveLength(1);
  expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
    customer_email: "kunde@firma.example",
    locale: "de",
    note: "",
  });
  const stored = [localStorage, sessionStorage].flatMap((storage) => Object.values({ ...storage }));
  expect(JSON.stringify([requests, stored])).not.toContain(password);
});

test("a password that is easy to guess cannot be used", async () => {
  open();
  fireEvent.change(await screen.findByTestId("session-password"), { target: { value: "passwort1234" } });
  expect(screen.getByTestId<HTMLButtonElement>("new-create").disabled).toBe(true);
  expect(screen.getByTestId("password-strength").dataset.strength).toBe("weak");
});

test("a limit is explained with its code", async () => {
  respond = () => json(409, { code: "ZRF-203", message: "…", params: {} });
  open();
  fireEvent.click(await screen.findByTestId("new-create"));
  await waitFor(() => expect(screen.getByTestId("error-code").textContent).toBe("ZRF-203"));
  expect(screen.getByTestId("error").textContent).toContain("reached its number of open sessions");
});
