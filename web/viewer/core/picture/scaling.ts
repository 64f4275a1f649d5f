/** Sizes and positions between the remote screen's pixels and the page's. Pure. */

export type ViewMode = "fit" | "actual" | "zoom";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const ZOOM_MAX = 8;

/**
 * CSS pixels a remote pixel takes. *fit* shrinks as needed but enlarges only by whole device pixels, so that text
 * stays crisp; *actual* is one device pixel; *zoom* is what the fingers chose, never smaller than *fit*.
 */
export function scaleFor(mode: ViewMode, screen: Size, room: Size, pixelRatio: number, zoom: number): number {
  const actual = 1 / pixelRatio;
  if (mode === "actual") return actual;
  const free = Math.min(room.width / screen.width, room.height / screen.height);
  const devicePixels = free * pixelRatio;
  const fit = devicePixels >= 1 ? Math.floor(devicePixels) / pixelRatio : free;
  if (mode === "fit") return fit;
  return Math.min(Math.max(zoom, fit), Math.max(fit, ZOOM_MAX * actual));
}

/** Whether a remote pixel covers whole device pixels, so that smoothing would only blur. */
export function isCrisp(scale: number, pixelRatio: number): boolean {
  const devicePixels = scale * pixelRatio;
  return devicePixels >= 0.999 && Math.abs(devicePixels - Math.round(devicePixels)) < 0.001;
}

/** The remote pixel under a point of the page; beyond the edge, the nearest one. `box` is where the canvas is. */
export function toRemote(point: Point, box: Point & Size, screen: Size): Point {
  const along = (value: number, start: number, length: number, pixels: number) => {
    const at = length > 0 ? Math.floor(((value - start) * pixels) / length) : 0;
    return Math.min(Math.max(at, 0), pixels - 1);
  };
  return {
    x: along(point.x, box.x, box.width, screen.width),
    y: along(point.y, box.y, box.height, screen.height),
  };
}

/** Where to scroll so that what was under `focus` (within the visible part) stays there when the scale changes. */
export function scrollForZoom(scroll: Point, focus: Point, before: number, after: number): Point {
  const grow = after / before;
  return { x: (scroll.x + focus.x) * grow - focus.x, y: (scroll.y + focus.y) * grow - focus.y };
}
