/** The DOM half of mouse, pen, touch and wheel: listens on the screen and sends what the machines make of it. */
import type { ToHost } from "../../../protocol/generated/messages";
import type { Point } from "../picture/scaling";
import { ButtonMask } from "./buttons";
import { type TouchAction, TouchMachine } from "./touch";
import { WheelAccumulator } from "./wheel";

/** What pointers need from their page. Points are CSS pixels of the page. */
export interface PointerTarget {
  send(message: ToHost): void;
  toRemote(point: Point): Point;
  /** Called before a button or the wheel goes out: the keyboard has to be in order first. */
  beforeAction(): void;
  pointerAt(point: Point, touch: boolean): void;
  zoom(at: Point, factor: number, moved: Point): void;
}

/** The host need not know the pointer more often than this. */
const MOVE_INTERVAL_MS = 4;
const NOTCHES_MAX = 50;

export class PointerSource {
  readonly #target: PointerTarget;
  readonly #element: HTMLElement;
  readonly #buttons = new ButtonMask();
  readonly #wheel = new WheelAccumulator();
  readonly #touch = new TouchMachine();
  #touchTimer = 0;
  #lastMove: { x: number; y: number; timeMs: number } | null = null;

  constructor(element: HTMLElement, target: PointerTarget) {
    this.#element = element;
    this.#target = target;
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event, false));
    // Not held back until the next frame, where the browser has it.
    element.addEventListener("pointerrawupdate", (event) => this.#move(event as PointerEvent, true));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#cancel(event));
    element.addEventListener("lostpointercapture", (event) => this.#lost(event));
    element.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    // The keyboard stays where it is; middle clicks do not scroll; nothing is dragged or selected.
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("auxclick", (event) => event.preventDefault());
    element.addEventListener("dragstart", (event) => event.preventDefault());
  }

  #down(event: PointerEvent): void {
    event.preventDefault();
    this.#capture(event.pointerId);
    this.#target.beforeAction();
    if (event.pointerType === "touch") {
      this.#act(this.#touch.down({ id: event.pointerId, ...pointOf(event), timeMs: event.timeStamp }));
    } else {
      this.#press(event, event.buttons);
    }
  }

  #move(event: PointerEvent, raw: boolean): void {
    if (event.pointerType === "touch") {
      if (!raw) this.#act(this.#touch.move({ id: event.pointerId, ...pointOf(event), timeMs: event.timeStamp }));
      return;
    }
    const due = this.#lastMove === null || event.timeStamp - this.#lastMove.timeMs >= MOVE_INTERVAL_MS;
    if (!raw || due) this.#moveTo(pointOf(event), event.timeStamp, false);
    // A second button while one is held comes as a movement.
    if (!raw) this.#press(event, event.buttons);
  }

  #up(event: PointerEvent): void {
    event.preventDefault();
    if (event.pointerType === "touch") {
      this.#act(this.#touch.up({ id: event.pointerId, ...pointOf(event), timeMs: event.timeStamp }));
    } else {
      this.#press(event, event.buttons);
    }
  }

  #cancel(event: PointerEvent): void {
    if (event.pointerType === "touch") this.#act(this.#touch.cancel());
    else this.#press(event, 0);
  }

  #lost(event: PointerEvent): void {
    if (event.pointerType !== "touch" && this.#buttons.any) this.#press(event, 0);
  }

  #press(event: PointerEvent, mask: number): void {
    for (const { button, down } of this.#buttons.update(mask)) {
      this.#target.beforeAction();
      const at = this.#target.toRemote(pointOf(event));
      this.#target.pointerAt(pointOf(event), false);
      this.#target.send({ t: "pointer_button", ...at, button, down });
    }
  }

  #turn(event: WheelEvent): void {
    event.preventDefault();
    const notches = this.#wheel.add(event);
    if (notches === null) return;
    this.#target.beforeAction();
    this.#target.send({ t: "wheel", ...this.#target.toRemote(pointOf(event)), ...notches });
  }

  #moveTo(point: Point, timeMs: number, touch: boolean): void {
    this.#target.pointerAt(point, touch);
    const { x, y } = this.#target.toRemote(point);
    const last = this.#lastMove;
    this.#lastMove = { x, y, timeMs };
    if (last === null || last.x !== x || last.y !== y) this.#target.send({ t: "pointer_move", x, y });
  }

  #act(actions: readonly TouchAction[]): void {
    for (const action of actions) {
      if (action.kind === "zoom") {
        this.#target.zoom(action.at, action.factor, action.moved);
        continue;
      }
      if (action.kind === "move") {
        this.#moveTo(action.at, performance.now(), true);
        continue;
      }
      const at = this.#target.toRemote(action.at);
      if (action.kind === "button") {
        this.#target.send({ t: "pointer_button", ...at, button: action.button, down: action.down });
      } else {
        this.#target.send({ t: "wheel", ...at, dx: inRange(action.dx), dy: inRange(action.dy) });
      }
    }
    window.clearTimeout(this.#touchTimer);
    const dueAtMs = this.#touch.dueAtMs;
    if (dueAtMs === null) return;
    const pauseMs = Math.max(0, dueAtMs - performance.now());
    this.#touchTimer = window.setTimeout(() => this.#act(this.#touch.time(performance.now())), pauseMs);
  }

  #capture(pointerId: number): void {
    try {
      this.#element.setPointerCapture(pointerId);
    } catch {
      // The pointer is gone already (a very short touch): there is nothing to capture.
    }
  }
}

function pointOf(event: MouseEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function inRange(notches: number): number {
  return Math.min(Math.max(notches, -NOTCHES_MAX), NOTCHES_MAX);
}
