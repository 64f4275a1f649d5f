/** Unpacks the updates' DEFLATE stream (RFC 1951), piece by piece. Not for what the bytes mean: `rectangles.ts`. */
import { Z_BUF_ERROR, Z_OK, Z_SYNC_FLUSH, ZStream, zlibInflate, zlibInflateInit2 } from "pako";
import { ProtocolError } from "../../../protocol/codec";

const RAW_WINDOW_BITS = -15;
const OUTPUT_BYTES = 256 * 1024;
/** What the host cuts from the end of each piece: the empty stored block of a sync flush. */
const FLUSH_MARK = Uint8Array.of(0x00, 0x00, 0xff, 0xff);

/**
 * One raw stream as long as a connection. pako's own `Inflate` allocates a buffer a call; this one keeps its buffer,
 * so what `receive` gets is valid only during the call.
 */
export class Inflater {
  readonly #stream = new ZStream();
  readonly #output = new Uint8Array(OUTPUT_BYTES);
  readonly #receive: (bytes: Uint8Array) => void;

  constructor(receive: (bytes: Uint8Array) => void) {
    this.#receive = receive;
    if (zlibInflateInit2(this.#stream, RAW_WINDOW_BITS) !== Z_OK) throw new Error("inflate does not start");
  }

  /** Hands on everything that this piece holds before it returns. Throws ProtocolError for what is no such piece. */
  push(piece: Uint8Array): void {
    this.#run(piece);
    this.#run(FLUSH_MARK);
  }

  #run(input: Uint8Array): void {
    const stream = this.#stream;
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    do {
      stream.output = this.#output;
      stream.next_out = 0;
      stream.avail_out = OUTPUT_BYTES;
      const status = zlibInflate(stream, Z_SYNC_FLUSH);
      // Z_BUF_ERROR only says that there was nothing to do; the end of the stream is not for the host to declare.
      if (status !== Z_OK && status !== Z_BUF_ERROR) throw new ProtocolError(`update does not inflate: ${status}`);
      if (stream.next_out > 0) this.#receive(this.#output.subarray(0, stream.next_out));
    } while (stream.avail_out === 0);
    if (stream.avail_in !== 0) throw new ProtocolError("update does not inflate to its end");
  }
}
