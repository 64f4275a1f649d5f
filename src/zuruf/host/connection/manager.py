"""All connections of the session: admits, serves and closes them. Not for what a tool does with its connection."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection

from zuruf.host.connection import relayed
from zuruf.host.connection.admission import Standing, refusal
from zuruf.host.connection.channel import ChannelClosed, Tool
from zuruf.host.connection.tries import PasswordTries
from zuruf.host.consent import activity
from zuruf.host.consent.state import ConsentState
from zuruf.host.transport import BadAddress, Transport, Unreachable
from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import Code
from zuruf.protocol.control import ConnectionRefused, ConnectionState, OpenConnection, ToServer
from zuruf.protocol.handshake import Binding, HandshakeError, HostHandshake, Purpose
from zuruf.protocol.secure_channel import ChannelFactory

log = logging.getLogger(__name__)

_LAST_WORD_S = 0.25
_CLOSE_ALL_S = 0.8


@dataclass(frozen=True)
class Secrets:
    """What connecting needs of the session."""

    session_id: str
    host_key: bytes
    salt: bytes
    prs: bytes


@dataclass
class _Open:
    """One connection under way."""

    request: OpenConnection
    task: asyncio.Task[None] | None = None
    channel: relayed.RecordedChannel | None = None
    activity: str = activity.IDLE
    serving: bool = False


class Connections:
    """Serves any number of connections at a time (up to ``admission.CONNECTIONS_MAX``)."""

    def __init__(
        self,
        *,
        transport: Transport,
        secrets: Secrets,
        tools: Mapping[str, Tool],
        channel_factory: ChannelFactory,
        consent: ConsentState,
        tries: PasswordTries,
        session_s: Callable[[], float],
        standing: Callable[[int], Standing],
        save: Callable[[], Awaitable[None]],
        ask: Callable[[str], Awaitable[bool]],
        report: Callable[[ToServer], None],
        on_change: Callable[[], None],
    ) -> None:
        """``session_s``: the session's seconds. ``standing`` takes the number of connections. ``ask``: the customer."""
        self._transport = transport
        self._secrets = secrets
        self._tools = tools
        self._channel_factory = channel_factory
        self._consent = consent
        self._tries = tries
        self._session_s = session_s
        self._standing = standing
        self._save = save
        self._ask = ask
        self._report = report
        self._on_change = on_change
        self._open: dict[str, _Open] = {}
        self._closed = False

    @property
    def serving(self) -> list[tuple[str, str]]:
        """Tool and present activity of every connection that is past its handshake and the customer's consent."""
        return [(item.request.tool, item.activity) for item in self._open.values() if item.serving]

    def open(self, request: OpenConnection) -> None:
        """Take the server's request, or refuse it. A repeated request changes nothing."""
        if request.connection_id in self._open:
            return
        code = Code.SESSION_ENDED if self._closed else refusal(request.tool, self._standing(len(self._open)))
        if code is not None:
            self._refuse(request, code)
            return
        item = _Open(request)
        self._open[request.connection_id] = item
        item.task = asyncio.create_task(self._run(item))

    async def close_all(self, code: Code) -> None:
        """Close every connection, telling each viewer why where it still listens. Takes no new ones."""
        self._closed = True
        tasks = [asyncio.create_task(self._close(item, code)) for item in self._open.values()]
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=_CLOSE_ALL_S)
            for task in late:
                task.cancel()

    async def _close(self, item: _Open, code: Code) -> None:
        item.serving = False
        assert item.task is not None
        item.task.cancel(code.value)
        with contextlib.suppress(asyncio.CancelledError):
            await item.task

    async def _run(self, item: _Open) -> None:
        request = item.request
        socket: ClientConnection | None = None
        opened = False
        try:
            socket = await relayed.join(self._transport, request)
            item.channel = await self._handshake(socket, request)
            if await self._allowed(item):
                opened = item.serving = True
                self._report(ConnectionState(connection_id=request.connection_id, state="open"))
                self._on_change()
                await self._serve(item)
        except relayed.Refused as refused:
            self._refuse(request, refused.refusal.code)
        except asyncio.CancelledError as cancelled:
            await self._last_word(item, cancelled)
        except (HandshakeError, ProtocolError, ChannelClosed, BadAddress, *Unreachable) as error:
            log.info("connection over: %s: %s", type(error).__name__, error)
            if socket is None:
                self._refuse(request, Code.HOST_OFFLINE)
        except Exception:
            log.exception("connection broke")
        finally:
            self._open.pop(request.connection_id, None)
            if socket is not None:
                await relayed.leave(socket)
            if opened:
                self._report(ConnectionState(connection_id=request.connection_id, state="closed"))
            self._on_change()

    async def _handshake(self, socket: ClientConnection, request: OpenConnection) -> relayed.RecordedChannel:
        binding = Binding(
            Purpose.CONNECTING, self._secrets.session_id, request.connection_id, request.tool, request.epoch
        )
        handshake = HostHandshake(binding, self._secrets.prs, self._secrets.host_key, self._secrets.salt)

        async def spend() -> None:
            self._tries.spend(self._session_s())
            self._on_change()
            await self._save()

        async with asyncio.timeout(self._transport.patience.handshake_s):
            keys = await relayed.agree(socket, handshake, lambda: self._tries.refusal(self._session_s()), spend)
        self._tries.give_back()
        await self._save()
        return relayed.RecordedChannel(socket, self._channel_factory(keys.host, keys.browser))

    async def _allowed(self, item: _Open) -> bool:
        """Ask the customer who wants to be asked; the viewer has proved the password by now."""
        if not self._consent.rights.ask:
            return True
        allowed = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._transport.patience.question_s):
                allowed = await self._ask(item.request.tool)
        if not allowed:
            self._refuse(item.request, Code.CUSTOMER_REFUSED)
            await self._say_closing(item, Code.CUSTOMER_REFUSED)
        return allowed

    async def _serve(self, item: _Open) -> None:
        assert item.channel is not None

        def doing(what: str) -> None:
            if what in activity.ALL and what != item.activity:
                item.activity = what
                self._on_change()

        await self._tools[item.request.tool].serve(item.channel, self._consent, doing)

    async def _last_word(self, item: _Open, cancelled: asyncio.CancelledError) -> None:
        code = cancelled.args[0] if cancelled.args else ""
        if code:
            await self._say_closing(item, Code(code))

    async def _say_closing(self, item: _Open, code: Code) -> None:
        if item.channel is None:
            return
        with contextlib.suppress(ChannelClosed, TimeoutError):
            async with asyncio.timeout(_LAST_WORD_S):
                await item.channel.send(self._tools[item.request.tool].closing(code))

    def _refuse(self, request: OpenConnection, code: Code) -> None:
        self._report(ConnectionRefused(connection_id=request.connection_id, code=code.value))
