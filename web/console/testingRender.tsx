/** Draws a part of the console for a test, signed in, with answers of the test's choice. Not part of the console. */
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { vi } from "vitest";
import { newQueryClient } from "./api/queries";
import type { Me } from "./api/types";
import { MeContext } from "./auth/SignedIn";
import { i18n } from "./i18n";

/** `answers`: JSON by path. Every other request is answered with 404. */
export function draw(part: ReactNode, role: Me["user"]["role"], answers: Readonly<Record<string, unknown>> = {}) {
  window.matchMedia = ((query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    return pathname in answers
      ? Response.json(answers[pathname])
      : Response.json({ code: "ZRF-904", params: {} }, { status: 404 });
  });
  const me: Me = {
    user: { id: "u1", name: "Jana Weber", email: "jana@muster.example", role, locale: "en" },
    company: { id: "c1", name: "Muster", locale: "de", plan: "basic", insight: false },
    entitlements: ["remote_control"],
    mail: { local_outbox: false },
    limits: { per_user: 1, per_company: 5, session_duration_s: 86400 },
  };
  const client = newQueryClient();
  const drawn = render(
    <I18nProvider i18n={i18n}>
      <MantineProvider>
        <QueryClientProvider client={client}>
          <MeContext value={me}>
            <MemoryRouter>{part}</MemoryRouter>
          </MeContext>
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  return { ...drawn, client };
}
