/**
 * Reads fingers as a mouse. Pure: touches in, actions out, points in CSS pixels of the page.
 *
 *     one finger:  tap = click · long press = right click · drag = drag
 *     two fingers: move together = wheel · spread or pinch = zoom (and move) the view here
 */
import type { Point } from "../picture/scaling";

const SLOP = 10;
const LONG_PRESS_MS = 500;
/** How much the distance of two fingers changes before it is a pinch, in CSS pixels. */
const PINCH_SLOP = 24;
/** How far two fingers move together for one notch of the wheel. */
const POINTS_PER_NOTCH = 28;

export interface Touch extends Point {
  readonly id: number;
  readonly timeMs: number;
}

export type TouchAction =
  | { readonly kind: "move"; readonly at: Point }
  | { readonly kind: "button"; readonly at: Point; readonly button: 0 | 2; readonly down: boolean }
  | { readonly kind: "wheel"; readonly at: Point; readonly dx: number; readonly dy: number }
  | { readonly kind: "zoom"; readonly at: Point; readonly factor: number; readonly moved: Point };

type Gesture = "none" | "pressing" | "dragging" | "two" | "scrolling" | "pinching" | "done";

export class TouchMachine {
  readonly #fingers = new Map<number, Point>();
  #gesture: Gesture = "none";
  #start: Touch | null = null;
  #last: Point = { x: 0, y: 0 };
  #startDistance = 0;
  #startCenter: Point = { x: 0, y: 0 };
  #lastDistance = 0;
  #lastCenter: Point = { x: 0, y: 0 };
  #wheelRest: Point = { x: 0, y: 0 };

  /** When a finger that stays becomes a right click; call `time` then. Null: no finger waits for the clock. */
  get dueAtMs(): number | null {
    return this.#gesture === "pressing" && this.#start !== null ? this.#start.timeMs + LONG_PRESS_MS : null;
  }

  down(touch: Touch): readonly TouchAction[] {
    this.#fingers.set(touch.id, touch);
    if (this.#fingers.size === 1) {
      this.#gesture = "pressing";
      this.#start = touch;
      this.#last = touch;
      return [];
    }
    const actions = this.#gesture === "dragging" ? [release(this.#last)] : [];
    if (this.#fingers.size === 2 && this.#gesture !== "done") this.#beginTwo();
    else this.#gesture = "done";
    return actions;
  }

  move(touch: Touch): readonly TouchAction[] {
    if (!this.#fingers.has(touch.id)) return [];
    this.#fingers.set(touch.id, touch);
    switch (this.#gesture) {
      case "pressing":
        return this.#maybeDrag(touch);
      case "dragging":
        this.#last = touch;
        return [{ kind: "move", at: touch }];
      case "two":
        return this.#decideTwo();
      case "scrolling":
        return this.#scroll();
      case "pinching":
        return this.#pinch();
      default:
        return [];
    }
  }

  up(touch: Touch): readonly TouchAction[] {
    if (!this.#fingers.delete(touch.id)) return [];
    const gesture = this.#gesture;
    this.#gesture = this.#fingers.size === 0 ? "none" : "done";
    const start = this.#start;
    if (gesture === "pressing" && start !== null) {
      return [{ kind: "move", at: start }, press(start), release(start)];
    }
    return gesture === "dragging" ? [release(touch)] : [];
  }

  /** The system took the fingers away. */
  cancel(): readonly TouchAction[] {
    const actions = this.#gesture === "dragging" ? [release(this.#last)] : [];
    this.#fingers.clear();
    this.#gesture = "none";
    return actions;
  }

  time(nowMs: number): readonly TouchAction[] {
    const due = this.dueAtMs;
    const start = this.#start;
    if (due === null || start === null || nowMs < due) return [];
    this.#gesture = "done";
    const click = (down: boolean): TouchAction => ({ kind: "button", at: start, button: 2, down });
    return [{ kind: "move", at: start }, click(true), click(false)];
  }

  #maybeDrag(touch: Touch): TouchAction[] {
    const start = this.#start as Touch;
    if (distance(start, touch) < SLOP) return [];
    this.#gesture = "dragging";
    this.#last = touch;
    return [{ kind: "move", at: start }, press(start), { kind: "move", at: touch }];
  }

  #beginTwo(): void {
    const [one, other] = this.#pair();
    this.#gesture = "two";
    this.#startDistance = this.#lastDistance = distance(one, other);
    this.#startCenter = this.#lastCenter = center(one, other);
    this.#wheelRest = { x: 0, y: 0 };
  }

  #decideTwo(): readonly TouchAction[] {
    const [one, other] = this.#pair();
    if (Math.abs(distance(one, other) - this.#startDistance) > PINCH_SLOP) {
      this.#gesture = "pinching";
      return this.#pinch();
    }
    if (distance(center(one, other), this.#startCenter) > SLOP) {
      this.#gesture = "scrolling";
      return this.#scroll();
    }
    return [];
  }

  #scroll(): TouchAction[] {
    const [one, other] = this.#pair();
    const now = center(one, other);
    // The page follows the fingers: moving them up scrolls down.
    const x = this.#wheelRest.x + (this.#lastCenter.x - now.x) / POINTS_PER_NOTCH;
    const y = this.#wheelRest.y + (this.#lastCenter.y - now.y) / POINTS_PER_NOTCH;
    this.#lastCenter = now;
    const dx = Math.trunc(x) || 0;
    const dy = Math.trunc(y) || 0;
    this.#wheelRest = { x: x - dx, y: y - dy };
    return dx === 0 && dy === 0 ? [] : [{ kind: "wheel", at: this.#startCenter, dx, dy }];
  }

  #pinch(): TouchAction[] {
    const [one, other] = this.#pair();
    const now = center(one, other);
    const apart = Math.max(distance(one, other), 1);
    const moved = { x: now.x - this.#lastCenter.x, y: now.y - this.#lastCenter.y };
    const factor = apart / Math.max(this.#lastDistance, 1);
    this.#lastCenter = now;
    this.#lastDistance = apart;
    return [{ kind: "zoom", at: now, factor, moved }];
  }

  #pair(): [Point, Point] {
    const [one, other] = this.#fingers.values();
    return [one as Point, other as Point];
  }
}

function press(at: Point): TouchAction {
  return { kind: "button", at, button: 0, down: true };
}

function release(at: Point): TouchAction {
  return { kind: "button", at, button: 0, down: false };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function center(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
