/** The remote screen's pixels in memory and what of them is not drawn yet. Not for the canvas: `screen.ts`. */

/** Screens larger than this are refused: four bytes a pixel, twice. Holds eight 4K monitors. */
export const SCREEN_PIXELS_MAX = 2 ** 26;

/** A list longer than this is not worth drawing one by one. */
const RECTANGLES_MAX = 48;
/** A box around everything is drawn instead when it is at most so many times larger than its parts. */
const BOX_WASTE = 1.5;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels as a canvas has them (R, G, B, A in memory), rows without gaps. */
export class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  /** The same memory, one number a pixel. */
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly dirty = new DirtyRegion();

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const memory = new ArrayBuffer(width * height * 4);
    this.bytes = new Uint8ClampedArray(memory);
    this.pixels = new Uint32Array(memory).fill(packed(0, 0, 0));
  }
}

/** One opaque pixel as a number whose bytes in memory are R, G, B, 255. Every browser's machine is little-endian. */
export function packed(red: number, green: number, blue: number): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Collects rectangles and says which to draw: themselves, or the box around them where that costs less. */
export class DirtyRegion {
  #rectangles: Rectangle[] = [];
  #area = 0;
  #box: { left: number; top: number; right: number; bottom: number } | null = null;

  add(x: number, y: number, width: number, height: number): void {
    const box = this.#box;
    if (box === null) {
      this.#box = { left: x, top: y, right: x + width, bottom: y + height };
    } else {
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + width);
      box.bottom = Math.max(box.bottom, y + height);
    }
    this.#area += width * height;
    if (this.#rectangles.length <= RECTANGLES_MAX) this.#rectangles.push({ x, y, width, height });
  }

  /** Everything added since the last call. */
  take(): readonly Rectangle[] {
    const box = this.#box;
    if (box === null) return [];
    const around = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
    const cheap = around.width * around.height <= this.#area * BOX_WASTE;
    const result = cheap || this.#rectangles.length > RECTANGLES_MAX ? [around] : this.#rectangles;
    this.#rectangles = [];
    this.#area = 0;
    this.#box = null;
    return result;
  }
}
