"""The port between the resident and its helpers: a pipe of whole messages, a process, who starts it. Only Protocols."""

from typing import Literal, Protocol

MESSAGE_MAX = 1024 * 1024
"""Bytes of the longest message a pipe carries; a longer one closes it, unread."""

Role = Literal["window", "desktop"]


class PipeClosed(Exception):
    """The other end closed the pipe or its process ended, or this end was closed. Text for logs only."""


class Pipe(Protocol):
    """One end. Messages arrive whole and in order, or not at all."""

    async def send(self, message: bytes) -> None:
        """Send a message of at most MESSAGE_MAX bytes; waits while the other end does not read. Raises PipeClosed."""
        ...

    async def receive(self) -> bytes:
        """Return the next message; one task at a time. Cancelled, it loses none. Raises PipeClosed."""
        ...

    async def close(self) -> None:
        """Let go of this end; both ends' waits raise PipeClosed. Repeatable."""
        ...


class Helper(Protocol):
    """A helper process that was started, has connected, and was found to be the one that was started."""

    @property
    def pipe(self) -> Pipe:
        """The resident's end of the pipe."""
        ...

    async def ended(self) -> None:
        """Return when the process has ended."""
        ...

    async def stop(self) -> None:
        """Kill the process if it still runs. Repeatable."""
        ...


class HelperStarter(Protocol):
    """Starts helpers in the sessions of the people at this computer."""

    def session(self) -> int | None:
        """Return the session that a customer sits at now; None while nobody is signed in. Quick."""
        ...

    async def start(self, role: Role, session: int | None) -> Helper:
        """Start a helper in this session; None, for a desktop only, is the console with its sign-in screen.

        Cancelled, it leaves no process. Raises OSError.
        """
        ...
