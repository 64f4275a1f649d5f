import { describe, expect, it } from "vitest";
import { DirtyRegion, type Rectangle } from "./framebuffer";
import { randomOf } from "./testing";

function covers(rectangles: readonly Rectangle[], { x, y, width, height }: Rectangle): boolean {
  return rectangles.some(
    (one) => one.x <= x && one.y <= y && one.x + one.width >= x + width && one.y + one.height >= y + height,
  );
}

describe("DirtyRegion", () => {
  it("draws two distant rectangles as they are", () => {
    const region = new DirtyRegion();
    region.add(0, 0, 2, 2);
    region.add(90, 90, 2, 2);
    expect(region.take()).toHaveLength(2);
  });

  it("draws a row of tiles as one box", () => {
    const region = new DirtyRegion();
    for (let i = 0; i < 10; i++) region.add(i * 64, 0, 64, 64);
    expect(region.take()).toEqual([{ x: 0, y: 0, width: 640, height: 64 }]);
  });

  it("draws very many rectangles as one box", () => {
    const region = new DirtyRegion();
    for (let i = 0; i < 500; i++) region.add(i * 10, i * 10, 1, 1);
    expect(region.take()).toEqual([{ x: 0, y: 0, width: 4991, height: 4991 }]);
  });

  it("leaves nothing out", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomOf(seed);
      const upTo = (n: number) => Math.floor(random() * n);
      const region = new DirtyRegion();
      const added = Array.from({ length: 1 + upTo(80) }, () => ({
        x: upTo(500),
        y: upTo(500),
        width: 1 + upTo(90),
        height: 1 + upTo(90),
      }));
      for (const { x, y, width, height } of added) region.add(x, y, width, height);
      const drawn = region.take();
      for (const one of added) expect(covers(drawn, one)).toBe(true);
      expect(region.take()).toEqual([]);
    }
  });
});
