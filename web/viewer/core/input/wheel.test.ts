import { describe, expect, it } from "vitest";
import { type Notches, WheelAccumulator } from "./wheel";

const turn = (deltaY: number, timeStamp = 0, deltaMode = 0, deltaX = 0) => ({ deltaX, deltaY, deltaMode, timeStamp });

function total(notches: (Notches | null)[]): number {
  return notches.reduce((sum, one) => sum + (one?.dy ?? 0), 0);
}

describe("WheelAccumulator", () => {
  it.each([
    ["pixels", turn(100), { dx: 0, dy: 1 }],
    ["lines", turn(-3, 0, 1), { dx: 0, dy: -1 }],
    ["pages", turn(1, 0, 2), { dx: 0, dy: 8 }],
    ["pixels sideways", turn(0, 0, 0, -200), { dx: -2, dy: 0 }],
  ])("knows a notch in %s", (_, event, notches) => {
    expect(new WheelAccumulator().add(event)).toEqual(notches);
  });

  it("collects a touchpad's small steps and loses none", () => {
    const wheel = new WheelAccumulator();
    expect(total(Array.from({ length: 100 }, (_, i) => wheel.add(turn(7, i * 10))))).toBe(7);
  });

  it("adds up tenths without rounding a notch away", () => {
    const wheel = new WheelAccumulator();
    expect(total(Array.from({ length: 10 }, () => wheel.add(turn(10))))).toBe(1);
  });

  it("begins anew in the other direction", () => {
    const wheel = new WheelAccumulator();
    wheel.add(turn(90));
    expect(wheel.add(turn(-50))).toBeNull();
    expect(wheel.add(turn(-50))).toEqual({ dx: 0, dy: -1 });
  });

  it("forgets a rest after a pause", () => {
    const wheel = new WheelAccumulator();
    wheel.add(turn(90, 0));
    expect(wheel.add(turn(90, 5000))).toBeNull();
  });

  it("never exceeds what a message may carry", () => {
    expect(new WheelAccumulator().add(turn(1e9))).toEqual({ dx: 0, dy: 50 });
  });
});
