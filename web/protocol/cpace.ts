/**
 * CPACE-X25519-SHA512 of draft-irtf-cfrg-cpace-21 (initiator-responder). Values in, values out; not for messages.
 *
 * The map to the curve runs on BigInt and is not constant-time; the threat model says what follows from that.
 */
import { _map_to_curve_elligator2_curve25519, ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const DSI = utf8ToBytes("CPace255");
const DSI_ISK = utf8ToBytes("CPace255_ISK");
const HASH_BLOCK_BYTES = 128;
const FIELD_BYTES = 32;
const FIELD_MASK = (1n << 255n) - 1n;

/** The shared point is the neutral element: the peer sent a point of low order. The run must be aborted. */
export class LowOrderPoint extends Error {
  override readonly name = "LowOrderPoint";
}

/** The data with its length in front, LEB128 (draft, `prepend_len`). */
export function lv(data: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = data.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return concatBytes(Uint8Array.from(length), data);
}

/** The parts joined, each with its length in front (draft, `lv_cat`). */
export function lvCat(...parts: Uint8Array[]): Uint8Array {
  return concatBytes(...parts.map(lv));
}

/** The secret generator, a u-coordinate of 32 bytes (draft, `calculate_generator` for G_X25519). */
export function generator(prs: Uint8Array, ci: Uint8Array, sid: Uint8Array): Uint8Array {
  const padding = Math.max(0, HASH_BLOCK_BYTES - 1 - lv(prs).length - lv(DSI).length);
  const digest = sha512(lvCat(DSI, prs, new Uint8Array(padding), ci, sid)).subarray(0, FIELD_BYTES);
  const field = ed25519.Point.Fp;
  const { xMn, xMd } = _map_to_curve_elligator2_curve25519(field.create(bytesToNumberLE(digest) & FIELD_MASK));
  return numberToBytesLE(field.div(xMn, xMd), FIELD_BYTES);
}

/** A fresh secret scalar of 32 bytes; X25519 clamps it. */
export function newScalar(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(FIELD_BYTES));
}

/** X25519(scalar, point), 32 bytes each. Throws LowOrderPoint when the product is all zero. */
export function multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  if (scalar.length !== FIELD_BYTES || point.length !== FIELD_BYTES) throw new RangeError("32 bytes expected");
  try {
    return x25519.scalarMult(scalar, point);
  } catch (error) {
    throw new LowOrderPoint("low-order point", { cause: error });
  }
}

/** The ordered transcript of both public shares and associated data (draft, `transcript_ir`). */
export function transcript(ya: Uint8Array, adA: Uint8Array, yb: Uint8Array, adB: Uint8Array): Uint8Array {
  return lvCat(ya, adA, yb, adB);
}

/** ISK, 64 bytes, of the shared secret `k` and the `transcript` of the run. */
export function intermediateSessionKey(sid: Uint8Array, k: Uint8Array, run: Uint8Array): Uint8Array {
  return sha512(concatBytes(lvCat(DSI_ISK, sid, k), run));
}
