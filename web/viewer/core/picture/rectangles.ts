/**
 * Reads the rectangles of inflated updates (`remote_control.py` has the format) into a framebuffer. Fed in pieces of
 * any size: a rectangle, and a pixel, may span them. Every number is checked; the host is not trusted.
 */
import { ProtocolError } from "../../../protocol/codec";
import { rectangles } from "../../../protocol/generated/messages";
import { type Framebuffer, packed } from "./framebuffer";

const HEADER_BYTES = 9;
const COLOR_BYTES = 3;
const PALETTE_MAX = 256;

/** What the next bytes are. */
type Expecting = "header" | "color" | "palette_size" | "palette" | "indices" | "rgb";

export class RectangleReader {
  readonly #target: Framebuffer;
  #expecting: Expecting = "header";
  /** Bytes of the present small part: a header, a colour, a palette, or a pixel that two pieces share. */
  readonly #part = new Uint8Array(PALETTE_MAX * COLOR_BYTES);
  #partLength = 0;
  #partNeeded = HEADER_BYTES;

  readonly #palette = new Uint32Array(PALETTE_MAX);
  #paletteSize = 0;

  #x = 0;
  #y = 0;
  #width = 0;
  #height = 0;
  #kind = 0;
  #row = 0;
  #column = 0;

  constructor(target: Framebuffer) {
    this.#target = target;
  }

  /** Whether no rectangle is half read. */
  get complete(): boolean {
    return this.#expecting === "header" && this.#partLength === 0;
  }

  /** Draws what these bytes hold. Throws ProtocolError; the reader is of no use afterwards. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#expecting === "indices") at = this.#readIndices(bytes, at);
      else if (this.#expecting === "rgb" && this.#partLength === 0 && bytes.length - at >= COLOR_BYTES) {
        at = this.#readRgb(bytes, at);
      } else at = this.#readPart(bytes, at);
    }
  }

  #readPart(bytes: Uint8Array, at: number): number {
    const taken = Math.min(this.#partNeeded - this.#partLength, bytes.length - at);
    for (let i = 0; i < taken; i++) this.#part[this.#partLength + i] = bytes[at + i] as number;
    this.#partLength += taken;
    if (this.#partLength === this.#partNeeded) {
      this.#partLength = 0;
      this.#finishPart();
    }
    return at + taken;
  }

  #finishPart(): void {
    switch (this.#expecting) {
      case "header":
        this.#readHeader();
        return;
      case "color":
        this.#fill(this.#partColor(0));
        return;
      case "palette_size":
        this.#paletteSize = (this.#part[0] as number) + 1;
        this.#expect("palette", this.#paletteSize * COLOR_BYTES);
        return;
      case "palette":
        for (let i = 0; i < this.#paletteSize; i++) this.#palette[i] = this.#partColor(i * COLOR_BYTES);
        this.#expecting = "indices";
        return;
      default:
        this.#target.pixels[this.#position()] = this.#partColor(0);
        this.#advance(1);
    }
  }

  #readHeader(): void {
    const part = this.#part;
    const u16 = (at: number) => ((part[at] as number) << 8) | (part[at + 1] as number);
    this.#kind = part[0] as number;
    this.#x = u16(1);
    this.#y = u16(3);
    this.#width = u16(5);
    this.#height = u16(7);
    this.#row = 0;
    this.#column = 0;
    const { width, height } = this.#target;
    if (this.#width === 0 || this.#height === 0) throw new ProtocolError("rectangle without area");
    if (this.#x + this.#width > width || this.#y + this.#height > height) {
      throw new ProtocolError("rectangle beyond the screen");
    }
    if (this.#kind === rectangles.SOLID) this.#expect("color", COLOR_BYTES);
    else if (this.#kind === rectangles.PALETTE) this.#expect("palette_size", 1);
    else if (this.#kind === rectangles.RGB) this.#expect("rgb", COLOR_BYTES);
    else throw new ProtocolError(`rectangle of kind ${this.#kind}`);
  }

  #fill(color: number): void {
    const { pixels, width } = this.#target;
    for (let row = 0; row < this.#height; row++) {
      const start = (this.#y + row) * width + this.#x;
      pixels.fill(color, start, start + this.#width);
    }
    this.#finish();
  }

  /** Reads as many indices as there are, row by row; returns where it stopped. */
  #readIndices(bytes: Uint8Array, start: number): number {
    const { pixels } = this.#target;
    const palette = this.#palette;
    let at = start;
    let highest = 0;
    while (at < bytes.length && this.#expecting === "indices") {
      const count = Math.min(this.#width - this.#column, bytes.length - at);
      const position = this.#position();
      for (let i = 0; i < count; i++) {
        const index = bytes[at + i] as number;
        if (index > highest) highest = index;
        pixels[position + i] = palette[index] as number;
      }
      at += count;
      this.#advance(count);
    }
    if (highest >= this.#paletteSize) throw new ProtocolError("index beyond the palette");
    return at;
  }

  /** Reads as many whole pixels as there are; returns where it stopped. */
  #readRgb(bytes: Uint8Array, start: number): number {
    const { pixels } = this.#target;
    let at = start;
    while (bytes.length - at >= COLOR_BYTES && this.#expecting === "rgb") {
      const count = Math.min(this.#width - this.#column, Math.floor((bytes.length - at) / COLOR_BYTES));
      const position = this.#position();
      for (let i = 0; i < count; i++, at += COLOR_BYTES) {
        const blue = (bytes[at + 2] as number) << 16;
        pixels[position + i] = 0xff000000 | blue | ((bytes[at + 1] as number) << 8) | (bytes[at] as number);
      }
      this.#advance(count);
    }
    return at;
  }

  /** Where the next pixel goes. */
  #position(): number {
    return (this.#y + this.#row) * this.#target.width + this.#x + this.#column;
  }

  #advance(pixels: number): void {
    this.#column += pixels;
    if (this.#column < this.#width) return;
    this.#column = 0;
    this.#row += 1;
    if (this.#row === this.#height) this.#finish();
  }

  #finish(): void {
    this.#target.dirty.add(this.#x, this.#y, this.#width, this.#height);
    this.#expect("header", HEADER_BYTES);
  }

  #expect(what: Expecting, bytes: number): void {
    this.#expecting = what;
    this.#partNeeded = bytes;
  }

  #partColor(at: number): number {
    const part = this.#part;
    return packed(part[at] as number, part[at + 1] as number, part[at + 2] as number);
  }
}
