"""Everything one machine needs: wall clock, in-memory bus, a directory that always answers itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from zuruf.server.adapters.mail import OutboxMailer, SmtpMailer
from zuruf.server.ports import Clock, Event, EventBus, FaultPoints, Mailer, RelayAddress, RelayDirectory
from zuruf.server.settings import Settings

_QUEUE = 256


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop's monotonic clock."""
        await asyncio.sleep(seconds)


class MemoryBus:
    """Hands hints to subscribers in this process; a reader that is 256 behind loses the oldest."""

    def __init__(self) -> None:
        self._subscribers: dict[str, set[asyncio.Queue[Event]]] = {}

    async def publish(self, event: Event) -> None:
        """Put the event into every subscriber's queue."""
        for queue in self._subscribers.get(event.topic, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[Event]]:
        """Iterate over a topic's events until the context is left."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_QUEUE)
        self._subscribers.setdefault(topic, set()).add(queue)
        try:
            yield self._events(queue)
        finally:
            self._subscribers[topic].discard(queue)
            if not self._subscribers[topic]:
                del self._subscribers[topic]

    @staticmethod
    async def _events(queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
        while True:
            yield await queue.get()


class OwnRelay:
    """One machine: this server relays everything."""

    def __init__(self, public_url: str) -> None:
        scheme, rest = public_url.split("://", 1)
        self._url = f"{'wss' if scheme == 'https' else 'ws'}://{rest.rstrip('/')}/ws/relay"

    async def locate(self, session_id: str) -> RelayAddress:
        """Always itself, epoch 1."""
        return RelayAddress(self._url, 1)


class NoFaults:
    """Production: named steps pass unnoticed."""

    def reached(self, point: str) -> None:
        """Nothing happens."""


@dataclass(frozen=True)
class Adapters:
    """What ``create_app`` is given for each port."""

    clock: Clock
    bus: EventBus
    mailer: Mailer
    relay_directory: RelayDirectory
    faults: FaultPoints


def embedded(settings: Settings) -> Adapters:
    """Return the adapters for one machine."""
    smtp = settings.smtp
    mailer: Mailer = SmtpMailer(smtp) if smtp.host else OutboxMailer(settings.outbox_dir, smtp.sender)
    return Adapters(SystemClock(), MemoryBus(), mailer, OwnRelay(settings.public_url), NoFaults())
