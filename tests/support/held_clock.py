"""Clocks that a test moves from outside, through a file that holds the seconds to add. For programs under test."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LOOK_S = 0.1


class HeldOffset:
    """The file; an absent or empty one means nothing is added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seconds(self) -> float:
        try:
            return float(self._path.read_text() or 0)
        except FileNotFoundError:
            return 0.0

    def move(self, seconds: float) -> None:
        """Add this much from now on."""
        temporary = self._path.with_suffix(".new")
        temporary.write_text(str(self.seconds() + seconds))
        temporary.replace(self._path)


class HeldServerClock:
    """The server's clock port: the wall clock and the offset."""

    def __init__(self, offset: HeldOffset) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset.seconds())

    async def sleep(self, seconds: float) -> None:
        end = self.now() + timedelta(seconds=seconds)
        # A file cannot wake anybody up: it has to be looked at.
        while (left := (end - self.now()).total_seconds()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _LOOK_S))
