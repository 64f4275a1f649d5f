/** From update messages to finished frames: unpack, read, limit. Pure; drawing is `screen.ts`. */
import { ProtocolError } from "../../../protocol/codec";
import type { ScreenInfo, Update } from "../../../protocol/generated/messages";
import { Framebuffer, type Rectangle, SCREEN_PIXELS_MAX } from "./framebuffer";
import { Inflater } from "./inflate";
import { RectangleReader } from "./rectangles";

/** A frame covers each pixel once; one rectangle a pixel would be 12 bytes. More is a bomb. */
const FRAME_BYTES_PER_PIXEL_MAX = 16;
const FRAME_BYTES_MIN = 64 * 1024;

/** The picture of one connection. */
export class Picture {
  readonly #inflater = new Inflater((bytes) => this.#take(bytes));
  #framebuffer: Framebuffer | null = null;
  #reader: RectangleReader | null = null;
  #frameBytes = 0;
  #frameBytesMax = 0;

  /** A new size: everything so far is void. Throws ProtocolError for a screen too large, or within a frame. */
  resize(info: ScreenInfo): Framebuffer {
    if (info.width * info.height > SCREEN_PIXELS_MAX) {
      throw new ProtocolError(`screen of ${info.width} × ${info.height} pixels`);
    }
    if (this.#reader?.complete === false) throw new ProtocolError("the screen changed within a rectangle");
    const framebuffer = new Framebuffer(info.width, info.height);
    this.#framebuffer = framebuffer;
    this.#reader = new RectangleReader(framebuffer);
    this.#frameBytes = 0;
    this.#frameBytesMax = Math.max(FRAME_BYTES_MIN, info.width * info.height * FRAME_BYTES_PER_PIXEL_MAX);
    return framebuffer;
  }

  /** What to draw when this update completes a frame, null when more belongs to it. Throws ProtocolError. */
  update(message: Update): readonly Rectangle[] | null {
    if (this.#framebuffer === null || this.#reader === null) throw new ProtocolError("an update before the screen");
    this.#inflater.push(message.data);
    if (!message.last) return null;
    if (!this.#reader.complete) throw new ProtocolError("the frame ends within a rectangle");
    this.#frameBytes = 0;
    return this.#framebuffer.dirty.take();
  }

  #take(bytes: Uint8Array): void {
    this.#frameBytes += bytes.length;
    if (this.#frameBytes > this.#frameBytesMax) throw new ProtocolError("a frame larger than its screen allows");
    this.#reader?.push(bytes);
  }
}
