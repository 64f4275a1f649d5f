"""uvicorn's WebSocket protocol, bounded in what a peer that does not read can make it keep, and quick in sending.

uvicorn answers pings without regard to whether the peer takes the answers, and keeps empty fragments one by one; both
need no admission, so either would fill the machine's memory.
"""

import struct
from typing import TYPE_CHECKING

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

_FINAL_BINARY = 0x82
UNREAD_PINGS = 8
"""So many pings are answered while the peer reads nothing; an honest peer that is slow sends one in twenty seconds."""


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Ends a connection that goes on pinging without reading the answers."""

    _unread_pings = 0

    async def send(self, message: "ASGISendEvent") -> None:
        """Send; a binary message of an open connection, the relay's whole work, without copying it."""
        if message["type"] != "websocket.send" or not self.handshake_complete or self.initial_response is not None:
            await super().send(message)
            return
        if not self.writable.is_set():
            await self.writable.wait()
        data = message.get("bytes")
        if data is None or self.disconnected or self.close_sent or self.conn.state is not State.OPEN:
            await super().send(message)
            return
        self.transport.writelines((_header(len(data)), data))

    def handle_ping(self) -> None:
        """Answer, unless too many answers wait already; then the connection ends without ceremony."""
        if not self.writable.is_set():
            self._unread_pings += 1
            if self._unread_pings > UNREAD_PINGS:
                self.transport.abort()
                return
        super().handle_ping()

    def resume_writing(self) -> None:
        """The peer reads again."""
        self._unread_pings = 0
        super().resume_writing()

    def handle_cont(self, event: Frame) -> None:
        """Keep a fragment, unless it is empty and another follows: the bound on a message counts bytes only."""
        if event.data or event.fin:
            super().handle_cont(event)


def _header(length: int) -> bytes:
    """Return the header of an unmasked binary message in one frame (RFC 6455, 5.2)."""
    if length < 126:
        return bytes((_FINAL_BINARY, length))
    if length < 1 << 16:
        return struct.pack("!BBH", _FINAL_BINARY, 126, length)
    return struct.pack("!BBQ", _FINAL_BINARY, 127, length)
