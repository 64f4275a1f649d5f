import { describe, expect, it } from "vitest";
import { codes } from "../../../protocol/generated/messages";
import { Api } from "./api";

const KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

function answering(status: number, body: unknown) {
  const requests: { path: string; init: RequestInit }[] = [];
  const api = new Api(async (path, init) => {
    requests.push({ path, init });
    return new Response(JSON.stringify(body), { status });
  });
  return { api, requests };
}

const ticket = { connection_id: "c", ticket: KEY, relay_url: "wss://x/ws/relay", epoch: 1, host_key: KEY };

describe("Api", () => {
  it("asks for a remote-control connection with the browser's cookie and nothing secret in the address", async () => {
    const { api, requests } = answering(200, ticket);
    const admission = await api.connect("id");
    expect(requests[0]?.path).toBe("/api/v1/sessions/id/connections");
    expect(requests[0]?.init).toMatchObject({
      method: "POST",
      credentials: "same-origin",
      body: '{"tool":"remote_control"}',
    });
    expect([...admission.ticket]).toEqual(Array.from({ length: 32 }, (_, i) => i));
  });

  it.each([
    ["a short ticket", { ...ticket, ticket: "AAAA" }],
    ["a ticket that is no base64", { ...ticket, ticket: "*".repeat(43) }],
    ["no host key", { ...ticket, host_key: undefined }],
    ["an epoch that is no number", { ...ticket, epoch: "1" }],
    ["something else entirely", []],
  ])("refuses an answer with %s", async (_, body) => {
    await expect(answering(200, body).api.connect("id")).rejects.toMatchObject({ code: codes.INTERNAL });
  });

  it("carries the server's code and waiting time", async () => {
    const body = { code: codes.TOO_MANY_ATTEMPTS, message: "", params: { retry_after_s: 7 } };
    await expect(answering(429, body).api.me()).rejects.toMatchObject({
      code: codes.TOO_MANY_ATTEMPTS,
      retryAfterS: 7,
    });
  });

  it("takes a failure without a code for one of the server", async () => {
    await expect(answering(502, "bad gateway").api.me()).rejects.toMatchObject({ code: codes.INTERNAL });
    await expect(answering(500, { code: "<b>" }).api.me()).rejects.toMatchObject({ code: codes.INTERNAL });
  });

  it("says when nobody answered", async () => {
    const api = new Api(() => Promise.reject(new TypeError("failed to fetch")));
    await expect(api.session("id")).rejects.toMatchObject({ code: codes.NO_CONNECTION });
  });

  it("reads a session", async () => {
    const { api } = answering(200, {
      id: "id",
      number: "1234567890",
      state: "active",
      customer_email: "a@b.de",
      owner: { id: "u", name: "U" },
      host_online: true,
      host: { hostname: "PC" },
      expires_at: "2026-01-01T00:00:00Z",
    });
    expect(await api.session("id")).toMatchObject({ hostname: "PC", ownerId: "u", hostOnline: true, state: "active" });
  });

  it("refuses a state that does not exist", async () => {
    await expect(answering(200, { state: "lost" }).api.session("id")).rejects.toMatchObject({ code: codes.INTERNAL });
  });
});
