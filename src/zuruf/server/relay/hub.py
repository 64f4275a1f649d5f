"""Joins the two sockets of a connection. Written on bare ASGI messages: this is the path of every pixel.

Back-pressure runs end to end: a message is read from one end only when the one before has been handed to the other
end's transport, and that waits while its buffer is full. Nothing is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import CloseCode
from zuruf.protocol.limits import RELAY_MESSAGE_MAX, TICKET_LIFETIME_S
from zuruf.protocol.relay import RelayHello, RelayPaired, hello
from zuruf.server.ports import Clock, EventBus, FaultPoints
from zuruf.server.sessions.connections import ConnectionService
from zuruf.server.sessions.events import State
from zuruf.server.sessions.service import SessionService
from zuruf.server.sessions.tickets import TicketRole

FAULT_POINTS = ("relay.paired",)
_HELLO_PATIENCE_S = 10.0
PARTNER_PATIENCE_S = TICKET_LIFETIME_S + 5.0
"""The partner's ticket lapses before."""
_PAIRED = encode(RelayPaired())


class _Closed(Exception):
    """This end has closed, or is closed with ``code``."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _End:
    """One socket of a connection."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive = receive
        self.send = send
        self.done = asyncio.Event()
        self.open = True

    async def read(self) -> bytes:
        message = await self.receive()
        if message["type"] == "websocket.disconnect":
            self.open = False
            raise _Closed(CloseCode.PARTNER_LEFT)
        data = message.get("bytes")
        if data is None:
            raise _Closed(CloseCode.MALFORMED)
        if len(data) > RELAY_MESSAGE_MAX:
            raise _Closed(CloseCode.TOO_LARGE)
        return bytes(data)

    async def write(self, data: bytes) -> None:
        await self.send({"type": "websocket.send", "bytes": data})

    async def close(self, code: int, reason: str = "") -> None:
        if self.open:
            self.open = False
            with suppress(Exception):
                await self.send({"type": "websocket.close", "code": code, "reason": reason})


class RelayHub:
    """Every connection that this machine relays."""

    def __init__(
        self,
        sessions: SessionService,
        connections: ConnectionService,
        clock: Clock,
        bus: EventBus,
        faults: FaultPoints,
        *,
        origin: str,
    ) -> None:
        self._sessions = sessions
        self._connections = connections
        self._clock = clock
        self._bus = bus
        self._faults = faults
        self._origin = origin
        self._waiting: dict[str, tuple[TicketRole, _End, asyncio.Future[_End]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve ``/ws/relay``: one ASGI WebSocket."""
        end = _End(receive, send)
        await receive()
        origin = dict(scope["headers"]).get(b"origin")
        if origin is not None and origin.decode("latin-1") != self._origin:
            await end.close(CloseCode.WRONG_ORIGIN)
            return
        await send({"type": "websocket.accept"})
        try:
            first = hello.decode(await asyncio.wait_for(end.read(), _HELLO_PATIENCE_S))
        except (ProtocolError, TimeoutError):
            await end.close(CloseCode.MALFORMED)
            return
        except _Closed as closed:
            await end.close(closed.code)
            return
        if (first.role == "viewer") is not (origin is not None):
            await end.close(CloseCode.WRONG_ORIGIN)
            return
        await self._admitted(end, first)

    async def _admitted(self, end: _End, first: RelayHello) -> None:
        role = TicketRole(first.role)
        admission = await self._sessions.admit(first.ticket, role)
        if admission is None or admission.connection_id is None:
            await end.close(CloseCode.NOT_ADMITTED)
            return
        connection_id = admission.connection_id
        waiting = self._waiting.pop(connection_id, None)
        if waiting is not None and waiting[0] is not role:
            partner, joined = waiting[1], waiting[2]
            if not joined.done():
                joined.set_result(end)
                await self._join(end, partner, admission.session_id, connection_id)
                return
        await self._wait(end, role, admission.session_id, connection_id)

    async def _wait(self, end: _End, role: TicketRole, session_id: str, connection_id: str) -> None:
        joined: asyncio.Future[_End] = asyncio.get_running_loop().create_future()
        self._waiting[connection_id] = (role, end, joined)
        refused = asyncio.create_task(self._refusal(session_id, connection_id))
        late = asyncio.ensure_future(self._clock.sleep(PARTNER_PATIENCE_S))
        # Nothing may be said before the partner is there; an end that goes meanwhile is noticed.
        early = asyncio.create_task(end.read())
        waits: set[asyncio.Future[Any]] = {joined, refused, late, early}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (refused, late, early):
                task.cancel()
        if joined.done():
            await end.done.wait()
            return
        joined.cancel()
        self._waiting.pop(connection_id, None)
        await self._connections.closed(session_id, connection_id)
        refusal = await self._connections.refusal(connection_id)
        await end.close(CloseCode.NOT_ADMITTED if refusal else CloseCode.PARTNER_MISSING, refusal or "")

    async def _refusal(self, session_id: str, connection_id: str) -> None:
        """Return when the host has refused the connection."""
        async with self._bus.subscribe(f"session:{session_id}") as hints:
            if await self._connections.refusal(connection_id) is not None:
                return
            async for _ in hints:
                if await self._connections.refusal(connection_id) is not None:
                    return

    async def _join(self, end: _End, partner: _End, session_id: str, connection_id: str) -> None:
        code = CloseCode.PARTNER_LEFT
        tasks: set[asyncio.Task[int]] = set()
        try:
            await partner.write(_PAIRED)
            await end.write(_PAIRED)
            self._faults.reached("relay.paired")
            tasks = {
                asyncio.create_task(_pump(end, partner)),
                asyncio.create_task(_pump(partner, end)),
                asyncio.create_task(self._ended(session_id)),
            }
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code = max(task.result() for task in done)
        except Exception:  # noqa: BLE001 - whichever end broke, both are closed below
            code = CloseCode.PARTNER_LEFT
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(end.close(code), partner.close(code))
            partner.done.set()
            end.done.set()
            await self._connections.closed(session_id, connection_id)

    async def _ended(self, session_id: str) -> int:
        """Return when the session is over."""
        async with self._bus.subscribe(f"session:{session_id}") as hints:
            hint = asyncio.ensure_future(anext(hints))
            try:
                while (row := await self._sessions.row(session_id)) is not None and row.state != State.ENDED.value:
                    if hint.done():
                        hint = asyncio.ensure_future(anext(hints))
                        continue
                    # The time is up when it is up, however late the timer's job is done.
                    left = (row.expires_at - self._clock.now()).total_seconds() if row.expires_at else 0.0
                    if left <= 0:
                        break
                    late = asyncio.ensure_future(self._clock.sleep(left))
                    try:
                        await asyncio.wait({hint, late}, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        late.cancel()
            finally:
                hint.cancel()
        return CloseCode.SESSION_ENDED


async def _pump(source: _End, target: _End) -> int:
    read: Callable[[], Awaitable[Message]] = source.receive
    write = target.send
    while True:
        message = await read()
        data = message.get("bytes")
        if data is None:
            if message["type"] == "websocket.disconnect":
                source.open = False
                return CloseCode.PARTNER_LEFT
            return CloseCode.MALFORMED
        if len(data) > RELAY_MESSAGE_MAX:
            return CloseCode.TOO_LARGE
        await write({"type": "websocket.send", "bytes": data})
