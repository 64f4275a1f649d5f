"""The leased table: every due job is claimed by one worker, and again once that worker is gone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from tests.support.server import START, ManualClock
from zuruf.server.db import Database
from zuruf.server.jobs import service as jobs
from zuruf.server.jobs.models import Job
from zuruf.server.jobs.service import LEASE, Claimed

_SECOND = timedelta(seconds=1)


async def _enqueue(database: Database, key: str, after: timedelta = timedelta(0), **payload: str) -> None:
    async with database.transaction() as db:
        await jobs.enqueue(db, kind="k", key=key, payload=payload, run_at=START + after)


async def _claim(database: Database, clock: ManualClock) -> Claimed | None:
    async with database.transaction() as db:
        return await jobs.claim(db, clock.now(), {"k"})


async def _finish(database: Database, job: Claimed) -> bool:
    async with database.transaction() as db:
        return await jobs.finish(db, job)


async def test_a_job_is_not_due_before_its_time(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a", 10 * _SECOND)
    clock.advance(9 * _SECOND)
    assert await _claim(database, clock) is None
    clock.advance(_SECOND)
    assert await _claim(database, clock) is not None


async def test_parallel_claims_take_every_job_once(database: Database, clock: ManualClock) -> None:
    for number in range(5):
        await _enqueue(database, f"key {number}")
    claimed = await asyncio.gather(*(_claim(database, clock) for _ in range(8)))
    assert len({job.id for job in claimed if job is not None}) == 5
    assert claimed.count(None) == 3


async def test_the_same_key_moves_a_job_instead_of_doubling_it(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a", n="1")
    await _enqueue(database, "a", 5 * _SECOND, n="2")
    assert await _claim(database, clock) is None
    clock.advance(5 * _SECOND)
    job = await _claim(database, clock)
    assert job is not None
    assert job.payload == {"n": "2"}
    assert await _claim(database, clock) is None


async def test_a_finished_job_is_gone(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    job = await _claim(database, clock)
    assert job is not None
    assert await _finish(database, job)
    async with database.reading() as db:
        assert await jobs.next_due(db, {"k"}) is None


async def test_a_job_whose_worker_died_is_claimed_again_after_its_lease(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    first = await _claim(database, clock)
    clock.advance(LEASE - _SECOND)
    assert await _claim(database, clock) is None
    clock.advance(_SECOND)
    second = await _claim(database, clock)
    assert first is not None
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)
    assert not await _finish(database, first)
    assert await _finish(database, second)


async def test_a_job_that_is_scheduled_anew_while_it_runs_is_not_finished_by_the_old_run(
    database: Database, clock: ManualClock
) -> None:
    await _enqueue(database, "a")
    running = await _claim(database, clock)
    await _enqueue(database, "a")
    assert running is not None
    assert not await _finish(database, running)
    again = await _claim(database, clock)
    assert again is not None
    assert again.attempt == 1


async def test_retries_wait_twice_as_long_each_time_up_to_half_an_hour(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    waited = []
    for _ in range(12):
        job = await _claim(database, clock)
        assert job is not None
        async with database.transaction() as db:
            await jobs.retry(db, job, clock.now(), "why")
            due = await jobs.next_due(db, {"k"})
        assert due is not None
        waited.append((due - clock.now()).total_seconds())
        clock.advance(due - clock.now())
    assert waited == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800, 1800]


async def test_the_reason_of_a_retry_is_kept(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    job = await _claim(database, clock)
    assert job is not None
    async with database.transaction() as db:
        await jobs.retry(db, job, clock.now(), "x" * 5000)
        assert await db.scalar(select(Job.last_error)) == "x" * 2000


async def test_a_cancelled_job_is_never_claimed(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    async with database.transaction() as db:
        await jobs.cancel(db, "a")
        await jobs.cancel(db, "never there")
    assert await _claim(database, clock) is None


async def test_the_next_due_is_the_earliest_of_run_times_and_leases(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "later", timedelta(hours=1))
    await _enqueue(database, "now")
    assert await _claim(database, clock) is not None
    async with database.reading() as db:
        assert await jobs.next_due(db, {"k"}) == START + LEASE


async def test_only_the_kinds_asked_for_are_claimed_and_awaited(database: Database, clock: ManualClock) -> None:
    await _enqueue(database, "a")
    async with database.transaction() as db:
        assert await jobs.next_due(db, {"another"}) is None
        assert await jobs.claim(db, clock.now(), {"another"}) is None
        assert await jobs.claim(db, clock.now(), {"k"}) is not None


async def test_a_job_that_has_failed_a_thousand_times_is_still_given_back(
    database: Database, clock: ManualClock
) -> None:
    await _enqueue(database, "a")
    job = await _claim(database, clock)
    assert job is not None
    async with database.transaction() as db:
        await jobs.retry(db, replace(job, attempt=1000), clock.now(), "away")
    async with database.reading() as db:
        assert await jobs.next_due(db, {"k"}) == START + timedelta(minutes=30)
