"""Keeps one control socket to the server, for as long as the session lives. What messages mean is the caller's to say.

A lost socket is dialled again with growing, jittered waits; a half-open one is noticed by pings. After each welcome
every report that the server has not accepted is sent again.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection

from zuruf.host.build_info import APP_VERSION
from zuruf.host.connection.backoff import Backoff
from zuruf.host.connection.link import Link
from zuruf.host.transport import Transport, Unreachable
from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import CloseCode
from zuruf.protocol.control import (
    Authenticate,
    Challenge,
    End,
    OpenConnection,
    Rejected,
    Report,
    ReportAccepted,
    ToServer,
    Welcome,
    to_host,
)
from zuruf.protocol.limits import CONTROL_MESSAGE_MAX
from zuruf.protocol.signatures import control_transcript, sign

log = logging.getLogger(__name__)

_OUTBOX_MAX = 256

Handler = Callable[[OpenConnection | End | ReportAccepted | Rejected], None]


class ControlLink:
    """Run it as a task; ``send`` and ``wake`` may be called at any time from the same event loop."""

    def __init__(
        self,
        transport: Transport,
        session_id: str,
        private_key: bytes,
        reports: Callable[[], list[Report]],
        handler: Handler,
        on_link: Callable[[Link], None],
        backoff: Backoff | None = None,
    ) -> None:
        self._transport = transport
        self._session_id = session_id
        self._private_key = private_key
        self._reports = reports
        self._handler = handler
        self._on_link = on_link
        self._backoff = backoff or Backoff()
        self._outbox: asyncio.Queue[ToServer] | None = None
        self._wake = asyncio.Event()

    def send(self, message: ToServer) -> None:
        """Send now when online, else forget it: only reports are repeated, the rest is about a moment."""
        if self._outbox is not None and not self._outbox.full():
            self._outbox.put_nowait(message)

    def wake(self) -> None:
        """Dial at once instead of waiting out the back-off, which begins anew."""
        self._backoff.reset()
        self._wake.set()

    async def run(self) -> None:
        """Keep the socket until cancelled."""
        self._on_link(Link.CONNECTING)
        while True:
            started = time.monotonic()
            try:
                await self._once()
            except ProtocolError as error:
                log.warning("control: %s", error)
            except Unreachable as error:
                log.info("control socket: %s", type(error).__name__)
            self._on_link(Link.OFFLINE)
            self._backoff.lasted(time.monotonic() - started)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._backoff.next_wait_s())
            self._wake.clear()

    async def _once(self) -> None:
        url = self._transport.socket_url("/ws/host/control")
        socket = await self._transport.dial(url, CONTROL_MESSAGE_MAX)
        writer: asyncio.Task[None] | None = None
        code = 1000
        try:
            async with asyncio.timeout(self._transport.patience.hello_s):
                welcomed = await self._introduce(socket)
            if not welcomed:
                return
            outbox: asyncio.Queue[ToServer] = asyncio.Queue(_OUTBOX_MAX)
            for report in self._reports():
                outbox.put_nowait(report)
            self._outbox = outbox
            writer = asyncio.create_task(self._write(socket, outbox))
            self._on_link(Link.ONLINE)
            async for data in socket:
                self._take(data)
        except ProtocolError:
            code = CloseCode.MALFORMED
            raise
        finally:
            self._outbox = None
            if writer is not None:
                writer.cancel()
            await socket.close(code)

    async def _introduce(self, socket: ClientConnection) -> bool:
        challenge = to_host.decode(await socket.recv())
        if not isinstance(challenge, Challenge):
            raise ProtocolError("challenge expected")
        signature = sign(self._private_key, control_transcript(self._session_id, challenge.nonce))
        hello = Authenticate(
            session_id=self._session_id, signature=signature, app_version=APP_VERSION, protocol=PROTOCOL_VERSION
        )
        await socket.send(encode(hello))
        answer = to_host.decode(await socket.recv())
        if isinstance(answer, Rejected):
            log.warning("control: rejected, %s", answer.code)
            self._handler(answer)
            return False
        if not isinstance(answer, Welcome):
            raise ProtocolError("welcome expected")
        return True

    def _take(self, data: bytes | str) -> None:
        message = to_host.decode(data)
        if isinstance(message, Challenge | Welcome):
            raise ProtocolError(f"{type(message).__name__} out of place")
        self._handler(message)
        if isinstance(message, Rejected):
            raise ProtocolError("rejected after the welcome")

    @staticmethod
    async def _write(socket: ClientConnection, outbox: "asyncio.Queue[ToServer]") -> None:
        with contextlib.suppress(*Unreachable):
            while True:
                await socket.send(encode(await outbox.get()))
