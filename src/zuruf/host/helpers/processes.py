"""Starts helpers and sees each of them to its end, also when who wanted it has stopped waiting.

A helper is ended by closing its pipe; it gets a moment to put things away, then it is killed.
"""

import asyncio
import contextlib

from zuruf.host.helpers.pipe import Helper, HelperStarter, Role

GRACE_S = 2.0
"""For a helper to release held keys and to take its tray icon away."""


class Processes:
    """The helpers of one proxy. Nobody has to wait for those on their way out but who wants them all gone."""

    def __init__(self, starter: HelperStarter, grace_s: float = GRACE_S) -> None:
        self._starter = starter
        self._grace_s = grace_s
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self, role: Role, session: int | None) -> Helper:
        """As ``HelperStarter.start``; when cancelled, the wait is over at once and the helper ends when it comes."""
        starting = asyncio.create_task(self._starter.start(role, session))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._keep(asyncio.create_task(self._end_late(starting)))
            raise

    def end(self, helper: Helper) -> None:
        """Begin to end this helper."""
        self._keep(asyncio.create_task(self._end(helper)))

    async def all_ended(self) -> None:
        """Return when every helper has ended that was to end."""
        while self._ending:
            await asyncio.wait(set(self._ending))

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end_late(self, starting: "asyncio.Task[Helper]") -> None:
        with contextlib.suppress(OSError):
            await self._end(await starting)

    async def _end(self, helper: Helper) -> None:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._grace_s):
                    await helper.pipe.close()
                    await helper.ended()
        finally:
            await helper.stop()
