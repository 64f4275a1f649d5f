"""What the server needs from outside, as Protocols. ``adapters/`` implements them; only ``app.py`` chooses."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall clock in UTC. Everything that compares times takes it from here."""

    def now(self) -> datetime:
        """The present moment, timezone-aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when this clock has gone on by so much."""
        ...


@dataclass(frozen=True)
class Event:
    """A hint that something changed; the database stays the truth. ``topic``: ``company:<id>`` or ``session:<id>``."""

    topic: str
    kind: str
    session_id: str | None = None


class EventBus(Protocol):
    """Carries hints between requests (embedded) or nodes (cluster). Losing one must never lose data."""

    async def publish(self, event: Event) -> None:
        """Hand the event to every subscriber of its topic."""
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Iterate over events of a topic until the context is left. Slow readers lose the oldest events."""
        ...


@dataclass(frozen=True)
class Mail:
    """One message ready to send."""

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str


@dataclass(frozen=True)
class MailResult:
    """What became of it. ``answer``: the mail server's own words, shown to the technician. ``final``: do not retry."""

    delivered: bool
    final: bool
    answer: str


class Mailer(Protocol):
    """Sends one mail; never raises for what the mail server says."""

    local_outbox: bool
    """True: mail goes to a folder, and the console offers the text."""

    async def send(self, mail: Mail) -> MailResult:
        """Try once."""
        ...


@dataclass(frozen=True)
class RelayAddress:
    """Where both ends of a session's connections dial. ``epoch`` rises whenever the relay changes."""

    url: str
    epoch: int


class RelayDirectory(Protocol):
    """Which relay serves a session. One machine: always itself, epoch 1."""

    async def locate(self, session_id: str) -> RelayAddress:
        """The relay of this session now."""
        ...


class FaultPoints(Protocol):
    """Named steps at which a test kills the process; in production nothing happens. See ``tests/faults``."""

    def reached(self, point: str) -> None:
        """Called right after the named step."""
        ...
