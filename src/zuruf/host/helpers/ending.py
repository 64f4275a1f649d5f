"""Ends helpers: they are asked by closing their pipe, given a moment to put things away, then killed."""

import asyncio
import contextlib

from zuruf.host.helpers.pipe import Helper

GRACE_S = 2.0
"""For a helper to release held keys and to take its tray icon away."""


class Endings:
    """Helpers on their way out. Nobody has to wait for them but who wants them all gone."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, helper: Helper) -> None:
        """Begin to end this helper."""
        task = asyncio.create_task(self._end(helper))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def all(self) -> None:
        """Return when every helper has ended whose end has begun."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _end(self, helper: Helper) -> None:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._grace_s):
                    await helper.pipe.close()
                    await helper.ended()
        finally:
            await helper.stop()
