/** Every request the console makes. Answers that are not a success become an ApiError with the server's code. */
import createClient from "openapi-fetch";
import { codes } from "../../protocol/generated/messages";
import type { paths } from "../generated/api";
import { learnServerTime } from "../ui/time";
import type { AppInfo, Invitation, LiveCode, Locale, Me, Receipt, Session } from "./types";

/** What the server (or the way to it) said no with. `code` is a `ZRF-…` code, `ZRF-OFFLINE` when nobody answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: string,
    readonly status: number,
    readonly params: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }
}

/** The code of a request that never reached the server. */
export const OFFLINE = "ZRF-OFFLINE";

const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: (request: Request) => globalThis.fetch(request),
});

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** Waits for the answer. `T` is the contract's shape with its words (see types.ts). */
async function unwrap<T>(pending: Promise<Answer<unknown>>): Promise<T> {
  let answer: Answer<unknown>;
  try {
    answer = await pending;
  } catch {
    throw new ApiError(OFFLINE, 0);
  }
  learnServerTime(answer.response.headers.get("date"));
  if (!answer.response.ok) throw apiError(answer.response.status, answer.error);
  return answer.data as T;
}

function apiError(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    const params = "params" in body && typeof body.params === "object" && body.params !== null ? body.params : {};
    return new ApiError(body.code, status, params as Record<string, unknown>);
  }
  return new ApiError(codes.INTERNAL, status);
}

interface SessionList {
  items: Session[];
}

const path = (session_id: string) => ({ params: { path: { session_id } } });

export const api = {
  signIn: (email: string, password: string): Promise<Me> =>
    unwrap(client.POST("/api/v1/auth/sign-in", { body: { email, password } })),
  signOut: (): Promise<unknown> => unwrap(client.POST("/api/v1/auth/sign-out")),
  me: (): Promise<Me> => unwrap(client.GET("/api/v1/auth/me")),

  openSessions: async (): Promise<Session[]> =>
    (await unwrap<SessionList>(client.GET("/api/v1/sessions", { params: { query: { scope: "open", limit: 200 } } })))
      .items,
  history: async (before: string | undefined, limit: number): Promise<Session[]> => {
    const query = { scope: "history" as const, limit, ...(before === undefined ? {} : { before }) };
    return (await unwrap<SessionList>(client.GET("/api/v1/sessions", { params: { query } }))).items;
  },
  session: (id: string): Promise<Session> => unwrap(client.GET("/api/v1/sessions/{session_id}", path(id))),
  createSession: (customer_email: string, locale: Locale, note: string): Promise<Session> =>
    unwrap(client.POST("/api/v1/sessions", { body: { customer_email, locale, note } })),
  receipt: (id: string): Promise<Receipt> => unwrap(client.GET("/api/v1/sessions/{session_id}/receipt", path(id))),
  app: (): Promise<AppInfo> => unwrap(client.GET("/api/v1/app")),
  endSession: (id: string): Promise<Session> => unwrap(client.POST("/api/v1/sessions/{session_id}/end", path(id))),

  invitation: (id: string): Promise<Invitation> =>
    unwrap(client.GET("/api/v1/sessions/{session_id}/invitation", path(id))),
  resendInvitation: (id: string): Promise<Invitation> =>
    unwrap(client.POST("/api/v1/sessions/{session_id}/invitation/resend", path(id))),

  announceCode: (id: string): Promise<LiveCode> => unwrap(client.POST("/api/v1/sessions/{session_id}/code", path(id))),
  pairingTicket: async (id: string): Promise<string> =>
    (await unwrap<{ ticket: string }>(client.POST("/api/v1/sessions/{session_id}/pairing-ticket", path(id)))).ticket,
  activate: (id: string, run_id: string, host_key: string): Promise<Session> =>
    unwrap(client.POST("/api/v1/sessions/{session_id}/activation", { ...path(id), body: { run_id, host_key } })),
};
