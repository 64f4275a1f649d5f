/** What the generated messages are made of: predicates for fields. Not for MessagePack; `codec.ts` applies them. */

/** Bytes in memory of their own kind: what WebCrypto and WebSocket take. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Says whether a decoded value is allowed in a field. */
export type FieldRule = (value: unknown) => boolean;

export interface MessageRule {
  /** What `t` says in TypeScript. */
  readonly name: string;
  /** What it is on the wire. */
  readonly tag: string | number;
  /** In wire order; a field with a default may be missing. */
  readonly fields: readonly { readonly name: string; readonly allows: FieldRule; readonly default?: unknown }[];
}

export interface UnionRule {
  /** Arrays with the tag in front; otherwise maps with the tag under `t`. */
  readonly arrayLike: boolean;
  /** Longest encoded message, in bytes. */
  readonly limit: number;
  readonly messages: readonly MessageRule[];
}

export const bool: FieldRule = (value) => typeof value === "boolean";

/** Whole numbers from `low` to `high`, both included. */
export const int =
  (low: number, high: number): FieldRule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;

/** Binary data of so many bytes. */
export const bytes =
  (shortest: number, longest: number): FieldRule =>
  (value) =>
    value instanceof Uint8Array && value.length >= shortest && value.length <= longest;

const LONE_SURROGATE = /\p{Surrogate}/u;
const ANY_SURROGATE = /[\ud800-\udfff]/;

/** Well-formed text of so many code points (as Python counts). */
export const text =
  (shortest: number, longest: number, pattern?: RegExp): FieldRule =>
  (value) => {
    if (typeof value !== "string") return false;
    let length = value.length;
    if (ANY_SURROGATE.test(value)) {
      if (LONE_SURROGATE.test(value)) return false;
      length = Array.from(value).length;
    }
    return length >= shortest && length <= longest && (pattern === undefined || pattern.test(value));
  };

export const list =
  (longest: number, item: FieldRule): FieldRule =>
  (value) =>
    Array.isArray(value) && value.length <= longest && value.every(item);
