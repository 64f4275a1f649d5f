"""One connection through the relay: admission, handshake over the session password, then a ``Channel``."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.connection.tries import Refusal
from zuruf.host.transport import Transport
from zuruf.protocol import handshake_messages, relay
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.control import OpenConnection
from zuruf.protocol.handshake import HandshakeError, HostHandshake, Keys
from zuruf.protocol.handshake_messages import BrowserAnswer, BrowserConfirm, HandshakeMessage, HostRefusal
from zuruf.protocol.limits import RELAY_MESSAGE_MAX
from zuruf.protocol.secure_channel import ChannelError, RecordChannel

_QUEUE_MESSAGES = 4
"""Messages held here while a tool does not read; beyond them TCP holds the viewer back."""


class Refused(Exception):
    """The host told the viewer that it takes no password now."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code.value)
        self.refusal = refusal


class RecordedChannel:
    """A ``Channel`` over a relay socket: every message is one record."""

    def __init__(self, socket: ClientConnection, records: RecordChannel) -> None:
        self._socket = socket
        self._records = records
        self._sending = asyncio.Lock()

    async def send(self, message: bytes) -> None:
        """Seal and send one message; waits while the viewer does not read. Raises ChannelClosed."""
        async with self._sending:
            # Sealing and handing over happen without a pause: the order of records is the order of their counters.
            try:
                await self._socket.send(self._records.seal(message))
            except (ConnectionClosed, ChannelError) as error:
                raise ChannelClosed(str(error)) from error

    async def recv(self) -> bytes:
        """Return the next message. Raises ChannelClosed."""
        try:
            record = await self._socket.recv()
            if isinstance(record, str):
                raise ChannelClosed("text where a record was expected")
            return self._records.open(record)
        except (ConnectionClosed, ChannelError) as error:
            raise ChannelClosed(str(error)) from error


async def join(transport: Transport, request: OpenConnection) -> ClientConnection:
    """Dial the relay and wait for the viewer. Raises one of ``transport.Unreachable``, BadAddress or ProtocolError."""
    socket = await transport.dial(request.relay_url, RELAY_MESSAGE_MAX, _QUEUE_MESSAGES)
    try:
        await socket.send(encode(relay.RelayHello(ticket=request.ticket, role="host")))
        async with asyncio.timeout(transport.patience.partner_s):
            relay.paired.decode(await socket.recv())
    except BaseException:
        await leave(socket)
        raise
    return socket


async def agree(
    socket: ClientConnection,
    handshake: HostHandshake,
    refusal: Callable[[], Refusal | None],
    spend: Callable[[], Awaitable[None]],
) -> Keys:
    """Prove the session password to each other and return the keys.

    ``refusal`` is asked before the offer and again before the try, which another connection may have used up
    meanwhile; ``spend`` has saved the try when it returns. Raises Refused, HandshakeError, ProtocolError or
    one of ``transport.Unreachable``.
    """
    await _refuse_if(socket, refusal())
    await socket.send(encode(handshake.start()))
    answer = await _next(socket)
    if not isinstance(answer, BrowserAnswer):
        raise ProtocolError("browser_answer expected")
    await _refuse_if(socket, refusal())
    confirm = handshake.answer(answer)
    await spend()
    await socket.send(encode(confirm))
    proof = await _next(socket)
    if not isinstance(proof, BrowserConfirm):
        raise ProtocolError("browser_confirm expected")
    keys, _settings = handshake.finish(proof)
    return keys


async def _next(socket: ClientConnection) -> HandshakeMessage:
    return handshake_messages.decoder.decode(await socket.recv())


async def _refuse_if(socket: ClientConnection, refusal: Refusal | None) -> None:
    if refusal is not None:
        await socket.send(encode(HostRefusal(code=refusal.code.value, retry_after_s=refusal.retry_after_s)))
        raise Refused(refusal)


async def leave(socket: ClientConnection, code: int = 1000) -> None:
    """Close a relay socket; never raises."""
    with contextlib.suppress(OSError, TimeoutError, HandshakeError):
        await socket.close(code)
