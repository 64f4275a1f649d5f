import { describe, expect, test } from "vitest";
import vectors from "../../tests/contract/vectors/messages.json";
import * as codecs from "./codec";
import { type Codec, ProtocolError } from "./codec";
import { limits, type ToHost, type ToViewer } from "./generated/messages";
import { hex, toHex } from "./testing";

// biome-ignore lint/suspicious/noExplicitAny: vectors name their message types in data
const CHANNELS: Record<string, Codec<any>> = {
  pairing: codecs.pairing,
  relay_hello: codecs.relayHello,
  relay_paired: codecs.relayPaired,
  handshake: codecs.handshake,
  settings: codecs.settings,
  to_viewer: codecs.toViewer,
  to_host: codecs.toHost,
};
/** Spoken by host and server only. */
const NOT_FOR_BROWSERS = ["control_to_host", "control_to_server"];

function codecOf(channel: string): Codec<{ t: string }> {
  const codec = CHANNELS[channel];
  if (codec === undefined) throw new Error(`no codec for ${channel}`);
  return codec;
}

function spoken<V extends { channel: string }>(list: readonly V[]): V[] {
  return list.filter((vector) => !NOT_FOR_BROWSERS.includes(vector.channel));
}

function fieldsOf(vector: { fields: object }): Record<string, unknown> {
  const value = (field: unknown) =>
    typeof field === "object" && field !== null && "hex" in field ? hex(String(field.hex)) : field;
  return Object.fromEntries(Object.entries(vector.fields).map(([name, field]) => [name, value(field)]));
}

/** Numbers that repeat from seed to seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

describe("golden messages", () => {
  test.each(spoken(vectors.messages))("$channel $type decodes to its fields and encodes to its bytes", (vector) => {
    const codec = codecOf(vector.channel);
    const message = codec.decode(hex(vector.wire));
    const { t, ...fields } = message as { t: string } & Record<string, unknown>;
    expect(t.replaceAll("_", "")).toBe(vector.type.toLowerCase());
    expect(fields).toEqual(fieldsOf(vector));
    expect(toHex(codec.encode(message))).toBe(vector.wire);
  });

  test.each(spoken(vectors.with_unknown_fields))("$channel $type is read without its unknown fields", (vector) => {
    const message = codecOf(vector.channel).decode(hex(vector.wire));
    expect(message.t.replaceAll("_", "")).toBe(vector.type.toLowerCase());
    expect(message).not.toHaveProperty("new");
  });

  test.each(spoken(vectors.refused))("$channel $type is refused: $why", (vector) => {
    expect(() => codecOf(vector.channel).decode(hex(vector.wire))).toThrow(ProtocolError);
  });

  test("there are vectors for every codec", () => {
    const covered = new Set(spoken(vectors.messages).map((vector) => vector.channel));
    expect([...covered].sort()).toEqual(Object.keys(CHANNELS).sort());
  });
});

describe("hostile input", () => {
  test.each(Object.keys(CHANNELS))("%s: arbitrary bytes are a message or a ProtocolError", (channel) => {
    const random = randomNumbers(channel.length);
    for (let round = 0; round < 3000; round++) {
      const data = Uint8Array.from({ length: random() % 60 }, () => random() & 0xff);
      expectMessageOrProtocolError(channel, data);
    }
  });

  test.each(Object.keys(CHANNELS))("%s: a damaged message is a message or a ProtocolError", (channel) => {
    const random = randomNumbers(channel.length);
    const wires = vectors.messages.filter((vector) => vector.channel === channel).map((vector) => hex(vector.wire));
    for (let round = 0; round < 3000; round++) {
      const data = Uint8Array.from(wires[round % wires.length] as Uint8Array);
      data[random() % data.length] = random() & 0xff;
      expectMessageOrProtocolError(channel, data);
    }
  });

  test.each(Object.keys(CHANNELS))("%s: deep nesting is a ProtocolError", (channel) => {
    const data = new Uint8Array(250).fill(0x91);
    expect(() => codecOf(channel).decode(data)).toThrow(ProtocolError);
  });

  test.each(["t", null, undefined, 7, [0x90]])("%s instead of binary data is a ProtocolError", (data) => {
    expect(() => codecs.handshake.decode(data)).toThrow(ProtocolError);
  });

  test("a message beyond its limit is refused before it is read", () => {
    const data = new Uint8Array(limits.RELAY_HELLO_MAX + 1).fill(0xc1);
    expect(() => codecs.relayPaired.decode(data)).toThrow(/limit/);
  });

  test("names of an object's prototype are no fields", () => {
    // {t: "run_failed", constructor: …} lacks run_id; {"t": "constructor"} is no message.
    expect(() => codecs.pairing.decode(hex("81a174ab636f6e7374727563746f72"))).toThrow(ProtocolError);
    expect(() => codecs.pairing.decode(hex("81a95f5f70726f746f5f5f80"))).toThrow(ProtocolError);
  });

  test("a surrogate without its partner is refused", () => {
    expect(() => codecs.toHost.decode(hex("9225a3eda080"))).toThrow(ProtocolError);
  });

  function expectMessageOrProtocolError(channel: string, data: Uint8Array): void {
    try {
      expect(codecOf(channel).decode(data).t).toBeTypeOf("string");
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
});

describe("remote control", () => {
  test("the pixels of an update are not copied", () => {
    const update: ToViewer = { t: "update", frame: 1, last: true, data: new Uint8Array(1000).fill(7) };
    const wire = codecs.toViewer.encode(update);
    const decoded = codecs.toViewer.decode(wire);
    expect(decoded).toEqual(update);
    expect(decoded.t === "update" && decoded.data.buffer).toBe(wire.buffer);
  });

  test("data is decoded where it lies inside a larger buffer", () => {
    const wire = codecs.toHost.encode({ t: "pointer_move", x: 300, y: 2 });
    const larger = new Uint8Array(wire.length + 10);
    larger.set(wire, 5);
    expect(codecs.toHost.decode(larger.subarray(5, 5 + wire.length))).toEqual({ t: "pointer_move", x: 300, y: 2 });
  });

  test("a move of the pointer takes eight bytes at most", () => {
    expect(codecs.toHost.encode({ t: "pointer_move", x: 3839, y: 2159 }).length).toBeLessThanOrEqual(8);
  });

  test.each<ToHost>([
    { t: "pointer_move", x: -1, y: 0 },
    { t: "pointer_move", x: 1.5, y: 0 },
    { t: "wheel", x: 0, y: 0, dx: 0, dy: 51 },
    { t: "text", text: "x".repeat(limits.TEXT_INPUT_MAX + 1) },
    { t: "text", text: "\ud800" },
  ])("a message the host would refuse is not encoded: %o", (message) => {
    expect(() => codecs.toHost.encode(message)).toThrow(ProtocolError);
  });

  test("lengths count code points, as the host does", () => {
    const text = "😀".repeat(limits.TEXT_INPUT_MAX);
    expect(codecs.toHost.decode(codecs.toHost.encode({ t: "text", text }))).toEqual({ t: "text", text });
  });
});
