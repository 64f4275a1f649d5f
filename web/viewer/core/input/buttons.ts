/** Which mouse buttons changed, from the bit mask of a pointer event. Pure. */

/** Bits of MouseEvent.buttons and the number that MouseEvent.button gives the same button. */
const BUTTONS: readonly (readonly [bit: number, button: number])[] = [
  [1, 0],
  [4, 1],
  [2, 2],
  [8, 3],
  [16, 4],
];

export interface ButtonChange {
  readonly button: number;
  readonly down: boolean;
}

/** Remembers what is down. A mask tells also of buttons pressed while another is held, which have no event. */
export class ButtonMask {
  #mask = 0;

  /** The changes since the last call; releases first. */
  update(mask: number): readonly ButtonChange[] {
    const changed = BUTTONS.filter(([bit]) => ((mask ^ this.#mask) & bit) !== 0);
    this.#mask = mask;
    const changes = changed.map(([bit, button]) => ({ button, down: (mask & bit) !== 0 }));
    return changes.sort((one, other) => Number(one.down) - Number(other.down));
  }

  /** Whether any button is down. */
  get any(): boolean {
    return this.#mask !== 0;
  }
}
