import { describe, expect, it } from "vitest";
import { isCrisp, scaleFor, scrollForZoom, toRemote } from "./scaling";
import { randomOf } from "./testing";

const SCREEN = { width: 1920, height: 1080 };

describe("scaleFor", () => {
  it.each([
    ["shrinks to the narrower side", { width: 960, height: 1000 }, 1, 0.5],
    ["does not enlarge a little, which would blur", { width: 2400, height: 1400 }, 1, 1],
    ["enlarges by whole pixels", { width: 4000, height: 2300 }, 1, 2],
    ["counts device pixels on a dense display", { width: 1500, height: 900 }, 2, 0.5],
    ["uses whole device pixels there too", { width: 1920, height: 1080 }, 2, 1],
  ])("fit %s", (_, room, ratio, scale) => {
    expect(scaleFor("fit", SCREEN, room, ratio, 1)).toBeCloseTo(scale, 9);
  });

  it("actual is one device pixel, whatever the room", () => {
    expect(scaleFor("actual", SCREEN, { width: 100, height: 100 }, 2, 1)).toBe(0.5);
  });

  it("zoom is never smaller than fit and never absurd", () => {
    const room = { width: 390, height: 700 };
    const fit = scaleFor("fit", SCREEN, room, 3, 1);
    expect(scaleFor("zoom", SCREEN, room, 3, 0.0001)).toBe(fit);
    expect(scaleFor("zoom", SCREEN, room, 3, 1)).toBe(1);
    expect(scaleFor("zoom", SCREEN, room, 3, 1e6)).toBeCloseTo(8 / 3, 9);
  });

  it("always fits into the room when it is to fit", () => {
    const random = randomOf(9);
    for (let i = 0; i < 200; i++) {
      const screen = { width: 1 + Math.floor(random() * 5000), height: 1 + Math.floor(random() * 5000) };
      const room = { width: 50 + random() * 3000, height: 50 + random() * 2000 };
      const scale = scaleFor("fit", screen, room, [1, 1.25, 1.5, 2, 3][i % 5] as number, 1);
      expect(scale).toBeGreaterThan(0);
      expect(screen.width * scale).toBeLessThanOrEqual(room.width + 1e-6);
      expect(screen.height * scale).toBeLessThanOrEqual(room.height + 1e-6);
    }
  });
});

describe("isCrisp", () => {
  it("is where a remote pixel covers whole device pixels", () => {
    expect([isCrisp(1, 1), isCrisp(0.5, 2), isCrisp(2, 1.5), isCrisp(1, 1.25), isCrisp(0.5, 1)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("toRemote", () => {
  const box = { x: 10, y: 20, width: 960, height: 540 };

  it.each([
    [
      { x: 10, y: 20 },
      { x: 0, y: 0 },
    ],
    [
      { x: 490, y: 290 },
      { x: 960, y: 540 },
    ],
    [
      { x: 969.9, y: 559.9 },
      { x: 1919, y: 1079 },
    ],
    [
      { x: -500, y: 5000 },
      { x: 0, y: 1079 },
    ],
  ])("%o is %o", (point, pixel) => {
    expect(toRemote(point, box, SCREEN)).toEqual(pixel);
  });

  it("stays on the screen before there is a picture", () => {
    expect(toRemote({ x: 5, y: 5 }, { x: 0, y: 0, width: 0, height: 0 }, SCREEN)).toEqual({ x: 0, y: 0 });
  });
});

describe("scrollForZoom", () => {
  it("keeps what is under the fingers under the fingers", () => {
    const scroll = { x: 120, y: 40 };
    const focus = { x: 200, y: 300 };
    const after = scrollForZoom(scroll, focus, 0.5, 1.25);
    expect((scroll.x + focus.x) / 0.5).toBeCloseTo((after.x + focus.x) / 1.25, 9);
    expect((scroll.y + focus.y) / 0.5).toBeCloseTo((after.y + focus.y) / 1.25, 9);
  });
});
