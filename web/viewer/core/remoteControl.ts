/**
 * One open remote-control connection: messages of the host become pixels and events, the viewer's become records.
 * The way from a socket message to the canvas is kept short on purpose. Not for reconnecting: `connection/lifecycle`.
 */
import * as codec from "../../protocol/codec";
import {
  type Clipboard,
  codes,
  limits,
  type Rights,
  type ToHost,
  type ToViewer,
} from "../../protocol/generated/messages";
import type { OpenConnection } from "./connection/connect";
import { Failure, failureOf, knownCode } from "./connection/failure";
import { wellFormed } from "./input/text";
import { type CursorShape, cursorShape } from "./picture/cursorShape";
import type { Framebuffer, Rectangle } from "./picture/framebuffer";
import { Picture } from "./picture/picture";
import { ConnectionQuality } from "./quality";

/** What the page hears. */
export interface RemoteControlEvents {
  resized(framebuffer: Framebuffer): void;
  /** Draws at once; the frame is acknowledged when this returns. */
  draw(rectangles: readonly Rectangle[]): void;
  cursor(shape: CursorShape): void;
  clipboard(text: string): void;
  rights(rights: Rights): void;
  /** Once, whatever ends it. */
  lost(failure: Failure): void;
}

/** With more than this on the way, only the newest pointer position is worth sending. */
const BUSY_BYTES = 16 * 1024;
/** Room that an encoded text needs beside its characters. */
const TEXT_OVERHEAD_BYTES = 16;

export class RemoteControl {
  readonly quality: ConnectionQuality;
  readonly #connection: OpenConnection;
  readonly #events: RemoteControlEvents;
  readonly #now: () => number;
  readonly #picture = new Picture();
  #rights: Rights = { t: "rights", view: true, control: true, clipboard: true };
  #over = false;

  constructor(connection: OpenConnection, events: RemoteControlEvents, now: () => number) {
    this.#connection = connection;
    this.#events = events;
    this.#now = now;
    this.quality = new ConnectionQuality(now());
  }

  /** Begins to read. */
  start(): void {
    const { socket, channel } = this.#connection;
    const fail = (error: unknown) => this.#fail(failureOf(error));
    socket.pipe(
      (record) => {
        this.quality.received(record.byteLength, this.#now());
        channel.open(record).then((plaintext) => this.#read(plaintext), fail);
      },
      (failure) => this.#fail(failure),
    );
  }

  /** Sends input as far as the customer allows it. */
  input(message: ToHost): void {
    if (!this.#rights.control) return;
    if (message.t === "pointer_move" && this.#connection.socket.waitingBytes > BUSY_BYTES) return;
    this.#send(message);
  }

  /** Sends the clipboard's text; false where the customer does not allow it or it is too long. */
  clipboard(text: string): boolean {
    const message: Clipboard = { t: "clipboard", text: wellFormed(text) };
    const bytes = new TextEncoder().encode(message.text).length;
    const tooLong =
      message.text.length > limits.CLIPBOARD_TEXT_MAX || bytes + TEXT_OVERHEAD_BYTES > limits.RECORD_PLAINTEXT_MAX;
    if (!this.#rights.clipboard || tooLong) return false;
    this.#send(message);
    return true;
  }

  ping(): void {
    const token = this.quality.ping(this.#now());
    if (token !== null) this.#send({ t: "ping", token });
  }

  refresh(): void {
    this.#send({ t: "refresh" });
  }

  /** Gives up a connection whose other end has gone silent. */
  abandon(): void {
    this.close(new Failure(codes.PEER_LEFT));
  }

  /** Ends the connection for this reason. */
  close(failure: Failure): void {
    this.#connection.socket.close(failure);
    this.#fail(failure);
  }

  #send(message: ToHost): void {
    if (this.#over) return;
    const { socket, channel } = this.#connection;
    channel.seal(codec.toHost.encode(message)).then(
      (record) => socket.send(record),
      (error: unknown) => this.#fail(failureOf(error)),
    );
  }

  #read(plaintext: Uint8Array): void {
    if (this.#over) return;
    try {
      this.#handle(codec.toViewer.decode(plaintext));
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  #handle(message: ToViewer): void {
    switch (message.t) {
      case "update": {
        const rectangles = this.#picture.update(message);
        if (rectangles === null) return;
        this.#events.draw(rectangles);
        this.#send({ t: "ack", frame: message.frame });
        this.quality.frame();
        return;
      }
      case "screen_info":
        this.#events.resized(this.#picture.resize(message));
        return;
      case "cursor":
        this.#events.cursor(cursorShape(message));
        return;
      case "clipboard":
        if (this.#rights.clipboard) this.#events.clipboard(message.text);
        return;
      case "rights":
        this.#rights = message;
        this.#events.rights(message);
        return;
      case "pong":
        this.quality.pong(message.token, this.#now());
        return;
      case "closing":
        this.close(new Failure(knownCode(message.code)));
    }
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection.socket.close(failure);
    this.#events.lost(failure);
  }
}
