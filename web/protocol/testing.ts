/** Shared by the tests beside it; not part of any build. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Bytes } from "./rules";

/** Bytes of a golden vector. */
export function hex(text: string): Bytes {
  return Uint8Array.from(hexToBytes(text));
}

/** The text of bytes, as golden vectors write them. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}
