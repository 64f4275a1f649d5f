/**
 * MessagePack in and out; length first, then shape, then every field. Not for ciphertext: that is `channel.ts`.
 *
 * Binary fields of a decoded message are views into the data it was decoded from: nothing is copied.
 */
import { Decoder, Encoder } from "@msgpack/msgpack";
import {
  type HandshakeMessage,
  handshakeMessageRules,
  type PairingMessage,
  pairingMessageRules,
  type RelayHello,
  type RelayPaired,
  relayHelloRules,
  relayPairedRules,
  type Settings,
  settingsRules,
  type ToHost,
  type ToViewer,
  toHostRules,
  toViewerRules,
} from "./generated/messages";
import type { Bytes, MessageRule, UnionRule } from "./rules";

/** Anything a peer sent that the protocol does not allow. The text is for logs, never for a person. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** No message of ours has more entries; a decoder allocates an array when it reads its header. */
const ENTRIES_MAX = 64;

const encoder = new Encoder();

/** Encodes and decodes one union of messages. */
export class Codec<M extends { readonly t: string }> {
  readonly #arrayLike: boolean;
  readonly #limit: number;
  readonly #byName: ReadonlyMap<unknown, MessageRule>;
  readonly #byTag: ReadonlyMap<unknown, MessageRule>;
  readonly #decoder: Decoder;

  constructor(union: UnionRule) {
    this.#arrayLike = union.arrayLike;
    this.#limit = union.limit;
    this.#byName = new Map(union.messages.map((rule) => [rule.name, rule]));
    this.#byTag = new Map(union.messages.map((rule) => [rule.tag, rule]));
    this.#decoder = new Decoder({
      maxStrLength: union.limit,
      maxBinLength: union.limit,
      maxArrayLength: ENTRIES_MAX,
      maxMapLength: ENTRIES_MAX,
      maxExtLength: 0,
    });
  }

  /** The bytes of a message. Throws ProtocolError for one that the other end would refuse. */
  encode(message: M): Bytes {
    const rule = this.#byName.get(message.t);
    if (rule === undefined) throw new ProtocolError(`no message ${message.t} here`);
    const values = message as unknown as Record<string, unknown>;
    const array: unknown[] = [rule.tag];
    const map: Record<string, unknown> = { t: rule.tag };
    for (const field of rule.fields) {
      const value = values[field.name];
      if (!field.allows(value)) throw new ProtocolError(`${rule.name}.${field.name} is out of bounds`);
      if (this.#arrayLike) array.push(value);
      else map[field.name] = value;
    }
    const data = encoder.encode(this.#arrayLike ? array : map);
    if (data.length > this.#limit) throw new ProtocolError(`message of ${data.length} bytes, limit ${this.#limit}`);
    return data;
  }

  /** The message. Throws ProtocolError for text, for oversized and for malformed data, and for nothing else. */
  decode(data: unknown): M {
    if (!(data instanceof ArrayBuffer || data instanceof Uint8Array)) {
      throw new ProtocolError("text where binary was expected");
    }
    if (data.byteLength > this.#limit) {
      throw new ProtocolError(`message of ${data.byteLength} bytes, limit ${this.#limit}`);
    }
    let value: unknown;
    try {
      value = this.#decoder.decode(data);
    } catch (error) {
      throw new ProtocolError("not MessagePack", { cause: error });
    }
    return (this.#arrayLike ? this.#fromArray(value) : this.#fromMap(value)) as unknown as M;
  }

  #fromArray(value: unknown): Record<string, unknown> {
    if (!Array.isArray(value)) throw new ProtocolError("not an array");
    return read(this.#byTag.get(value[0]), (_, index) => value[index + 1]);
  }

  #fromMap(value: unknown): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
      throw new ProtocolError("not a map");
    }
    const map = value as Record<string, unknown>;
    const entry = (name: string) => (Object.hasOwn(map, name) ? map[name] : undefined);
    return read(this.#byTag.get(entry("t")), entry);
  }
}

function read(rule: MessageRule | undefined, entry: (name: string, index: number) => unknown): Record<string, unknown> {
  if (rule === undefined) throw new ProtocolError("unknown message");
  const message: Record<string, unknown> = { t: rule.name };
  rule.fields.forEach((field, index) => {
    let value = entry(field.name, index);
    if (value === undefined) value = field.default;
    if (!field.allows(value)) throw new ProtocolError(`${rule.name}.${field.name} is not allowed`);
    message[field.name] = value;
  });
  return message;
}

export const pairing = new Codec<PairingMessage>(pairingMessageRules);
export const relayHello = new Codec<RelayHello>(relayHelloRules);
export const relayPaired = new Codec<RelayPaired>(relayPairedRules);
export const handshake = new Codec<HandshakeMessage>(handshakeMessageRules);
export const settings = new Codec<Settings>(settingsRules);
export const toViewer = new Codec<ToViewer>(toViewerRules);
export const toHost = new Codec<ToHost>(toHostRules);
