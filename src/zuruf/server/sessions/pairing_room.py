"""Who pairs with whom in one session, sans-I/O: messages in, actions out. It forwards what it cannot read.

A run begins with the app's ``host_hello`` and ends with success, a failure told by either end, silence, or when one
leaves. The room peeks at the tag of a forwarded message, never at its content: the browser's answer is what a try is.
"""

from dataclasses import dataclass

import msgspec

from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import Code
from zuruf.protocol.pairing import (
    ConsoleReady,
    Forward,
    HostHello,
    PairingMessage,
    Refused,
    RunEnded,
    RunFailed,
    RunStarted,
)
from zuruf.server.sessions import events as e


@dataclass(frozen=True)
class ToApp:
    """Send this to the app."""

    message: PairingMessage


@dataclass(frozen=True)
class ToConsole:
    """Send this to the technician's browser."""

    message: PairingMessage


@dataclass(frozen=True)
class Tell:
    """Let the session machine take this event."""

    event: e.Event


@dataclass(frozen=True)
class Confirm:
    """The browser has confirmed. See that it registered the host's key for this run, then call ``confirmed``."""

    message: Forward


Action = ToApp | ToConsole | Tell | Confirm


class _Tag(msgspec.Struct):
    t: str


def _tag(payload: bytes) -> str:
    try:
        return msgspec.msgpack.decode(payload, type=_Tag).t
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolError("payload without a tag") from error


_FROM_APP = ("host_offer", "host_confirm")
_FROM_CONSOLE = ("browser_answer", "browser_confirm")


class PairingRoom:
    """At most one app and one console. Every method returns what is to be done, in order."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.console = False
        self.app = False
        self.run_id: str | None = None
        self._hello: HostHello | None = None
        self._expected = 0

    @property
    def empty(self) -> bool:
        """Nobody is here."""
        return not (self.console or self.app)

    def console_joined(self) -> list[Action]:
        """A console was admitted; one that was here before has been replaced."""
        actions = self._end_run(Code.TECHNICIAN_AWAY) if self.console else []
        self.console = True
        return [*actions, ToConsole(ConsoleReady())]

    def console_left(self) -> list[Action]:
        """The console is gone."""
        self.console = False
        return self._end_run(Code.TECHNICIAN_AWAY)

    def app_joined(self) -> bool:
        """An app wants in, in place of one that has no run; False where another one is in the middle of a run."""
        if self.app and self.run_id is not None:
            return False
        self.app = True
        return True

    def app_left(self) -> list[Action]:
        """The app is gone."""
        self.app = False
        return self._end_run(Code.PEER_LEFT)

    def hello(self, hello: HostHello, run_id: str, *, code_alive: bool, tries_left: int) -> list[Action]:
        """The app has a code and wants to try it. Raises ProtocolError in the middle of a run."""
        if self.run_id is not None:
            raise ProtocolError("hello within a run")
        if not code_alive:
            return [ToApp(Refused(code=Code.NO_CODE_LIVE))]
        if not self.console:
            return [ToApp(Refused(code=Code.TECHNICIAN_AWAY))]
        self.run_id, self._expected, self._hello = run_id, 0, hello
        started = RunStarted(
            run_id=run_id,
            session_id=self.session_id,
            tries_left=tries_left,
            platform=hello.platform,
            app_version=hello.app_version,
        )
        return [Tell(e.RunStarted(run_id)), ToConsole(started), ToApp(started)]

    def from_app(self, message: PairingMessage) -> list[Action]:
        """A message of the app within a run. Raises ProtocolError for one that does not belong here."""
        return self._from(message, _FROM_APP, ToConsole, turn=0)

    def from_console(self, message: PairingMessage) -> list[Action]:
        """A message of the console. Raises ProtocolError for one that does not belong here."""
        return self._from(message, _FROM_CONSOLE, ToApp, turn=1)

    def _from(
        self, message: PairingMessage, tags: tuple[str, str], forward: type[ToApp] | type[ToConsole], turn: int
    ) -> list[Action]:
        if not isinstance(message, Forward | RunFailed):
            raise ProtocolError(f"unexpected {type(message).__name__}")
        if message.run_id != self.run_id:
            return []
        if isinstance(message, RunFailed):
            return self._end_run(message.code)
        step = self._expected
        if step >= 4 or step % 2 != turn or _tag(message.payload) != tags[step // 2]:
            raise ProtocolError("message out of turn")
        self._expected += 1
        if step == 3:
            return [Confirm(message)]
        spent: list[Action] = [Tell(e.TrySpent(message.run_id))] if step == 1 else []
        return [*spent, forward(message)]

    def confirmed(self, message: Forward, *, registered: bool) -> list[Action]:
        """The run is over: good, where the browser registered the host's key before it confirmed."""
        if message.run_id != self.run_id:
            return []
        if not registered:
            return self._end_run(Code.HANDSHAKE_BROKEN)
        self.run_id = None
        ended = RunEnded(run_id=message.run_id, code="", tries_left=0)
        return [ToApp(message), ToConsole(ended), ToApp(ended)]

    def timed_out(self, run_id: str) -> list[Action]:
        """Nothing came for too long."""
        return self._end_run(Code.PAIRING_TIMEOUT) if run_id == self.run_id else []

    def stopped(self, code: str) -> list[Action]:
        """The code is dead, or the session over."""
        if self.run_id is not None:
            return self._end_run(code)
        return [ToApp(Refused(code=code))] if self.app else []

    def _end_run(self, code: str) -> list[Action]:
        run_id = self.run_id
        if run_id is None:
            return []
        self.run_id = None
        ended = RunEnded(run_id=run_id, code=code, tries_left=0)
        return [Tell(e.AppLeft(run_id)), ToConsole(ended), ToApp(ended)]
