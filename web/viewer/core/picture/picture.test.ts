import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../../protocol/codec";
import type { ScreenInfo, Update } from "../../../protocol/generated/messages";
import { packed } from "./framebuffer";
import { Inflater } from "./inflate";
import { Picture } from "./picture";
import { header, joined, randomOf } from "./testing";

const SOLID = 0;
const RGB = 2;

/** A piece of the stream that refers to nothing before it, cut as the host cuts it. */
function piece(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const flushed = deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH });
  expect([...flushed.subarray(-4)]).toEqual([0, 0, 255, 255]);
  return Uint8Array.from(flushed.subarray(0, -4));
}

const info = (width: number, height: number): ScreenInfo => ({ t: "screen_info", width, height });

function update(data: Uint8Array, last = true): Update {
  return { t: "update", frame: 1, last, data: piece(data) };
}

const solid = (x: number, y: number, width: number, height: number) =>
  joined(header(SOLID, x, y, width, height), [7, 8, 9]);

describe("Inflater", () => {
  it("hands on a whole piece before push returns, whatever its size", () => {
    const random = randomOf(4);
    for (const size of [1, 10, 1000, 262_143, 262_144, 262_145, 700_000]) {
      const data = Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
      const received: Uint8Array[] = [];
      const inflater = new Inflater((bytes) => received.push(bytes.slice()));
      inflater.push(piece(data));
      expect(Buffer.concat(received).equals(data)).toBe(true);
    }
  });

  it("goes on where the piece before ended", () => {
    let received = "";
    const inflater = new Inflater((bytes) => {
      received += new TextDecoder().decode(bytes);
    });
    inflater.push(piece(new TextEncoder().encode("one, ")));
    expect(received).toBe("one, ");
    inflater.push(piece(new TextEncoder().encode("two")));
    expect(received).toBe("one, two");
  });

  it("refuses the end of the stream, and what is no stream", () => {
    const ended = Uint8Array.from(deflateRawSync(Uint8Array.of(1, 2, 3)));
    expect(() => new Inflater(() => undefined).push(ended)).toThrow(ProtocolError);
    expect(() => new Inflater(() => undefined).push(Uint8Array.of(0xff, 0xff, 0xff))).toThrow(ProtocolError);
  });
});

describe("Picture", () => {
  it("gives rectangles to draw when the frame is complete, not before", () => {
    const picture = new Picture();
    const framebuffer = picture.resize(info(10, 10));
    expect(picture.update(update(solid(0, 0, 2, 2), false))).toBeNull();
    expect(picture.update(update(solid(2, 0, 2, 2)))).toEqual([{ x: 0, y: 0, width: 4, height: 2 }]);
    expect(framebuffer.pixels[13]).toBe(packed(7, 8, 9));
  });

  it("reads a rectangle that two updates share", () => {
    const picture = new Picture();
    const framebuffer = picture.resize(info(2, 1));
    const data = joined(header(RGB, 0, 0, 2, 1), [1, 2, 3, 4, 5, 6]);
    picture.update(update(data.subarray(0, 11), false));
    picture.update(update(data.subarray(11)));
    expect([...framebuffer.bytes]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it("draws a completed frame without anything in it", () => {
    const picture = new Picture();
    picture.resize(info(2, 2));
    expect(picture.update(update(new Uint8Array()))).toEqual([]);
  });

  it("refuses an update before the screen's size", () => {
    expect(() => new Picture().update(update(solid(0, 0, 1, 1)))).toThrow(ProtocolError);
  });

  it("refuses a frame that ends within a rectangle, and a new size there", () => {
    const half = solid(0, 0, 1, 1).subarray(0, 5);
    const picture = new Picture();
    picture.resize(info(4, 4));
    expect(() => picture.update(update(half))).toThrow(ProtocolError);
    const other = new Picture();
    other.resize(info(4, 4));
    other.update(update(half, false));
    expect(() => other.resize(info(8, 8))).toThrow(ProtocolError);
  });

  it("refuses a screen that would not fit into memory", () => {
    expect(() => new Picture().resize(info(16384, 16384))).toThrow(ProtocolError);
  });

  it("stops a bomb long before it is unpacked", () => {
    const picture = new Picture();
    picture.resize(info(16, 16));
    const bomb = new Uint8Array(4_000_000);
    const one = solid(0, 0, 16, 16);
    for (let at = 0; at + one.length <= bomb.length; at += one.length) bomb.set(one, at);
    expect(() => picture.update(update(bomb, false))).toThrow(/larger than its screen/);
  });

  it("counts the size of each frame anew", () => {
    const picture = new Picture();
    picture.resize(info(16, 16));
    const data = new Uint8Array(12 * 4000);
    for (let i = 0; i < 4000; i++) data.set(solid(0, 0, 16, 16), i * 12);
    for (let i = 0; i < 5; i++) expect(picture.update(update(data))).toHaveLength(1);
  });
});
