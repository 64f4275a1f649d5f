"""The control socket of an activated host: who it is, what it reports, what it is asked to do.

What the host is asked to do is read from the database on every hint, so a lost hint or a restart costs nothing.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.control import (
    Authenticate,
    Challenge,
    ConnectionRefused,
    ConnectionState,
    End,
    OpenConnection,
    Rejected,
    Report,
    ReportAccepted,
    ToHost,
    ToServer,
    Welcome,
    to_server,
)
from zuruf.protocol.signatures import control_transcript, report_transcript, verify
from zuruf.server.ports import EventBus
from zuruf.server.sessions import events as e
from zuruf.server.sessions.connections import ConnectionService
from zuruf.server.sessions.events import EndReason, Removal, State
from zuruf.server.sessions.models import Session
from zuruf.server.sessions.service import SessionService
from zuruf.server.sockets import receive, require_no_origin

_HELLO_PATIENCE_S = 10.0
_log = structlog.get_logger(__name__)


class _Host:
    """One authenticated socket."""

    def __init__(self, socket: WebSocket, session_id: str) -> None:
        self.socket = socket
        self.session_id = session_id
        self._lock = asyncio.Lock()

    async def send(self, message: ToHost) -> None:
        async with self._lock:
            with suppress(RuntimeError, WebSocketDisconnect):
                await self.socket.send_bytes(encode(message))


class HostControl:
    """Serves ``/ws/host/control``. One socket per session; a newer one replaces an older one."""

    def __init__(
        self,
        sessions: SessionService,
        connections: ConnectionService,
        bus: EventBus,
        version_ok: Callable[[str], bool],
    ) -> None:
        self._sessions = sessions
        self._connections = connections
        self._bus = bus
        self._version_ok = version_ok
        self._hosts: dict[str, _Host] = {}
        self._presence = asyncio.Lock()

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket until it closes."""
        if not await require_no_origin(socket):
            return
        await socket.accept()
        try:
            row = await self._authenticate(socket)
        except (ProtocolError, TimeoutError):
            with suppress(RuntimeError):
                await socket.close(CloseCode.MALFORMED)
            return
        except WebSocketDisconnect:
            return
        if row is None:
            with suppress(RuntimeError):
                await socket.close(CloseCode.NOT_ADMITTED)
            return
        await self._serve_admitted(socket, row.id)

    async def _authenticate(self, socket: WebSocket) -> Session | None:
        nonce = secrets.token_bytes(32)
        await socket.send_bytes(encode(Challenge(nonce=nonce)))
        hello = to_server.decode(await asyncio.wait_for(receive(socket), _HELLO_PATIENCE_S))
        if not isinstance(hello, Authenticate):
            raise ProtocolError("authenticate expected")
        row = await self._sessions.row(hello.session_id)
        transcript = control_transcript(hello.session_id, nonce)
        if row is None or row.host_key is None or not verify(row.host_key, transcript, hello.signature):
            # A key that was replaced by a new pairing stays out for good; so does a session nobody knows.
            await socket.send_bytes(encode(Rejected(code=Code.UNKNOWN_NUMBER, final=True)))
            return None
        # Not final: the session goes on where the minimum is lowered again. A host whose session is over is let in
        # at any version, for it must hear of the end and hand in its receipt.
        too_old = row.state != State.ENDED.value and not self._version_ok(hello.app_version)
        if hello.protocol != PROTOCOL_VERSION or too_old:
            await socket.send_bytes(encode(Rejected(code=Code.APP_TOO_OLD, final=False)))
            return None
        if row.state == State.ENDED.value and row.removal == Removal.CONFIRMED.value:
            await socket.send_bytes(encode(Rejected(code=Code.SESSION_ENDED, final=True)))
            return None
        await socket.send_bytes(encode(Welcome()))
        return row

    async def _serve_admitted(self, socket: WebSocket, session_id: str) -> None:
        host = _Host(socket, session_id)
        previous = self._hosts.get(session_id)
        self._hosts[session_id] = host
        if previous is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await previous.socket.close(CloseCode.REPLACED)
        tasks: set[asyncio.Task[None]] = set()
        try:
            await self._note_presence(session_id)
            await self._connections.reoffer(session_id)
            tasks = {asyncio.create_task(self._push(host)), asyncio.create_task(self._listen(host))}
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except ProtocolError as error:
            _log.warning("control.malformed", session=session_id, problem=str(error)[:200])
            with suppress(RuntimeError):
                await socket.close(CloseCode.MALFORMED)
        except WebSocketDisconnect:
            pass
        finally:
            # Whichever half failed, the other goes with it; the host dials again and is told what it has missed.
            for task in tasks:
                task.cancel()
            if self._hosts.get(session_id) is host:
                del self._hosts[session_id]
                await self._note_presence(session_id)

    async def _note_presence(self, session_id: str) -> None:
        """Store whether the host is here now, in order: an old socket's end must not overtake a new one's beginning."""
        async with self._presence:
            here = session_id in self._hosts
            await self._sessions.session_event(session_id, e.HostOnline() if here else e.HostOffline())

    async def _listen(self, host: _Host) -> None:
        while True:
            await self._take(host, to_server.decode(await receive(host.socket)))

    async def _push(self, host: _Host) -> None:
        async with self._bus.subscribe(f"session:{host.session_id}") as hints:
            told_end = await self._push_once(host, told_end=False)
            async for _ in hints:
                told_end = await self._push_once(host, told_end=told_end)

    async def _push_once(self, host: _Host, *, told_end: bool) -> bool:
        row = await self._sessions.row(host.session_id)
        if row is None or row.state == State.ENDED.value:
            if not told_end:
                await host.send(End(reason=_reason_for_host(row)))
            return True
        for offer in await self._connections.offers(host.session_id):
            await host.send(
                OpenConnection(
                    connection_id=offer.connection_id,
                    tool=offer.tool,
                    relay_url=offer.relay_url,
                    ticket=offer.ticket,
                    epoch=offer.epoch,
                )
            )
        return False

    async def _take(self, host: _Host, message: ToServer) -> None:
        match message:
            case Report():
                await self._report(host, message)
            case ConnectionRefused(connection_id=connection_id, code=code):
                await self._connections.refused(host.session_id, connection_id, code[:16])
            case ConnectionState(connection_id=connection_id, state="open"):
                await self._connections.opened(host.session_id, connection_id)
            case ConnectionState(connection_id=connection_id):
                await self._connections.closed(host.session_id, connection_id)
            case Authenticate():
                raise ProtocolError("authenticated already")

    async def _report(self, host: _Host, report: Report) -> None:
        row = await self._sessions.row(host.session_id)
        transcript = report_transcript(host.session_id, report.kind, report.detail)
        if row is None or row.host_key is None or not verify(row.host_key, transcript, report.signature):
            raise ProtocolError("report's signature is wrong")
        try:
            event = _event_of(report)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ProtocolError(f"report {report.kind}: {error}") from error
        await self._sessions.session_event(host.session_id, event)
        await host.send(ReportAccepted(kind=report.kind))


def _event_of(report: Report) -> e.Event:
    detail = json.loads(report.detail)
    if not isinstance(detail, dict):
        raise TypeError("no object")
    if report.kind == "active":
        return e.HostActive(
            hostname=str(detail["hostname"])[:200],
            system=str(detail["system"])[:200],
            app_version=str(detail["app_version"])[:200],
        )
    if report.kind == "ended":
        reason = EndReason(str(detail["reason"]))
        if reason not in (EndReason.CUSTOMER, EndReason.EXPIRED):
            raise ValueError("not a host's reason")
        return e.HostEnded(reason)
    return e.HostRemoved(report.detail, report.signature)


def _reason_for_host(row: Session | None) -> str:
    reason = row.end_reason if row is not None else None
    if reason == EndReason.CUSTOMER.value:
        return "customer"
    return "expired" if reason in (EndReason.EXPIRED.value, EndReason.LAPSED.value) else "technician"
