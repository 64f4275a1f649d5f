/**
 * Carries out what the pairing machine decides: socket, timers, handshake, registration. Decides nothing itself.
 * Everything from outside comes through `PairingPorts`, so that a test drives it with a socket of its own.
 */
import { handshake as handshakeCodec, pairing as pairingCodec } from "../../protocol/codec";
import {
  type BrowserAnswer,
  type BrowserConfirm,
  codes,
  type HandshakeMessage,
  type HostConfirm,
  type HostOffer,
  type PairingMessage,
  type Settings,
} from "../../protocol/generated/messages";
import { VersionMismatch, WrongSecret } from "../../protocol/handshake";
import type { Bytes } from "../../protocol/rules";
import { type Code, initialPairing, type PairingCommand, type PairingEvent, type PairingState, pair } from "./machine";

/** The browser's half of one exchange (`BrowserHandshake`). */
export interface Handshake {
  accept(offer: HostOffer): BrowserAnswer | Promise<BrowserAnswer>;
  /** Throws `WrongSecret` when the host does not know the code. */
  verify(confirm: HostConfirm): unknown;
  confirm(settings: Settings): BrowserConfirm | Promise<BrowserConfirm>;
}

/** What a refused request says: its code, and whether trying again is of no use. */
export interface Refusal {
  readonly code: string;
  readonly final: boolean;
}

export interface PairingPorts {
  ticket(): Promise<Bytes>;
  openSocket(): WebSocket;
  handshake(runId: string, digits: string): Handshake;
  register(runId: string, hostKey: Bytes): Promise<void>;
  settings(): Promise<Settings>;
  refusalOf(error: unknown): Refusal;
  now(): number;
  /** Calls back after so long; returns what cancels it. */
  after(ms: number, call: () => void): () => void;
  /** From 0 to 1: keeps many browsers from dialling at the same moment. */
  jitter(): number;
}

interface Exchange {
  readonly runId: string;
  readonly handshake: Handshake;
  readonly hostKey: Bytes;
}

export class PairingRunner {
  #state = initialPairing;
  #socket: WebSocket | null = null;
  #exchange: Exchange | null = null;
  #cancelExpiry = () => {};
  #cancelRedial = () => {};
  #closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly sessionId: string,
    private readonly ports: PairingPorts,
  ) {}

  get state(): PairingState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to listen for an app that knows this code. */
  listenWith(code: Code): void {
    this.#handle({ type: "code_made", code });
  }

  takeOver(): void {
    this.#handle({ type: "take_over" });
  }

  /** Hangs up for good and forgets the code. */
  close(): void {
    this.#closed = true;
    this.#cancelExpiry();
    this.#cancelRedial();
    this.#hangUp();
    this.#exchange = null;
    this.#state = initialPairing;
  }

  #handle(event: PairingEvent): void {
    if (this.#closed) return;
    const [state, commands] = pair(this.#state, event);
    this.#state = state;
    for (const listener of this.#listeners) listener();
    for (const command of commands) this.#carryOut(command);
  }

  #carryOut(command: PairingCommand): void {
    switch (command.type) {
      case "dial":
        void this.#dial();
        return;
      case "redial_after": {
        const delay = command.delayMs * (0.5 + this.ports.jitter() / 2);
        this.#cancelRedial();
        this.#cancelRedial = this.ports.after(delay, () => this.#handle({ type: "redial" }));
        return;
      }
      case "hang_up":
        this.#hangUp();
        return;
      case "expire_at":
        this.#cancelExpiry();
        this.#cancelExpiry = this.ports.after(Math.max(0, command.at - this.ports.now()), () =>
          this.#handle({ type: "code_expired" }),
        );
        return;
      case "send":
        this.#send(command.message);
        return;
      case "send_handshake": {
        const payload = handshakeCodec.encode(command.message);
        this.#send({ t: "forward", run_id: command.runId, payload });
        return;
      }
      case "read_handshake":
        this.#handle({ type: "handshake_message", runId: command.runId, message: read(command.payload) });
        return;
      case "forget_run":
        this.#exchange = null;
        return;
      default:
        void this.#exchangeStep(command);
    }
  }

  async #exchangeStep(
    command: Extract<PairingCommand, { type: "answer_offer" | "check_proof" | "register" | "seal" }>,
  ) {
    const { runId } = command;
    try {
      if (command.type === "answer_offer") {
        const handshake = this.ports.handshake(runId, command.digits);
        this.#exchange = { runId, handshake, hostKey: command.offer.host_key };
        const answer = await handshake.accept(command.offer);
        this.#handle({ type: "answered", runId, answer });
        return;
      }
      const exchange = this.#exchange;
      if (exchange?.runId !== runId) return;
      if (command.type === "check_proof") {
        await exchange.handshake.verify(command.confirm);
        this.#handle({ type: "host_proved", runId });
      } else if (command.type === "register") {
        await this.#register(exchange);
      } else {
        const confirm = await exchange.handshake.confirm(await this.ports.settings());
        this.#handle({ type: "sealed", runId, confirm });
      }
    } catch (error) {
      if (error instanceof WrongSecret) this.#handle({ type: "proof_wrong", runId });
      else this.#handle({ type: "handshake_broken", runId, code: codeOf(error) });
    }
  }

  async #register({ runId, hostKey }: Exchange): Promise<void> {
    try {
      await this.ports.register(runId, hostKey);
    } catch (error) {
      this.#handle({ type: "registration_refused", runId, code: this.ports.refusalOf(error).code });
      return;
    }
    this.#handle({ type: "registered", runId });
  }

  async #dial(): Promise<void> {
    this.#hangUp();
    let ticket: Bytes;
    try {
      ticket = await this.ports.ticket();
    } catch (error) {
      this.#handle({ type: "dial_refused", final: this.ports.refusalOf(error).final });
      return;
    }
    if (this.#closed) return;
    const socket = this.ports.openSocket();
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket === socket) this.#send({ t: "console_hello", ticket });
    });
    socket.addEventListener("message", (event) => {
      if (this.#socket === socket) this.#received(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#handle({ type: "line_lost", closeCode: event.code });
    });
  }

  #received(data: unknown): void {
    let message: PairingMessage;
    try {
      message = pairingCodec.decode(data);
    } catch {
      // Unknown messages end the socket (docs/protocol.md); the machine then dials anew.
      this.#socket?.close();
      return;
    }
    if (message.t === "console_ready") this.#handle({ type: "line_open" });
    else if (message.t !== "run_started" || message.session_id === this.sessionId)
      this.#handle({ type: "message", message });
  }

  #send(message: PairingMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(pairingCodec.encode(message));
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof VersionMismatch ? codes.APP_TOO_OLD : codes.HANDSHAKE_BROKEN;
}

/** The handshake message, null where it is none. */
function read(payload: Uint8Array): HandshakeMessage | null {
  try {
    return handshakeCodec.decode(payload);
  } catch {
    return null;
  }
}
