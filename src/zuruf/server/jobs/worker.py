"""Runs due jobs until stopped; sleeps until the next one is due or until a commit announces a new one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from zuruf.server.db import Database
from zuruf.server.jobs import service
from zuruf.server.ports import Clock, FaultPoints

Handler = Callable[[dict[str, str], int], Awaitable[None]]
"""Does one job; gets its payload and the number of the attempt. Raises to be tried again. Must be idempotent."""

FAULT_POINTS = ("job.claimed", "job.done", "job.finished")

_LONGEST_SLEEP_S = 30.0
"""Another node's commits announce nothing here."""
_AFTER_FAILURE_S = 1.0
_log = structlog.get_logger(__name__)


class RetryLater(Exception):
    """Raised by a handler that wants another attempt; the text is kept with the job."""


class Worker:
    """Does the jobs of the kinds registered with it, one after another; slow kinds get a worker of their own.

    ``wake`` is a hint; what is due stands in the database.
    """

    def __init__(self, database: Database, clock: Clock, faults: FaultPoints) -> None:
        self._database = database
        self._clock = clock
        self._faults = faults
        self._handlers: dict[str, Handler] = {}
        self._hint = asyncio.Event()
        self._stopping = False
        database.watch(service.TOPIC, self.wake)

    def register(self, kind: str, handler: Handler) -> None:
        """Say who does the jobs of a kind."""
        self._handlers[kind] = handler

    def wake(self) -> None:
        """There may be something new to do."""
        self._hint.set()

    def stop(self) -> None:
        """Let ``run`` return after the job that is being done."""
        self._stopping = True
        self._hint.set()

    async def run(self) -> None:
        """Work until stopped. Cancelled in the middle of a job, that job is done again once its lease has lapsed."""
        while not self._stopping:
            self._hint.clear()
            try:
                delay = 0.0 if await self.run_one() else self._delay(await self._next_due())
            except Exception:  # noqa: BLE001 - the worker must outlive a database that is away for a while
                _log.exception("jobs.failed")
                delay = _AFTER_FAILURE_S
            if delay > 0 and not self._stopping:
                await self._sleep(delay)

    async def run_one(self) -> bool:
        """Do one due job; False where none is due."""
        async with self._database.transaction() as db:
            job = await service.claim(db, self._clock.now(), self._handlers.keys())
        if job is None:
            return False
        self._faults.reached("job.claimed")
        try:
            handler = self._handlers[job.kind]
            await handler(job.payload, job.attempt)
        except Exception as error:  # noqa: BLE001 - the worker must outlive every job
            if not isinstance(error, RetryLater):
                _log.exception("job.failed", kind=job.kind)
            async with self._database.transaction() as db:
                await service.retry(db, job, self._clock.now(), str(error) or type(error).__name__)
            return True
        self._faults.reached("job.done")
        async with self._database.transaction() as db:
            await service.finish(db, job)
        self._faults.reached("job.finished")
        return True

    async def _sleep(self, delay: float) -> None:
        waits = {asyncio.ensure_future(self._hint.wait()), asyncio.ensure_future(self._clock.sleep(delay))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _next_due(self) -> datetime | None:
        async with self._database.reading() as db:
            return await service.next_due(db, self._handlers.keys())

    def _delay(self, due: datetime | None) -> float:
        if due is None:
            return _LONGEST_SLEEP_S
        return min(_LONGEST_SLEEP_S, max(0.02, (due - self._clock.now()).total_seconds()))
