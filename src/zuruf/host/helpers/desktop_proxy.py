"""Remote control as the resident sees it: a tool whose desktop is shared by a helper process, one for each connection.

The connection outlives its helper: when the helper dies, or the customer moves to another session, a new one takes
over, and the viewer sees a fresh picture. What the viewer does while there is no helper is forgotten, never done later
to a desktop that nobody looked at. Pings are answered all the time, so that the viewer knows the host is there.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from zuruf.host.connection.backoff import STABLE_S, Backoff
from zuruf.host.connection.channel import Activity, Channel, ChannelClosed
from zuruf.host.consent.activity import IDLE
from zuruf.host.consent.state import ConsentState
from zuruf.host.helpers.desktop_messages import Doing, Open, Over, SetRights, to_resident
from zuruf.host.helpers.following import POLL_S, stay, until_left
from zuruf.host.helpers.line import Line
from zuruf.host.helpers.pipe import Helper, HelperStarter, PipeClosed
from zuruf.host.helpers.processes import Processes
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import Code
from zuruf.protocol.remote_control import Clipboard, Closing, Ping, Pong, to_host

log = logging.getLogger(__name__)

TRIES = 5
"""Helpers in a row that end at once, before the connection is given up."""
FRAMES_PER_HELPER = 2**24
"""More than a helper can send in a session: three days at sixty a second."""
_LAST_WORD_S = 2.0
_PING, _PONG = b"\x27", b"\x07"
"""Second byte of these messages (``protocol.remote_control``): the tag, after the array's length."""


class DesktopProxy:
    """``serve`` is the tool's; any number of connections at a time."""

    def __init__(
        self,
        starter: HelperStarter,
        *,
        poll_s: float = POLL_S,
        stable_s: float = STABLE_S,
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        """``poll_s``: how often to look where the customer sits. ``stable_s``: a helper that lived so long was good."""
        self._starter = starter
        self._poll_s = poll_s
        self._stable_s = stable_s
        self._backoff = backoff
        self._processes = Processes(starter)

    async def serve(self, channel: Channel, consent: ConsentState, activity: Activity) -> None:
        """Relay until the viewer leaves (ChannelClosed), breaks the protocol, or no desktop can be shared any more."""
        connection = _Connection(self._starter, self._processes, channel, consent, activity)
        code = await connection.run(self._poll_s, self._stable_s, self._backoff())
        with contextlib.suppress(ChannelClosed, TimeoutError):
            async with asyncio.timeout(_LAST_WORD_S):
                await channel.send(encode(Closing(code.value)))

    async def close(self) -> None:
        """Return when the helpers of all connections that are over have ended."""
        await self._processes.all_ended()


class _Connection:
    """One connection, over one helper after the other."""

    def __init__(
        self,
        starter: HelperStarter,
        processes: Processes,
        channel: Channel,
        consent: ConsentState,
        activity: Activity,
    ) -> None:
        self._starter = starter
        self._processes = processes
        self._channel = channel
        self._consent = consent
        self._activity = activity
        self._line: Line | None = None
        self._frames_before = 0
        self._unanswered: bytes | None = None
        self._clipboard: bytes | None = None
        self._outcome: Code | None = None

    async def run(self, poll_s: float, stable_s: float, backoff: Backoff) -> Code:
        """Return why the host closes. Raises ChannelClosed."""
        reading = asyncio.create_task(self._from_viewer())
        sharing = asyncio.create_task(self._keep_sharing(poll_s, stable_s, backoff))
        try:
            await asyncio.wait({reading, sharing}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                reading.result()
            return await sharing
        except ProtocolError as error:
            log.warning("the viewer broke the protocol: %s", error)
            return Code.MALFORMED_MESSAGE
        finally:
            reading.cancel()
            sharing.cancel()
            await asyncio.gather(reading, sharing, return_exceptions=True)

    # From the viewer

    async def _from_viewer(self) -> None:
        while True:
            message = await self._channel.recv()
            if self._line is None:
                await self._without_helper(message)
                continue
            if message[1:2] == _PING:
                self._unanswered = message
            with contextlib.suppress(PipeClosed):
                await self._line.send(message)

    async def _without_helper(self, message: bytes) -> None:
        match to_host.decode(message):
            case Ping(token):
                await self._channel.send(encode(Pong(token)))
            case Clipboard():
                # It is sent once only, at its change; the next helper gets the newest.
                self._clipboard = message

    # From one helper after the other

    async def _keep_sharing(self, poll_s: float, stable_s: float, backoff: Backoff) -> Code:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            session, began = self._starter.session(), loop.time()
            try:
                helper = await self._processes.start("desktop", session)
            except OSError as error:
                log.warning("no desktop helper: %s", error)
            else:
                code = await self._share(helper, session, poll_s)
                if code is not None and code is not Code.NO_SCREEN:
                    return code
                if self._starter.session() != session or loop.time() - began >= stable_s:
                    backoff.reset()
                    failures = 0
                if self._starter.session() != session:
                    continue
            failures += 1
            if failures >= TRIES:
                return Code.NO_SCREEN
            await stay(self._starter, session, backoff.next_wait_s(), poll_s)

    async def _share(self, helper: Helper, session: int | None, poll_s: float) -> Code | None:
        """Relay over this helper until it is over, or the customer sits elsewhere; returns why the helper ended it."""
        line = Line(helper.pipe, to_resident, self._heard)
        self._outcome = None
        line.tell(Open(self._consent.rights, self._frames_before))
        self._frames_before += FRAMES_PER_HELPER
        reading = asyncio.create_task(line.run())
        forwarding = asyncio.create_task(self._to_viewer(line))
        leaving = asyncio.create_task(until_left(self._starter, session, poll_s))
        with contextlib.ExitStack() as over:
            over.callback(self._processes.end, helper)
            over.callback(leaving.cancel)
            over.callback(reading.cancel)
            over.callback(line.close)
            over.callback(self._consent.watch(lambda rights: line.tell(SetRights(rights))))
            over.callback(self._without, line)
            try:
                self._line = line
                await self._hand_clipboard(line)
                await asyncio.wait({reading, forwarding, leaving}, return_when=asyncio.FIRST_COMPLETED)
                over.close()
                # What the helper said before it ended still belongs to the viewer, as fast as that reads.
                await forwarding
            finally:
                over.close()
                forwarding.cancel()
                await asyncio.gather(reading, forwarding, leaving, return_exceptions=True)
        self._note_end(reading)
        self._activity(IDLE)
        if self._unanswered is not None:
            unanswered, self._unanswered = self._unanswered, None
            await self._without_helper(unanswered)
        return self._outcome

    def _without(self, line: Line) -> None:
        if self._line is line:
            self._line = None

    async def _hand_clipboard(self, line: Line) -> None:
        clipboard, self._clipboard = self._clipboard, None
        if clipboard is not None:
            with contextlib.suppress(PipeClosed):
                await line.send(clipboard)

    async def _to_viewer(self, line: Line) -> None:
        while True:
            try:
                message = await line.receive()
            except PipeClosed:
                return
            if message[1:2] == _PONG:
                self._unanswered = None
            await self._channel.send(message)

    def _heard(self, news: object) -> None:
        match news:
            case Doing(activity):
                self._activity(activity)
            case Over(code):
                self._outcome = Code(code) if code in set(Code) else Code.INTERNAL
                raise PipeClosed("the helper has finished")

    @staticmethod
    def _note_end(reading: "asyncio.Task[None]") -> None:
        error = None if reading.cancelled() else reading.exception()
        if isinstance(error, ProtocolError):
            log.warning("the desktop helper broke the protocol: %s", error)
        elif error is not None:
            log.info("the desktop helper left: %s", error)
