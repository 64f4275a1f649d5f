/** From a session and its password to a channel of messages: ticket, relay, handshake. Not for trying again. */
import type { ChannelFactory, RecordChannel } from "../../../protocol/channel";
import * as codec from "../../../protocol/codec";
import { codes, type HandshakeMessage, limits } from "../../../protocol/generated/messages";
import { BrowserHandshake, connectingBinding, HandshakeError, type Keys } from "../../../protocol/handshake";
import type { Api } from "./api";
import { Failure, failureOf, knownCode } from "./failure";
import { type Dial, RelaySocket } from "./relaySocket";
import type { SessionSecret } from "./secret";

/** The relay waits 30 s for the host; a little more, so that its own word arrives first. */
const PATIENCE_MS = 45_000;
const TOOL = "remote_control";

/** What this needs from outside. */
export interface Surroundings {
  readonly api: Api;
  readonly dial: Dial;
  readonly channel: ChannelFactory;
}

/** A connection whose two ends have proved the password to each other. */
export interface OpenConnection {
  readonly socket: RelaySocket;
  readonly channel: RecordChannel;
}

/** Opens one connection. Rejects with Failure, also when `signal` aborts. */
export async function openConnection(
  surroundings: Surroundings,
  sessionId: string,
  secret: SessionSecret,
  signal: AbortSignal,
): Promise<OpenConnection> {
  let socket: RelaySocket | null = null;
  const abort = () => socket?.close(new Failure(codes.PEER_LEFT));
  const timer = setTimeout(() => socket?.close(new Failure(codes.HOST_OFFLINE)), PATIENCE_MS);
  signal.addEventListener("abort", abort);
  try {
    const admission = await surroundings.api.connect(sessionId);
    if (signal.aborted) throw new Failure(codes.PEER_LEFT);
    socket = new RelaySocket(dialled(surroundings.dial, admission.relayUrl));
    await socket.opened;
    socket.send(codec.relayHello.encode({ t: "relay_hello", ticket: admission.ticket, role: "viewer" }));
    codec.relayPaired.decode(await socket.read());
    const binding = connectingBinding(sessionId, admission.connectionId, TOOL, admission.epoch);
    const keys = await agree(socket, binding, admission.hostKey, secret);
    const channel = await surroundings.channel(keys.browser, keys.host);
    return { socket, channel };
  } catch (error) {
    const failure = failureOf(error);
    socket?.close(failure);
    throw failure;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function dialled(dial: Dial, url: string) {
  try {
    return dial(url);
  } catch (error) {
    throw new Failure(codes.NO_CONNECTION, null, error);
  }
}

/** The browser's half of docs/protocol.md, *Connecting*. */
async function agree(
  socket: RelaySocket,
  binding: ReturnType<typeof connectingBinding>,
  hostKey: Uint8Array,
  secret: SessionSecret,
): Promise<Keys> {
  const offer = await next(socket, "host_offer");
  if (offer.salt.length !== limits.SALT_LENGTH) throw new HandshakeError(`salt of ${offer.salt.length} bytes`);
  const prs = await secret.prsFor(offer.salt);
  if (prs === null) throw new Failure(codes.WRONG_PASSWORD);
  const handshake = new BrowserHandshake(binding, prs, hostKey);
  socket.send(codec.handshake.encode(handshake.accept(offer)));
  const keys = handshake.verify(await next(socket, "host_confirm"));
  secret.confirmed();
  socket.send(codec.handshake.encode(await handshake.confirm(null)));
  return keys;
}

/** The next message, which must be of this kind; the host may refuse instead. */
async function next<T extends HandshakeMessage["t"]>(
  socket: RelaySocket,
  kind: T,
): Promise<Extract<HandshakeMessage, { t: T }>> {
  const message = codec.handshake.decode(await socket.read());
  if (message.t === "host_refusal") {
    throw new Failure(knownCode(message.code), message.retry_after_s > 0 ? message.retry_after_s : null);
  }
  if (message.t !== kind) throw new HandshakeError(`${message.t} instead of ${kind}`);
  return message as Extract<HandshakeMessage, { t: T }>;
}
