import { describe, expect, it } from "vitest";
import * as codec from "../../../protocol/codec";
import { closeCodes, codes, type HandshakeMessage, PROTOCOL_VERSION } from "../../../protocol/generated/messages";
import { Api } from "./api";
import { openConnection } from "./connect";
import { SessionSecret } from "./secret";
import { TestSocket } from "./testing";

const KEY = new Uint8Array(32);
const TICKET = "A".repeat(43);
const POINT = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0));

const offer = (change: object = {}): HandshakeMessage => ({
  t: "host_offer",
  protocol: PROTOCOL_VERSION,
  ya: POINT,
  host_key: KEY,
  salt: new Uint8Array(16),
  ...change,
});

/** Dials a relay that is the test; resolves with the code of the failure. */
function dialling(secret = new SessionSecret("correct horse battery"), status = 200) {
  const body = { connection_id: "c", ticket: TICKET, relay_url: "ws://x", epoch: 1, host_key: TICKET };
  const socket = new TestSocket();
  const abort = new AbortController();
  let dialled = () => {};
  const ready = new Promise<void>((resolve) => {
    dialled = resolve;
  });
  const surroundings = {
    api: new Api(
      async () => new Response(JSON.stringify(status === 200 ? body : { code: codes.HOST_OFFLINE }), { status }),
    ),
    dial: () => {
      dialled();
      return socket;
    },
    channel: () => Promise.reject(new Error("no channel without a handshake")),
  };
  const failed = openConnection(surroundings, "session", secret, abort.signal).then(
    () => "opened",
    (failure: { code: string; retryAfterS: number | null }) => `${failure.code} ${failure.retryAfterS ?? ""}`.trim(),
  );
  const paired = async () => {
    await ready;
    socket.open();
    socket.deliver(codec.relayPaired.encode({ t: "relay_paired" }));
  };
  return { socket, failed, paired, abort, ready };
}

const say = (socket: TestSocket, message: HandshakeMessage) => socket.deliver(codec.handshake.encode(message));

describe("openConnection", () => {
  it("shows the ticket first and says that it is the viewer", async () => {
    const { socket, failed, paired } = dialling();
    await paired();
    say(socket, { t: "host_refusal", code: codes.PASSWORD_PAUSE, retry_after_s: 120 });
    expect(await failed).toBe(`${codes.PASSWORD_PAUSE} 120`);
    expect(codec.relayHello.decode(socket.sent[0])).toMatchObject({ role: "viewer", ticket: KEY });
    expect(socket.sent).toHaveLength(1);
    expect(socket.closed).toBe(true);
  });

  it("does not dial when the server refuses", async () => {
    const { socket, failed } = dialling(undefined, 409);
    expect(await failed).toBe(codes.HOST_OFFLINE);
    expect(socket.sent).toEqual([]);
  });

  it.each([
    ["another host's key", { host_key: POINT }, codes.HANDSHAKE_BROKEN],
    ["another version", { protocol: PROTOCOL_VERSION + 1 }, codes.APP_TOO_OLD],
    ["no salt", { salt: new Uint8Array() }, codes.HANDSHAKE_BROKEN],
    ["a point of low order", { ya: new Uint8Array(32) }, codes.HANDSHAKE_BROKEN],
  ])("ends before its proof at an offer with %s", async (_, change, code) => {
    const { socket, failed, paired } = dialling();
    await paired();
    say(socket, offer(change));
    expect(await failed).toBe(code);
    expect(socket.sent).toHaveLength(1);
  });

  it("calls the password wrong when the host's proof is, and proves nothing itself", async () => {
    const { socket, failed, paired } = dialling();
    await paired();
    say(socket, offer());
    say(socket, { t: "host_confirm", mac: new Uint8Array(64) });
    expect(await failed).toBe(codes.WRONG_PASSWORD);
    expect(socket.sent).toHaveLength(2);
  });

  it("asks for the password when the host has another salt than before", async () => {
    const secret = new SessionSecret("correct horse battery");
    await secret.prsFor(new Uint8Array(16).fill(1));
    secret.confirmed();
    const { socket, failed, paired } = dialling(secret);
    await paired();
    say(socket, offer());
    expect(await failed).toBe(codes.WRONG_PASSWORD);
  });

  it.each([
    [
      "a message out of turn",
      codec.handshake.encode({ t: "host_confirm", mac: new Uint8Array(64) }),
      codes.HANDSHAKE_BROKEN,
    ],
    ["garbage", Uint8Array.of(0xc1, 1, 2), codes.MALFORMED_MESSAGE],
    ["too much", new Uint8Array(100_000), codes.MALFORMED_MESSAGE],
  ])("ends at %s", async (_, data, code) => {
    const { socket, failed, paired } = dialling();
    await paired();
    socket.deliver(data);
    expect(await failed).toBe(code);
  });

  it("says why the relay closed", async () => {
    const { socket, failed, ready } = dialling();
    await ready;
    socket.open();
    socket.drop(closeCodes.NOT_ADMITTED, codes.CUSTOMER_REFUSED);
    expect(await failed).toBe(codes.CUSTOMER_REFUSED);
  });

  it("closes the socket when the user gives up", async () => {
    const { socket, failed, paired, abort } = dialling();
    await paired();
    abort.abort();
    expect(await failed).toBe(codes.PEER_LEFT);
    expect(socket.closed).toBe(true);
  });
});
