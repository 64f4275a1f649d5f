/** Shows the remote pointer: as the page's own cursor, or drawn above the screen where that is not possible. */
import type { CursorShape } from "./cursorShape";
import type { Point } from "./scaling";

/** Browsers show no larger cursor than this; beyond 32 they drop it near the window's edge. */
const CSS_CURSOR_SIDE_MAX = 128;

export class RemoteCursor {
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: HTMLElement;
  readonly #context: CanvasRenderingContext2D;
  #shape: CursorShape | null = null;
  #touch = false;

  /**
   * @param surface what gets the CSS cursor
   * @param canvas lies above the screen, for what CSS cannot show
   */
  constructor(surface: HTMLElement, canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.#surface = surface;
    this.#canvas = canvas;
    this.#context = context;
    canvas.hidden = true;
  }

  show(shape: CursorShape): void {
    this.#shape = shape;
    if (shape.width > 0 && shape.height > 0) {
      this.#canvas.width = shape.width;
      this.#canvas.height = shape.height;
      this.#context.putImageData(new ImageData(shape.rgba, shape.width, shape.height), 0, 0);
    }
    this.#apply();
  }

  /** Back to the page's own pointer. */
  reset(): void {
    this.#shape = null;
    this.#canvas.hidden = true;
    this.#surface.style.cursor = "";
  }

  /** With a finger there is no pointer of the page's own: the remote one is drawn. */
  setTouch(touch: boolean): void {
    if (touch === this.#touch) return;
    this.#touch = touch;
    this.#apply();
  }

  /** Where the pointer is: in CSS pixels from the screen's corner. `scale` is that of the screen. */
  moveTo(at: Point, scale: number): void {
    const shape = this.#shape;
    if (shape === null || this.#canvas.hidden) return;
    const { style } = this.#canvas;
    style.width = `${shape.width * scale}px`;
    style.height = `${shape.height * scale}px`;
    style.transform = `translate(${at.x - shape.hotX * scale}px, ${at.y - shape.hotY * scale}px)`;
  }

  #apply(): void {
    const shape = this.#shape;
    if (shape === null) return;
    const empty = shape.width === 0 || shape.height === 0;
    const drawn = !empty && (this.#touch || Math.max(shape.width, shape.height) > CSS_CURSOR_SIDE_MAX);
    this.#canvas.hidden = !drawn;
    if (empty || drawn) this.#surface.style.cursor = "none";
    else this.#surface.style.cursor = `url(${this.#canvas.toDataURL()}) ${shape.hotX} ${shape.hotY}, default`;
  }
}
