"""The two pairing sockets of every session on this machine. Decides nothing: see ``pairing_room`` and ``machine``."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.pairing import ConsoleHello, HostHello, PairingMessage, Refused, RunEnded, decoder
from zuruf.server.auth.dependencies import client_address
from zuruf.server.auth.limits import RateLimits, network_of
from zuruf.server.db import new_id
from zuruf.server.errors import NotFound, TooMany
from zuruf.server.ports import Clock, EventBus, FaultPoints
from zuruf.server.sessions import events as e
from zuruf.server.sessions.events import State
from zuruf.server.sessions.models import Session
from zuruf.server.sessions.pairing_room import Action, Confirm, PairingRoom, Tell, ToApp, ToConsole
from zuruf.server.sessions.service import SessionService
from zuruf.server.sessions.store import data_of
from zuruf.server.sessions.tickets import TicketRole
from zuruf.server.sockets import receive, require_no_origin, require_own_origin

FAULT_POINTS = ("pairing.forwarded",)
_HELLO_PATIENCE_S = 10.0
_RUN_PATIENCE_S = 60.0
_IDLE_PATIENCE_S = 900.0
_log = structlog.get_logger(__name__)


class _Place:
    """A room with its sockets; ``lock`` keeps the order of what happens in it."""

    def __init__(self, session_id: str) -> None:
        self.room = PairingRoom(session_id)
        self.lock = asyncio.Lock()
        self.app: WebSocket | None = None
        self.console: WebSocket | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.tasks: set[asyncio.Task[None]] = set()


class PairingBroker:
    """One per process. In a cluster a session's pairing sockets meet on one node (see architecture.md)."""

    def __init__(
        self,
        sessions: SessionService,
        clock: Clock,
        bus: EventBus,
        limits: RateLimits,
        faults: FaultPoints,
        *,
        origin: str,
        version_ok: Callable[[str], bool],
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._bus = bus
        self._limits = limits
        self._faults = faults
        self._origin = origin
        self._version_ok = version_ok
        self._places: dict[str, _Place] = {}

    # The technician's browser

    async def serve_console(self, socket: WebSocket) -> None:
        """Serve ``/ws/console/pairing``."""
        if not await require_own_origin(socket, self._origin):
            return
        await socket.accept()
        try:
            first = decoder.decode(await asyncio.wait_for(receive(socket), _HELLO_PATIENCE_S))
            admission = None
            if isinstance(first, ConsoleHello):
                admission = await self._sessions.admit(first.ticket, TicketRole.PAIRING)
            if admission is None:
                await socket.close(CloseCode.NOT_ADMITTED)
                return
        except (ProtocolError, TimeoutError):
            await socket.close(CloseCode.MALFORMED)
            return
        except WebSocketDisconnect:
            return
        place = self._place(admission.session_id)
        await self._replace_console(place, socket)
        watcher = asyncio.create_task(self._watch(place))
        try:
            while True:
                # However long the customer takes: a browser that is gone is found by the server's pings.
                message = decoder.decode(await receive(socket))
                await self._do(place, lambda m=message: place.room.from_console(m))  # type: ignore[misc]
        except ProtocolError:
            await _close(socket, CloseCode.MALFORMED)
        except WebSocketDisconnect:
            pass
        finally:
            watcher.cancel()
            try:
                if place.console is socket:
                    place.console = None
                    await self._do(place, place.room.console_left)
            finally:
                self._forget(place)

    async def _replace_console(self, place: _Place, socket: WebSocket) -> None:
        previous, place.console = place.console, socket
        if previous is not None:
            await _close(previous, CloseCode.REPLACED)
        await self._do(place, place.room.console_joined)

    async def _watch(self, place: _Place) -> None:
        async with self._bus.subscribe(f"pairing:{place.room.session_id}") as events:
            async for event in events:
                await self._do(place, lambda code=event.kind: place.room.stopped(code))  # type: ignore[misc]

    # The app

    async def serve_app(self, socket: WebSocket) -> None:
        """Serve ``/ws/host/pairing``."""
        if not await require_no_origin(socket):
            return
        await socket.accept()
        place: _Place | None = None
        try:
            while True:
                patience = _HELLO_PATIENCE_S if place is None else _IDLE_PATIENCE_S
                message = decoder.decode(await asyncio.wait_for(receive(socket), patience))
                if place is not None and place.app is not socket:
                    return  # replaced meanwhile
                if isinstance(message, HostHello):
                    place = await self._hello(socket, place, message)
                elif place is None:
                    raise ProtocolError("hello expected")
                else:
                    await self._do(place, lambda p=place, m=message: p.room.from_app(m))  # type: ignore[misc]
        except (ProtocolError, TimeoutError):
            await _close(socket, CloseCode.MALFORMED)
        except WebSocketDisconnect:
            pass
        finally:
            if place is not None:
                await self._leave(place, socket)

    async def _leave(self, place: _Place, socket: WebSocket) -> None:
        """The app's socket is no longer here; nothing happens where another one has taken its place."""
        if place.app is socket:
            place.app = None
            try:
                await self._do(place, place.room.app_left)
            finally:
                self._forget(place)

    async def _hello(self, socket: WebSocket, place: _Place | None, hello: HostHello) -> _Place | None:
        row, refusal = await self._check(socket, hello)
        if refusal is not None or row is None:
            await socket.send_bytes(encode(Refused(code=refusal or Code.UNKNOWN_NUMBER)))
            return place
        if place is None:
            place = self._place(row.id)
            if not place.room.app_joined():
                await socket.send_bytes(encode(Refused(code=Code.ANOTHER_APP_PAIRS)))
                self._forget(place)
                return None
            previous, place.app = place.app, socket
            if previous is not None:
                await _close(previous, CloseCode.REPLACED)
        elif place.room.session_id != row.id:
            raise ProtocolError("another session's number")
        alive = data_of(row).code_alive(self._clock.now())
        found, tries = place, row.code_tries_left

        def step() -> list[Action]:
            if found.app is not socket:
                return []
            return found.room.hello(hello, new_id(), code_alive=alive, tries_left=tries)

        try:
            await self._do(place, step)
        except BaseException:
            # The caller does not know the place yet: whoever comes next must find it free.
            await self._leave(place, socket)
            raise
        return place

    async def _check(self, socket: WebSocket, hello: HostHello) -> tuple[Session | None, Code | None]:
        try:
            network = network_of(client_address(socket))
            self._limits.hit("pairing_address", network)
            self._limits.hit("pairing_number", f"{hello.number} {network}")
            # So high that a stranger who knows the number does not use up the customer's tries.
            self._limits.hit("pairing_number_everywhere", hello.number)
        except TooMany:
            return None, Code.TOO_MANY_ATTEMPTS
        if hello.protocol != PROTOCOL_VERSION or not self._version_ok(hello.app_version):
            return None, Code.APP_TOO_OLD
        row = await self._sessions.row_by_number(hello.number)
        if row is None:
            return None, Code.UNKNOWN_NUMBER
        if row.state not in (State.PREPARED.value, State.PAIRING.value):
            return None, Code.SESSION_ENDED
        if row.link_expires_at is not None and row.link_expires_at <= self._clock.now():
            return None, Code.LINK_LAPSED
        return row, None

    # Both

    def _place(self, session_id: str) -> _Place:
        return self._places.setdefault(session_id, _Place(session_id))

    def _forget(self, place: _Place) -> None:
        if place.room.empty and place.console is None and place.app is None:
            self._places.pop(place.room.session_id, None)

    async def _do(self, place: _Place, step: Callable[[], list[Action]]) -> None:
        async with place.lock:
            try:
                await self._carry_out(place, step())
            finally:
                self._rearm(place)

    async def _carry_out(self, place: _Place, actions: list[Action]) -> None:
        tries_left = 0
        for action in actions:
            match action:
                case Tell(event):
                    try:
                        outcome = await self._sessions.session_event(place.room.session_id, event)
                        tries_left = outcome.row.code_tries_left
                    except NotFound:
                        _log.warning("pairing.session_gone")
                    except Exception:
                        if not isinstance(event, e.AppLeft):
                            raise
                        # Over is over: both are told; the next run or the code's end puts the stored state right.
                        _log.exception("pairing.end_not_stored")
                case ToApp(message):
                    await self._send(place.app, message, tries_left)
                case ToConsole(message):
                    await self._send(place.console, message, tries_left)
                case Confirm(message):
                    # Committed before the app may read it: whoever can become active is known after any crash.
                    outcome = await self._sessions.session_event(place.room.session_id, e.RunConfirmed(message.run_id))
                    registered = outcome.row.run_id == message.run_id and outcome.row.paired_at is not None
                    await self._carry_out(place, place.room.confirmed(message, registered=registered))
                    self._faults.reached("pairing.forwarded")

    @staticmethod
    async def _send(socket: WebSocket | None, message: PairingMessage, tries_left: int) -> None:
        if socket is None:
            return
        if isinstance(message, RunEnded) and message.code:
            message = msgspec.structs.replace(message, tries_left=tries_left)
        await _quietly(socket.send_bytes(encode(message)))

    def _rearm(self, place: _Place) -> None:
        if place.timer is not None:
            place.timer.cancel()
            place.timer = None
        run_id = place.room.run_id
        if run_id is not None:

            def fire() -> None:
                task = asyncio.create_task(self._do(place, lambda: place.room.timed_out(run_id)))
                place.tasks.add(task)
                task.add_done_callback(place.tasks.discard)

            place.timer = asyncio.get_running_loop().call_later(_RUN_PATIENCE_S, fire)


async def _close(socket: WebSocket, code: int) -> None:
    await _quietly(socket.close(code))


async def _quietly(sending: Awaitable[None]) -> None:
    try:
        await sending
    except (RuntimeError, WebSocketDisconnect):
        _log.debug("pairing.socket_gone")
