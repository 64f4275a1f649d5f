import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../../protocol/codec";
import type { Cursor } from "../../../protocol/generated/messages";
import { cursorShape } from "./cursorShape";

const cursor = (width: number, height: number, hot_x: number, hot_y: number, bytes: number): Cursor => ({
  t: "cursor",
  width,
  height,
  hot_x,
  hot_y,
  rgba: new Uint8Array(bytes),
});

describe("cursorShape", () => {
  it("takes a shape whose numbers fit together", () => {
    expect(cursorShape(cursor(2, 3, 1, 2, 24))).toMatchObject({ width: 2, height: 3, hotX: 1, hotY: 2 });
  });

  it("takes the hidden pointer", () => {
    expect(cursorShape(cursor(0, 0, 0, 0, 0))).toMatchObject({ width: 0, height: 0 });
  });

  it.each([
    ["too few pixels", cursor(2, 2, 0, 0, 15)],
    ["too many pixels", cursor(2, 2, 0, 0, 20)],
    ["pixels of a hidden pointer", cursor(0, 0, 0, 0, 4)],
    ["a hot spot beyond the edge", cursor(2, 2, 2, 0, 16)],
  ])("refuses %s", (_, message) => {
    expect(() => cursorShape(message)).toThrow(ProtocolError);
  });
});
