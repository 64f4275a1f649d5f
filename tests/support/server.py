"""Second adapters of the server's ports for tests: a clock that is moved by hand, a mail server in memory."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from zuruf.server.ports import Mail, MailResult

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DELIVERED = MailResult(delivered=True, final=True, answer="250 accepted")


class ManualClock:
    """Stands still until ``advance``; whoever sleeps wakes up when their moment has come."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self._lay_down = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def until_sleeping(self, count: int) -> None:
        """Return when so many wait for a moment to come."""
        while sum(not woken.done() for _, woken in self._sleepers) < count:
            self._lay_down.clear()
            await self._lay_down.wait()

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), woken))
        self._lay_down.set()
        await woken

    def advance(self, delta: timedelta) -> None:
        self._now += delta
        due = [woken for moment, woken in self._sleepers if moment <= self._now]
        self._sleepers = [entry for entry in self._sleepers if entry[0] > self._now]
        for woken in due:
            if not woken.done():
                woken.set_result(None)


@dataclass
class MemoryMailer:
    """Keeps what it is given and answers as told, in order; delivers once it has nothing more to say."""

    local_outbox: bool = False
    sent: list[Mail] = field(default_factory=list)
    answers: deque[MailResult] = field(default_factory=deque)

    async def send(self, mail: Mail) -> MailResult:
        self.sent.append(mail)
        return self.answers.popleft() if self.answers else DELIVERED


class Stopped(BaseException):
    """Stands for the death of the process: passes through everything that catches exceptions."""


@dataclass
class Faults:
    """Notes every point that is reached and, where told, dies there."""

    die_at: str | None = None
    passed: list[str] = field(default_factory=list)

    def reached(self, point: str) -> None:
        self.passed.append(point)
        if point == self.die_at:
            self.die_at = None
            raise Stopped(point)
