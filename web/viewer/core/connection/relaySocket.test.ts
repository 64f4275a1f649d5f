import { describe, expect, it } from "vitest";
import { closeCodes, codes } from "../../../protocol/generated/messages";
import type { Failure } from "./failure";
import { RelaySocket } from "./relaySocket";
import { TestSocket } from "./testing";

function sockets() {
  const other = new TestSocket();
  return { other, relay: new RelaySocket(other) };
}

const bytesOf = (data: ArrayBuffer) => [...new Uint8Array(data)];

describe("RelaySocket", () => {
  it("gives messages in their order, whether read before or after they came", async () => {
    const { other, relay } = sockets();
    other.deliver(Uint8Array.of(1));
    expect(bytesOf(await relay.read())).toEqual([1]);
    const next = relay.read();
    other.deliver(Uint8Array.of(2));
    expect(bytesOf(await next)).toEqual([2]);
  });

  it("pipes what was not read, then what comes, in order and at once", () => {
    const { other, relay } = sockets();
    const piped: number[][] = [];
    other.deliver(Uint8Array.of(1));
    relay.pipe(
      (data) => piped.push(bytesOf(data)),
      () => undefined,
    );
    other.deliver(Uint8Array.of(2));
    expect(piped).toEqual([[1], [2]]);
  });

  it("asks the browser for memory, not for blobs", () => {
    expect(sockets().other.binaryType).toBe("arraybuffer");
  });

  it("ends on text", async () => {
    const { other, relay } = sockets();
    const reading = relay.read();
    other.deliver("text");
    await expect(reading).rejects.toMatchObject({ code: codes.MALFORMED_MESSAGE });
    expect(other.closed).toBe(true);
  });

  it("ends when a host floods it before it is read", async () => {
    const { other, relay } = sockets();
    for (let i = 0; i < 100; i++) other.deliver(Uint8Array.of(i));
    expect(other.closed).toBe(true);
    const read = await Promise.all(Array.from({ length: 64 }, () => relay.read()));
    expect(read).toHaveLength(64);
    await expect(relay.read()).rejects.toMatchObject({ code: codes.MALFORMED_MESSAGE });
  });

  it("says once why it ended, to whoever waits", async () => {
    const { other, relay } = sockets();
    const lost: Failure[] = [];
    relay.pipe(
      () => undefined,
      (failure) => lost.push(failure),
    );
    other.drop(closeCodes.SESSION_ENDED);
    other.drop(1006);
    expect(lost.map((failure) => failure.code)).toEqual([codes.SESSION_ENDED]);
    await expect(relay.read()).rejects.toMatchObject({ code: codes.SESSION_ENDED });
  });

  it("says so too when it ended before anybody listened", async () => {
    const { other, relay } = sockets();
    other.drop(closeCodes.PARTNER_MISSING);
    await expect(relay.opened).rejects.toMatchObject({ code: codes.HOST_OFFLINE });
    const lost: Failure[] = [];
    relay.pipe(
      () => undefined,
      (failure) => lost.push(failure),
    );
    expect(lost).toHaveLength(1);
  });

  it("sends nothing after its end", () => {
    const { other, relay } = sockets();
    other.drop(1006);
    relay.send(Uint8Array.of(1));
    expect(other.sent).toEqual([]);
  });
});
