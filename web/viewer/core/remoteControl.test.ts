import { constants, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { RecordChannel } from "../../protocol/channel";
import * as codec from "../../protocol/codec";
import { codes, type ToHost, type ToViewer } from "../../protocol/generated/messages";
import type { Failure } from "./connection/failure";
import { RelaySocket } from "./connection/relaySocket";
import { TestSocket } from "./connection/testing";
import { header, joined } from "./picture/testing";
import { RemoteControl } from "./remoteControl";

/** A second channel beside the product's: records are the messages. */
const openChannel: RecordChannel = {
  seal: async (plaintext) => plaintext,
  open: async (record) => new Uint8Array(record),
};

/** A viewer whose host is the test. */
class Connected {
  readonly socket = new TestSocket();
  readonly heard: string[] = [];
  readonly lost: Failure[] = [];
  readonly remote: RemoteControl;

  constructor() {
    const connection = { socket: new RelaySocket(this.socket), channel: openChannel };
    const events = {
      resized: ({ width, height }: { width: number; height: number }) => this.heard.push(`size ${width}×${height}`),
      draw: (rectangles: readonly unknown[]) =>
        this.heard.push(`draw ${rectangles.length}, sent ${this.socket.sent.length}`),
      cursor: () => this.heard.push("cursor"),
      clipboard: (text: string) => this.heard.push(`clipboard ${text}`),
      rights: () => this.heard.push("rights"),
      lost: (failure: Failure) => this.lost.push(failure),
    };
    this.remote = new RemoteControl(connection, events, () => 0);
    this.remote.start();
  }

  async says(message: ToViewer): Promise<this> {
    this.socket.deliver(encodeToViewer(message));
    await settled();
    return this;
  }

  get sent(): ToHost[] {
    return this.socket.sent.map((data) => codec.toHost.decode(data));
  }
}

const host = codec.toViewer;
const encodeToViewer = (message: ToViewer) => host.encode(message);

/** Lets every promise that can go on go on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

function update(frame: number, last = true): ToViewer {
  const data = joined(header(0, 0, 0, 2, 2), [1, 2, 3]);
  const piece = deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  return { t: "update", frame, last, data: Uint8Array.from(piece) };
}

const screen: ToViewer = { t: "screen_info", width: 8, height: 8 };

describe("RemoteControl", () => {
  it("draws a frame and acknowledges it afterwards", async () => {
    const viewer = await new Connected().says(screen);
    await viewer.says(update(7));
    expect(viewer.heard).toEqual(["size 8×8", "draw 1, sent 0"]);
    expect(viewer.sent).toEqual([{ t: "ack", frame: 7 }]);
  });

  it("acknowledges nothing before the frame is complete", async () => {
    const viewer = await new Connected().says(screen);
    await viewer.says(update(7, false));
    expect(viewer.sent).toEqual([]);
  });

  it("sends no input and no clipboard that the customer does not allow", async () => {
    const viewer = await new Connected().says({ t: "rights", view: true, control: false, clipboard: false });
    viewer.remote.input({ t: "pointer_move", x: 1, y: 1 });
    expect(viewer.remote.clipboard("text")).toBe(false);
    await viewer.says({ t: "clipboard", text: "text" });
    expect(viewer.sent).toEqual([]);
    expect(viewer.heard).toEqual(["rights"]);
  });

  it("drops pointer positions, and nothing else, while the line is full", async () => {
    const viewer = new Connected();
    viewer.socket.bufferedAmount = 1_000_000;
    viewer.remote.input({ t: "pointer_move", x: 1, y: 1 });
    viewer.remote.input({ t: "pointer_button", x: 1, y: 1, button: 0, down: true });
    await settled();
    expect(viewer.sent.map((message) => message.t)).toEqual(["pointer_button"]);
  });

  it("sends in the order it was told to", async () => {
    const viewer = new Connected();
    const keys = ["a", "b", "c", "d"].map((key): ToHost => ({ t: "key", code: "", key, down: true }));
    for (const key of keys) viewer.remote.input(key);
    await settled();
    expect(viewer.sent).toEqual(keys);
  });

  it("does not send a clipboard that is too long", () => {
    expect(new Connected().remote.clipboard("x".repeat(300_000))).toBe(false);
    expect(new Connected().remote.clipboard("🙂".repeat(262_144 / 2))).toBe(true);
  });

  it("ends with the code the host gave", async () => {
    const viewer = await new Connected().says({ t: "closing", code: codes.CUSTOMER_REFUSED });
    expect(viewer.lost.map((failure) => failure.code)).toEqual([codes.CUSTOMER_REFUSED]);
    expect(viewer.socket.closed).toBe(true);
  });

  it("ends, once, on a message that is not allowed, and draws nothing after it", async () => {
    const viewer = await new Connected().says(screen);
    viewer.socket.deliver(Uint8Array.of(0xc1));
    await settled();
    await viewer.says(update(1));
    viewer.socket.drop(1006);
    expect(viewer.lost.map((failure) => failure.code)).toEqual([codes.MALFORMED_MESSAGE]);
    expect(viewer.heard).toEqual(["size 8×8"]);
  });

  it("tells when the socket is lost", () => {
    const viewer = new Connected();
    viewer.socket.drop(1006);
    expect(viewer.lost.map((failure) => failure.code)).toEqual([codes.NO_CONNECTION]);
  });
});
