/** For tests: encodes rectangles as the host does, with a generator of numbers that repeats. */

/** mulberry32: the same numbers, 0 to 1, for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function header(kind: number, x: number, y: number, width: number, height: number): number[] {
  return [kind, ...[x, y, width, height].flatMap((value) => [value >> 8, value & 255])];
}

export function joined(...parts: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flat());
}

/** The pieces of data, cut at random places. */
export function cut(data: Uint8Array, random: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.length; ) {
    const length = 1 + Math.floor(random() ** 3 * 40);
    pieces.push(data.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
