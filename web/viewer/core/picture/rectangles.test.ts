import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../../protocol/codec";
import { Framebuffer, packed } from "./framebuffer";
import { RectangleReader } from "./rectangles";
import { cut, header, joined, randomOf } from "./testing";

const SOLID = 0;
const PALETTE = 1;
const RGB = 2;

function draw(framebuffer: Framebuffer, ...pieces: Uint8Array[]): RectangleReader {
  const reader = new RectangleReader(framebuffer);
  for (const piece of pieces) reader.push(piece);
  return reader;
}

/** Any legal rectangles on a screen, encoded, with the pixels they make. */
function randomScene(random: () => number): { width: number; height: number; data: Uint8Array; pixels: Uint32Array } {
  const upTo = (n: number) => Math.floor(random() * n);
  const width = 1 + upTo(40);
  const height = 1 + upTo(40);
  const pixels = new Uint32Array(width * height).fill(packed(0, 0, 0));
  const data: number[] = [];
  for (let count = 1 + upTo(6); count > 0; count--) {
    const x = upTo(width);
    const y = upTo(height);
    const w = 1 + upTo(width - x);
    const h = 1 + upTo(height - y);
    const kind = upTo(3);
    const color = () => [upTo(256), upTo(256), upTo(256)] as [number, number, number];
    data.push(...header(kind, x, y, w, h));
    const palette = Array.from({ length: kind === PALETTE ? 1 + upTo(256) : 1 }, color);
    if (kind === PALETTE) data.push(palette.length - 1);
    if (kind !== RGB) data.push(...palette.flat());
    for (let row = 0; row < h; row++) {
      for (let column = 0; column < w; column++) {
        const index = upTo(palette.length);
        const pixel = kind === RGB ? color() : (palette[index] as [number, number, number]);
        if (kind === PALETTE) data.push(index);
        if (kind === RGB) data.push(...pixel);
        pixels[(y + row) * width + x + column] = packed(...pixel);
      }
    }
  }
  return { width, height, data: Uint8Array.from(data), pixels };
}

describe("RectangleReader", () => {
  it("fills a solid rectangle and nothing else", () => {
    const framebuffer = new Framebuffer(4, 3);
    draw(framebuffer, joined(header(SOLID, 1, 1, 2, 1), [10, 20, 30]));
    const black = packed(0, 0, 0);
    const color = packed(10, 20, 30);
    expect([...framebuffer.pixels]).toEqual([
      ...[black, black, black, black],
      ...[black, color, color, black],
      ...[black, black, black, black],
    ]);
  });

  it("writes opaque bytes in the order red, green, blue, alpha", () => {
    const framebuffer = new Framebuffer(1, 1);
    draw(framebuffer, joined(header(RGB, 0, 0, 1, 1), [1, 2, 3]));
    expect([...framebuffer.bytes]).toEqual([1, 2, 3, 255]);
  });

  it("makes the same picture however the data is cut", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = randomOf(seed);
      const scene = randomScene(random);
      const framebuffer = new Framebuffer(scene.width, scene.height);
      const reader = draw(framebuffer, ...cut(scene.data, random));
      expect(reader.complete).toBe(true);
      expect(framebuffer.pixels).toEqual(scene.pixels);
    }
  });

  it("knows at every byte whether a rectangle is complete", () => {
    const data = joined(header(PALETTE, 0, 0, 2, 1), [0], [9, 9, 9], [0, 0]);
    const reader = new RectangleReader(new Framebuffer(2, 1));
    const complete = [...data].map((byte) => {
      reader.push(Uint8Array.of(byte));
      return reader.complete;
    });
    expect(complete).toEqual([...Array(data.length - 1).fill(false), true]);
  });

  it("tells what was drawn", () => {
    const framebuffer = new Framebuffer(8, 8);
    draw(framebuffer, joined(header(SOLID, 2, 3, 4, 5), [0, 0, 0]));
    expect(framebuffer.dirty.take()).toEqual([{ x: 2, y: 3, width: 4, height: 5 }]);
    expect(framebuffer.dirty.take()).toEqual([]);
  });

  it.each([
    ["an unknown kind", header(3, 0, 0, 1, 1)],
    ["no width", header(SOLID, 0, 0, 0, 1)],
    ["no height", header(RGB, 0, 0, 1, 0)],
    ["a right edge beyond the screen", header(SOLID, 1, 0, 8, 1)],
    ["a lower edge beyond the screen", header(RGB, 0, 7, 1, 2)],
    ["a corner beyond the screen", header(PALETTE, 65535, 65535, 65535, 65535)],
    ["an index beyond the palette", [...header(PALETTE, 0, 0, 2, 1), 1, 1, 1, 1, 2, 2, 2, 1, 2]],
  ])("refuses %s", (_, bytes) => {
    expect(() => draw(new Framebuffer(8, 8), joined(bytes))).toThrow(ProtocolError);
  });

  it("does nothing but draw or refuse, whatever it is given", () => {
    let refused = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomOf(seed);
      const scene = randomScene(random);
      for (let flips = 0; flips < 3; flips++) {
        scene.data[Math.floor(random() * scene.data.length)] = Math.floor(random() * 256);
      }
      try {
        draw(new Framebuffer(scene.width, scene.height), ...cut(scene.data, random));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
