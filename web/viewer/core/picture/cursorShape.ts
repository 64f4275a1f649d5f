/** The remote pointer's shape, checked. Pure; showing it is `cursor.ts`. */
import { ProtocolError } from "../../../protocol/codec";
import type { Cursor } from "../../../protocol/generated/messages";

export interface CursorShape {
  /** 0 × 0: the pointer is hidden. */
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  /** Not premultiplied, rows without gaps. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Takes the shape out of its message. Throws ProtocolError where numbers and bytes do not fit together. */
export function cursorShape(message: Cursor): CursorShape {
  const { width, height, hot_x, hot_y, rgba } = message;
  if (rgba.length !== width * height * 4) throw new ProtocolError("cursor of another size than its pixels");
  const empty = width === 0 || height === 0;
  if (!empty && (hot_x >= width || hot_y >= height)) throw new ProtocolError("cursor's hot spot beyond its edge");
  return { width, height, hotX: hot_x, hotY: hot_y, rgba: new Uint8ClampedArray(rgba) };
}
