/** Records of the secure channel: AES-256-GCM with a key and a counter for each direction. Not for sockets. */
import { limits } from "./generated/messages";
import type { Bytes } from "./rules";

const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const COUNTER_LIMIT = 2 ** 48;

/** A record that does not open, or one too many or too long. The connection ends; nothing is skipped. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
}

/** Seals what goes out and opens what comes in. Promises resolve in the order of the calls. */
export interface RecordChannel {
  /** The record of one message. Rejects with ChannelError. */
  seal(plaintext: Bytes): Promise<Bytes>;
  /** The message of one record. Rejects with ChannelError, and then for every later record too. */
  open(record: ArrayBuffer | Bytes): Promise<Bytes>;
}

/** Makes a channel from the two direction keys; a test build of the protocol gives another one. */
export type ChannelFactory = (sendKey: Bytes, receiveKey: Bytes) => Promise<RecordChannel>;

/** The one ChannelFactory of the product. Keys are 32 bytes; counters start at 0. */
export const secureChannel: ChannelFactory = async (sendKey, receiveKey) => {
  const [send, receive] = await Promise.all([
    crypto.subtle.importKey("raw", sendKey, "AES-GCM", false, ["encrypt"]),
    crypto.subtle.importKey("raw", receiveKey, "AES-GCM", false, ["decrypt"]),
  ]);
  return new SecureChannel(send, receive);
};

class SecureChannel implements RecordChannel {
  readonly #seals = new Line();
  readonly #opens = new Line();
  readonly #send: CryptoKey;
  readonly #receive: CryptoKey;
  #sent = 0;
  #received = 0;

  constructor(send: CryptoKey, receive: CryptoKey) {
    this.#send = send;
    this.#receive = receive;
  }

  seal(plaintext: Bytes): Promise<Bytes> {
    return this.#seals.add(async () => {
      if (plaintext.byteLength > limits.RECORD_PLAINTEXT_MAX) {
        throw new ChannelError(`message of ${plaintext.byteLength} bytes, limit ${limits.RECORD_PLAINTEXT_MAX}`);
      }
      const algorithm = { name: "AES-GCM", iv: nonce(this.#sent++) };
      return new Uint8Array(await crypto.subtle.encrypt(algorithm, this.#send, plaintext));
    });
  }

  open(record: ArrayBuffer | Bytes): Promise<Bytes> {
    return this.#opens.add(async () => {
      if (record.byteLength < TAG_BYTES || record.byteLength > limits.RELAY_MESSAGE_MAX) {
        throw new ChannelError(`record of ${record.byteLength} bytes`);
      }
      const algorithm = { name: "AES-GCM", iv: nonce(this.#received++) };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#receive, record));
      } catch (error) {
        throw new ChannelError("record does not open", { cause: error });
      }
    });
  }
}

/** Work that begins at once and side by side, and ends in order; after one failure nothing succeeds any more. */
class Line {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => Promise<T>): Promise<T> {
    const begun = work();
    const result = this.#last.then(() => begun);
    // Whoever added the work hears of its failure through `result`; these two would be reported as unhandled.
    begun.catch(() => undefined);
    result.catch(() => undefined);
    this.#last = result;
    return result;
  }
}

/** Four zero bytes and the record's number, 64 bits big-endian. */
function nonce(number: number): Bytes {
  if (number >= COUNTER_LIMIT) throw new ChannelError("too many records under one key");
  const bytes = new Uint8Array(NONCE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, Math.floor(number / 2 ** 32));
  view.setUint32(8, number >>> 0);
  return bytes;
}
