"""uvicorn's WebSocket protocol with a bound on what a peer that does not read can make it keep. Not for messages.

uvicorn answers pings without regard to whether the peer takes the answers, and keeps empty fragments one by one; both
need no admission, so either would fill the machine's memory.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

UNREAD_PINGS = 8
"""So many pings are answered while the peer reads nothing; an honest peer that is slow sends one in twenty seconds."""


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Ends a connection that goes on pinging without reading the answers."""

    _unread_pings = 0

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
