import { describe, expect, it } from "vitest";
import { type Touch, type TouchAction, TouchMachine } from "./touch";

const at = (id: number, x: number, y: number, timeMs = 0): Touch => ({ id, x, y, timeMs });

/** What the actions do, in short. */
function told(actions: readonly TouchAction[]): string[] {
  return actions.map((action) => {
    if (action.kind === "button") return `${action.button === 0 ? "left" : "right"} ${action.down ? "down" : "up"}`;
    if (action.kind === "wheel") return `wheel ${action.dx} ${action.dy}`;
    return action.kind;
  });
}

describe("TouchMachine", () => {
  it("reads a tap as a click where the finger came down", () => {
    const machine = new TouchMachine();
    expect(machine.down(at(1, 50, 60))).toEqual([]);
    machine.move(at(1, 53, 61));
    const actions = machine.up(at(1, 53, 61, 90));
    expect(told(actions)).toEqual(["move", "left down", "left up"]);
    expect(actions[0]).toMatchObject({ at: { x: 50, y: 60 } });
  });

  it("reads a long press as a right click, once", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 50, 60, 1000));
    expect(machine.dueAtMs).toBe(1500);
    expect(machine.time(1499)).toEqual([]);
    expect(told(machine.time(1500))).toEqual(["move", "right down", "right up"]);
    expect(machine.dueAtMs).toBeNull();
    expect(machine.up(at(1, 50, 60, 1700))).toEqual([]);
  });

  it("drags with the button held from where the finger came down", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 0, 0));
    expect(told(machine.move(at(1, 30, 0)))).toEqual(["move", "left down", "move"]);
    expect(told(machine.move(at(1, 40, 0)))).toEqual(["move"]);
    expect(machine.dueAtMs).toBeNull();
    expect(told(machine.up(at(1, 40, 0)))).toEqual(["left up"]);
  });

  it("never leaves the button down when fingers are added or taken away", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 0, 0));
    machine.move(at(1, 30, 0));
    expect(told(machine.down(at(2, 90, 0)))).toEqual(["left up"]);
    machine.up(at(1, 30, 0));
    machine.up(at(2, 90, 0));
    machine.down(at(1, 0, 0));
    machine.move(at(1, 30, 0));
    expect(told(machine.cancel())).toEqual(["left up"]);
  });

  it("turns the wheel against the fingers' way", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 100, 300));
    machine.down(at(2, 160, 300));
    const actions: TouchAction[] = [];
    for (let y = 290; y >= 180; y -= 10) {
      actions.push(...machine.move(at(1, 100, y)), ...machine.move(at(2, 160, y)));
    }
    const notches = actions.map((action) => (action.kind === "wheel" ? action.dy : Number.NaN));
    expect(notches.reduce((sum, one) => sum + one, 0)).toBe(4);
    expect(machine.up(at(1, 100, 180))).toEqual([]);
    expect(machine.up(at(2, 160, 180))).toEqual([]);
  });

  it("zooms around the fingers when they spread", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 100, 100));
    machine.down(at(2, 200, 100));
    const zooms = [...machine.move(at(1, 60, 100)), ...machine.move(at(2, 240, 100))];
    const factor = zooms.reduce((product, one) => (one.kind === "zoom" ? product * one.factor : Number.NaN), 1);
    expect(factor).toBeCloseTo(1.8, 9);
    expect(zooms.at(-1)).toMatchObject({ at: { x: 150, y: 100 } });
  });

  it("reads nothing more into fingers left over from a gesture", () => {
    const machine = new TouchMachine();
    machine.down(at(1, 0, 0));
    machine.down(at(2, 90, 0));
    machine.up(at(2, 90, 0));
    expect(machine.move(at(1, 80, 80))).toEqual([]);
    expect(machine.up(at(1, 80, 80))).toEqual([]);
    machine.down(at(3, 5, 5));
    expect(told(machine.up(at(3, 5, 5)))).toEqual(["move", "left down", "left up"]);
  });
});
