/** One WebSocket to the relay: first read message by message, then handed on as they come. Not for what they say. */
import { ProtocolError } from "../../../protocol/codec";
import { codes } from "../../../protocol/generated/messages";
import type { Bytes } from "../../../protocol/rules";
import { closeFailure, Failure } from "./failure";

/** What of a WebSocket is used; a test brings another one. */
export interface Socket {
  binaryType: BinaryType;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  send(data: Bytes): void;
  close(code?: number): void;
}

export type Dial = (url: string) => Socket;

/** Until somebody reads, the host may send so many messages ahead. */
const UNREAD_MAX = 64;

export class RelaySocket {
  readonly #socket: Socket;
  readonly #opened: Promise<void>;
  readonly #unread: ArrayBuffer[] = [];
  #reader: { resolve: (data: ArrayBuffer) => void; reject: (failure: Failure) => void } | null = null;
  #receive: ((data: ArrayBuffer) => void) | null = null;
  #lost: ((failure: Failure) => void) | null = null;
  #failure: Failure | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    this.#opened = new Promise((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onclose = (event) => {
        const failure = closeFailure(event.code, event.reason);
        reject(failure);
        this.#fail(failure);
      };
    });
    // Whoever waits for `opened` hears of its failure; nobody may be waiting.
    this.#opened.catch(() => undefined);
    socket.onmessage = (event) => this.#take(event.data);
  }

  /** Resolves when connected. Rejects with Failure. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** Bytes handed to `send` that have not left. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(data: Bytes): void {
    if (this.#failure === null) this.#socket.send(data);
  }

  /** The next message. One reader at a time. Rejects with Failure. */
  read(): Promise<ArrayBuffer> {
    const data = this.#unread.shift();
    if (data !== undefined) return Promise.resolve(data);
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** From now on every message goes to `receive` in the moment it comes, and the end to `lost`, once. */
  pipe(receive: (data: ArrayBuffer) => void, lost: (failure: Failure) => void): void {
    this.#receive = receive;
    this.#lost = lost;
    for (const data of this.#unread.splice(0)) receive(data);
    if (this.#failure !== null) lost(this.#failure);
  }

  /** Closes for this reason, which `lost` or the reader hears. */
  close(failure: Failure): void {
    this.#socket.close();
    this.#fail(failure);
  }

  #take(data: unknown): void {
    if (this.#failure !== null) return;
    if (!(data instanceof ArrayBuffer)) {
      this.close(new Failure(codes.MALFORMED_MESSAGE, null, new ProtocolError("text where binary was expected")));
    } else if (this.#receive !== null) {
      this.#receive(data);
    } else if (this.#reader !== null) {
      const reader = this.#reader;
      this.#reader = null;
      reader.resolve(data);
    } else if (this.#unread.length < UNREAD_MAX) {
      this.#unread.push(data);
    } else {
      this.close(new Failure(codes.MALFORMED_MESSAGE));
    }
  }

  #fail(failure: Failure): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#reader?.reject(failure);
    this.#reader = null;
    this.#lost?.(failure);
  }
}
