"""A clock that stands still until a test moves it, and that wakes who waits for the moved time."""

import asyncio

from zuruf.host.clock import Reading


class ManualClock:
    """All clocks of one computer."""

    def __init__(self) -> None:
        self.boot = 1
        self.boottime_s = 1000.0
        self.wall_s = 1_800_000_000.0
        self._moved = asyncio.Event()

    def read(self) -> Reading:
        return Reading(f"boot-{self.boot}", self.boottime_s, self.wall_s)

    async def sleep(self, seconds: float) -> None:
        end = self.boottime_s + seconds
        while self.boottime_s < end:
            await self._moved.wait()

    def advance(self, seconds: float) -> None:
        """Time passes on every clock."""
        self.boottime_s += seconds
        self.wall_s += seconds
        self._wake()

    def jump_wall(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.wall_s += seconds
        self._wake()

    def reboot(self, off_s: float) -> None:
        """The computer is off for a while and starts again."""
        self.boot += 1
        self.boottime_s = 5.0
        self.wall_s += off_s

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
