/** Gives the canvas its size and place on the page, and turns points of the page into remote pixels. */
import { isCrisp, type Point, type Size, scaleFor, scrollForZoom, toRemote, type ViewMode } from "./scaling";

export class Viewport {
  readonly #room: HTMLElement;
  readonly #surface: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  #screen: Size = { width: 1, height: 1 };
  #mode: ViewMode = "fit";
  #zoom = 1;
  #scale = 1;

  /**
   * @param room what of the page the screen may take; scrolls when it is too small
   * @param surface within it, as large as the picture
   * @param canvas within that, the picture
   */
  constructor(room: HTMLElement, surface: HTMLElement, canvas: HTMLCanvasElement) {
    this.#room = room;
    this.#surface = surface;
    this.#canvas = canvas;
    new ResizeObserver(() => this.#layOut()).observe(room);
    // The pixel ratio changes when the page is zoomed or moves to another monitor.
    window.addEventListener("resize", () => this.#layOut());
  }

  get mode(): ViewMode {
    return this.#mode;
  }

  /** CSS pixels a remote pixel takes. */
  get scale(): number {
    return this.#scale;
  }

  setMode(mode: "fit" | "actual"): void {
    this.#mode = mode;
    this.#layOut();
  }

  setScreen(screen: Size): void {
    this.#screen = { width: screen.width, height: screen.height };
    this.#layOut();
  }

  /** The remote pixel under a point of the page. */
  toRemote(point: Point): Point {
    return toRemote(point, this.#canvas.getBoundingClientRect(), this.#screen);
  }

  /** The point in CSS pixels from the screen's upper left corner. */
  toSurface(point: Point): Point {
    const box = this.#canvas.getBoundingClientRect();
    return { x: point.x - box.x, y: point.y - box.y };
  }

  /** Zooms around a point of the page and moves along, as two fingers ask. */
  zoomBy(at: Point, factor: number, moved: Point): void {
    const room = this.#room.getBoundingClientRect();
    const focus = { x: at.x - room.x, y: at.y - room.y };
    const before = this.#scale;
    this.#zoom = before * factor;
    this.#mode = "zoom";
    const scroll = { x: this.#room.scrollLeft, y: this.#room.scrollTop };
    this.#layOut();
    this.#zoom = this.#scale;
    const target = scrollForZoom(scroll, focus, before, this.#scale);
    this.#room.scrollTo(target.x - moved.x, target.y - moved.y);
  }

  #layOut(): void {
    const box = this.#room.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return;
    const ratio = window.devicePixelRatio;
    this.#scale = scaleFor(this.#mode, this.#screen, box, ratio, this.#zoom);
    const width = this.#screen.width * this.#scale;
    const height = this.#screen.height * this.#scale;
    const { style } = this.#surface;
    style.width = `${width}px`;
    style.height = `${height}px`;
    // Onto whole device pixels, or the picture would be blurred.
    style.marginLeft = `${Math.max(0, Math.floor(((box.width - width) / 2) * ratio) / ratio)}px`;
    style.marginTop = `${Math.max(0, Math.floor(((box.height - height) / 2) * ratio) / ratio)}px`;
    this.#room.dataset.mode = this.#mode;
    this.#canvas.dataset.crisp = String(isCrisp(this.#scale, ratio));
  }
}
