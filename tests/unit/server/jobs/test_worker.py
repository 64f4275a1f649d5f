"""The worker does what is due, when it is due, and survives what handlers and databases do to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.support.server import START, Faults, ManualClock, Stopped
from zuruf.server.db import Database
from zuruf.server.jobs import service as jobs
from zuruf.server.jobs.service import LEASE
from zuruf.server.jobs.worker import FAULT_POINTS, RetryLater, Worker


class Recorder:
    """A handler that notes its calls and fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: asyncio.Queue[tuple[dict[str, str], int]] = asyncio.Queue()
        self.failures = failures

    async def __call__(self, payload: dict[str, str], attempt: int) -> None:
        self.calls.put_nowait((payload, attempt))
        if attempt <= self.failures:
            raise RetryLater("not yet")


async def _enqueue(database: Database, key: str, after: timedelta = timedelta(0), kind: str = "k") -> None:
    async with database.transaction() as db:
        await jobs.enqueue(db, kind=kind, key=key, payload={"key": key}, run_at=START + after)


@pytest.fixture
def worker(database: Database, clock: ManualClock, faults: Faults) -> Worker:
    return Worker(database, clock, faults)


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(20):
            yield
    finally:
        worker.stop()
        await task


async def test_a_new_job_is_done_without_anybody_waking_the_worker(worker: Worker, database: Database) -> None:
    done = Recorder()
    worker.register("k", done)
    async with _running(worker):
        await _enqueue(database, "a")
        assert await done.calls.get() == ({"key": "a"}, 1)


async def test_a_later_job_is_done_when_its_time_has_come(
    worker: Worker, database: Database, clock: ManualClock
) -> None:
    done = Recorder()
    worker.register("k", done)
    async with _running(worker):
        await _enqueue(database, "later", timedelta(seconds=20))
        await _enqueue(database, "now")
        assert (await done.calls.get())[0] == {"key": "now"}
        await clock.until_sleeping(1)
        clock.advance(timedelta(seconds=20))
        assert (await done.calls.get())[0] == {"key": "later"}


async def test_a_failing_job_is_tried_again_after_a_while(
    worker: Worker, database: Database, clock: ManualClock
) -> None:
    done = Recorder(failures=2)
    worker.register("k", done)
    await _enqueue(database, "a")
    for attempt, wait_s in ((1, 5), (2, 10), (3, None)):
        assert await worker.run_one()
        assert (await done.calls.get())[1] == attempt
        assert not await worker.run_one()
        if wait_s is not None:
            clock.advance(timedelta(seconds=wait_s))
    async with database.reading() as db:
        assert await jobs.next_due(db, {"k"}) is None


async def test_a_job_that_raises_anything_holds_up_no_other(worker: Worker, database: Database) -> None:
    done = Recorder()

    async def broken(_payload: dict[str, str], _attempt: int) -> None:
        raise ValueError("broken")

    worker.register("broken", broken)
    worker.register("k", done)
    await _enqueue(database, "bad", kind="broken")
    await _enqueue(database, "unknown", kind="nobody does this")
    await _enqueue(database, "good")
    async with _running(worker):
        assert (await done.calls.get())[0] == {"key": "good"}


@pytest.mark.parametrize("point", FAULT_POINTS)
async def test_dying_at_any_step_loses_no_job(
    point: str, worker: Worker, database: Database, clock: ManualClock, faults: Faults
) -> None:
    done = Recorder()
    worker.register("k", done)
    await _enqueue(database, "a")
    faults.die_at = point
    with pytest.raises(Stopped):
        await worker.run_one()
    clock.advance(LEASE)
    again = await worker.run_one()
    assert again == (point != "job.finished")
    assert done.calls.qsize() == (2 if point == "job.done" else 1)
    assert not await worker.run_one()


async def test_stopping_lets_the_running_job_end(worker: Worker, database: Database) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_payload: dict[str, str], _attempt: int) -> None:
        begun.set()
        await may_end.wait()

    worker.register("k", slow)
    await _enqueue(database, "a")
    await _enqueue(database, "b", timedelta(hours=1))
    task = asyncio.create_task(worker.run())
    await begun.wait()
    worker.stop()
    assert not task.done()
    may_end.set()
    await task
    async with database.reading() as db:
        assert await jobs.next_due(db, {"k"}) == START + timedelta(hours=1)
