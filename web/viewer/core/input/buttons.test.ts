import { describe, expect, it } from "vitest";
import { ButtonMask } from "./buttons";

describe("ButtonMask", () => {
  it("numbers the buttons as the protocol does", () => {
    const pressed = [1, 2, 4, 8, 16].map((bit) => new ButtonMask().update(bit)[0]);
    expect(pressed.map((change) => change?.button)).toEqual([0, 2, 1, 3, 4]);
  });

  it("tells of a second button pressed and released while the first is held", () => {
    const mask = new ButtonMask();
    mask.update(1);
    expect(mask.update(3)).toEqual([{ button: 2, down: true }]);
    expect(mask.update(1)).toEqual([{ button: 2, down: false }]);
    expect(mask.any).toBe(true);
  });

  it("releases before it presses", () => {
    const mask = new ButtonMask();
    mask.update(2);
    expect(mask.update(1)).toEqual([
      { button: 2, down: false },
      { button: 0, down: true },
    ]);
  });
});
