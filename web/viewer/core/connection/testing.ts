/** For tests: a socket whose other end is the test. */
import type { Bytes } from "../../../protocol/rules";
import type { Socket } from "./relaySocket";

export class TestSocket implements Socket {
  binaryType: BinaryType = "blob";
  bufferedAmount = 0;
  onopen: ((event: Event) => unknown) | null = null;
  onmessage: ((event: MessageEvent) => unknown) | null = null;
  onclose: ((event: CloseEvent) => unknown) | null = null;
  readonly sent: Bytes[] = [];
  closed = false;

  send(data: Bytes): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.({} as Event);
  }

  /** A message arrives. */
  deliver(data: unknown): void {
    const whole = data instanceof Uint8Array ? data.slice().buffer : data;
    this.onmessage?.({ data: whole } as MessageEvent);
  }

  /** The other end, or the network, closes. */
  drop(code: number, reason = ""): void {
    this.onclose?.({ code, reason } as CloseEvent);
  }
}
