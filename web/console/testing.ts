/** What the server says, for tests, to be varied by them. Not part of the console. */
import type { AppInfo, Progress, Session } from "./api/types";

const NOW = "2026-11-23T12:00:00Z";

type Variation = Partial<Omit<Session, "progress">> & { progress?: Partial<Progress> };

export function aSession({ progress, ...variation }: Variation = {}): Session {
  return {
    id: "11111111-1111-4111-8111-111111111111",
    number: "1234567890",
    state: "prepared",
    customer_email: "kunde@firma.example",
    locale: "de",
    note: "",
    owner: { id: "u1", name: "Jana Weber" },
    prepared_at: NOW,
    link_expires_at: "2026-11-24T12:00:00Z",
    activated_at: null,
    expires_at: null,
    ended_at: null,
    end_reason: null,
    host_online: false,
    connections: [],
    removal: "none",
    code: { alive: false, expires_at: null, tries_left: 0 },
    host: null,
    link: "https://help.example/join/1234567890",
    duration_s: 86400,
    ...variation,
    progress: {
      mail_state: "queued",
      mail_answer: "",
      link_opened_at: null,
      app_started_at: null,
      code_entered_at: null,
      refusal: null,
      ...progress,
    },
  };
}

type AppVariation = Partial<Omit<AppInfo, "facts">> & { facts?: Partial<NonNullable<AppInfo["facts"]>> | null };

export function anApp({ facts, ...variation }: AppVariation = {}): AppInfo {
  return {
    state: "ready",
    minimum_version: "0.1.0",
    public_url: "https://help.example",
    ...variation,
    facts:
      facts === null
        ? null
        : {
            version: "0.1.0",
            sha256: "ab".repeat(32),
            size: 35_300_000,
            publisher: "Muster IT GmbH",
            signed: true,
            development: false,
            server: "https://help.example",
            ...facts,
          },
  };
}
