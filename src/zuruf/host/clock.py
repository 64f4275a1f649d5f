"""How the host counts a session's time, so that the end comes neither late nor early. Not for time-outs of sockets.

While the host runs, time is what the suspend-inclusive monotonic clock says, also across restarts of the host alone:
a wall clock that jumps moves nothing. Across a boot only the wall clock knows how long the computer was off; it is
compared with the wall clock of the last saved mark, and what was counted once is never given back. A computer that is
powered off and whose clock is set back cannot be told from one that was off for a shorter time.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

MARK_INTERVAL_S = 60.0
"""How often the count is saved while nothing else happens."""
WALL_JUMP_S = 2.0
"""A wall clock that moved this much against the monotonic one has jumped: the count is saved at once."""


@dataclass(frozen=True)
class Reading:
    """All clocks at one moment, in seconds. ``boottime_s`` counts suspension and starts anew with each ``boot_id``."""

    boot_id: str
    boottime_s: float
    wall_s: float


class Clock(Protocol):
    """The host's time. Tests bring another one."""

    def read(self) -> Reading:
        """All clocks now."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait about this long while the computer is awake."""
        ...


class SystemClock:
    """The computer's clocks; the platform knows the suspend-inclusive one."""

    def __init__(self, boot_id: Callable[[], str], boottime: Callable[[], float]) -> None:
        self._boot_id = boot_id()
        self._boottime = boottime

    def read(self) -> Reading:
        """All clocks now."""
        return Reading(self._boot_id, self._boottime(), time.time())

    async def sleep(self, seconds: float) -> None:
        """Wait about this long while the computer is awake."""
        await asyncio.sleep(seconds)


class TimerMark(msgspec.Struct, frozen=True):
    """What is saved of a running count: ``elapsed_s`` had passed when the clocks read the rest."""

    duration_s: float
    elapsed_s: float
    boot_id: str
    boottime_s: float
    wall_s: float


class SessionTimer:
    """Counts one session's duration. Pure: every question brings its own reading of the clocks."""

    def __init__(self, mark: TimerMark) -> None:
        self._mark = mark

    @classmethod
    def start(cls, duration_s: float, now: Reading) -> "SessionTimer":
        """Begin to count a duration."""
        return cls(TimerMark(duration_s, 0.0, now.boot_id, now.boottime_s, now.wall_s))

    @classmethod
    def resume(cls, mark: TimerMark, now: Reading) -> "SessionTimer":
        """Go on after a restart of the host or of the computer."""
        if mark.boot_id == now.boot_id and now.boottime_s >= mark.boottime_s:
            passed_s = now.boottime_s - mark.boottime_s
        else:
            passed_s = max(0.0, now.wall_s - mark.wall_s)
        return cls(TimerMark(mark.duration_s, mark.elapsed_s + passed_s, now.boot_id, now.boottime_s, now.wall_s))

    def elapsed_s(self, now: Reading) -> float:
        """Seconds counted so far."""
        return self._mark.elapsed_s + max(0.0, now.boottime_s - self._mark.boottime_s)

    def remaining_s(self, now: Reading) -> float:
        """Seconds until the end; 0 when it has come."""
        return max(0.0, self._mark.duration_s - self.elapsed_s(now))

    def expired(self, now: Reading) -> bool:
        """Whether the end has come."""
        return self.elapsed_s(now) >= self._mark.duration_s

    def mark(self, now: Reading) -> TimerMark:
        """Move the mark to this moment and return it for saving."""
        self._mark = TimerMark(self._mark.duration_s, self.elapsed_s(now), now.boot_id, now.boottime_s, now.wall_s)
        return self._mark

    def mark_due(self, now: Reading) -> bool:
        """Whether a new mark should be saved: a minute has passed, or the wall clock has jumped."""
        counted_s = now.boottime_s - self._mark.boottime_s
        jump_s = abs((now.wall_s - self._mark.wall_s) - counted_s)
        return counted_s >= MARK_INTERVAL_S or jump_s >= WALL_JUMP_S
