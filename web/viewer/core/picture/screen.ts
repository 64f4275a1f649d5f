/** Puts finished rectangles onto the visible canvas, at once. Not for sizes on the page: `scaling.ts`. */
import type { Framebuffer, Rectangle } from "./framebuffer";

/** The one visible canvas. Its pixels are the remote screen's, whatever size the page shows it in. */
export class Screen {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageData | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.canvas = canvas;
    this.#context = context;
  }

  /** From now on shows this framebuffer; black until something is drawn. */
  attach(framebuffer: Framebuffer): void {
    this.canvas.width = framebuffer.width;
    this.canvas.height = framebuffer.height;
    this.#image = new ImageData(framebuffer.bytes, framebuffer.width, framebuffer.height);
  }

  /** Draws these parts of the framebuffer. */
  draw(rectangles: readonly Rectangle[]): void {
    if (this.#image === null) return;
    for (const { x, y, width, height } of rectangles) {
      this.#context.putImageData(this.#image, 0, 0, x, y, width, height);
    }
  }
}
