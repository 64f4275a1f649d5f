/** Turns a browser's wheel distances into the whole notches of the protocol. Pure. */

/** What a notch of a usual mouse wheel measures in the three units of WheelEvent.deltaMode. */
const PIXELS_PER_NOTCH = 100;
const LINES_PER_NOTCH = 3;
const NOTCHES_PER_PAGE = 8;
const DOM_DELTA_LINE = 1;
const DOM_DELTA_PAGE = 2;
/** What one message may carry. */
const NOTCHES_MAX = 50;
/** A rest older than this belongs to another gesture. */
const REST_LIFETIME_MS = 1000;

export interface WheelDelta {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly timeStamp: number;
}

export interface Notches {
  readonly dx: number;
  readonly dy: number;
}

/** Collects fractions of notches, which touchpads send, until they are whole. */
export class WheelAccumulator {
  #restX = 0;
  #restY = 0;
  #lastMs = 0;

  /** The whole notches that are due, null when there are none. */
  add(event: WheelDelta): Notches | null {
    if (event.timeStamp - this.#lastMs > REST_LIFETIME_MS) this.reset();
    this.#lastMs = event.timeStamp;
    this.#restX = accumulate(this.#restX, inNotches(event.deltaX, event.deltaMode));
    this.#restY = accumulate(this.#restY, inNotches(event.deltaY, event.deltaMode));
    const dx = whole(this.#restX);
    const dy = whole(this.#restY);
    if (dx === 0 && dy === 0) return null;
    this.#restX -= dx;
    this.#restY -= dy;
    return { dx, dy };
  }

  reset(): void {
    this.#restX = 0;
    this.#restY = 0;
  }
}

function inNotches(delta: number, mode: number): number {
  if (mode === DOM_DELTA_LINE) return delta / LINES_PER_NOTCH;
  if (mode === DOM_DELTA_PAGE) return delta * NOTCHES_PER_PAGE;
  return delta / PIXELS_PER_NOTCH;
}

/** A turn in the other direction begins anew; what exceeds one message is dropped. */
function accumulate(rest: number, change: number): number {
  const sum = rest * change < 0 ? change : rest + change;
  return Math.min(Math.max(sum, -NOTCHES_MAX), NOTCHES_MAX);
}

/** Rounding error of a notch that came in parts must not cost the notch; never -0. */
function whole(value: number): number {
  return Math.trunc(value + Math.sign(value) * 1e-6) || 0;
}
