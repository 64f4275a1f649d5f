"""Transactions, reading, hints after commits, and times, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from tests.support.server import START, ManualClock
from zuruf.server.companies import service as companies
from zuruf.server.companies.models import Company
from zuruf.server.db import Database, announce
from zuruf.server.jobs.models import Job
from zuruf.server.plans.policy import Plan


async def _names(database: Database) -> list[str]:
    async with database.reading() as db:
        return list(await db.scalars(select(Company.name)))


async def test_reading_waits_for_no_writer(database: Database, clock: ManualClock) -> None:
    async with database.transaction() as writer:
        await companies.create(writer, name="A", locale="de", plan=Plan.BASIC, insight=False, now=clock.now())
        async with asyncio.timeout(5):
            assert await _names(database) == []
    assert await _names(database) == ["A"]


async def test_what_is_put_into_a_reader_is_lost(database: Database, clock: ManualClock) -> None:
    async with database.reading() as db:
        db.add(Company(name="A", locale="de", created_at=clock.now()))
        await db.flush()
    assert await _names(database) == []


async def test_watchers_hear_of_a_commit_and_of_no_rollback(database: Database) -> None:
    heard: list[str] = []
    database.watch("jobs", lambda: heard.append("jobs"))

    async def fail() -> None:
        async with database.transaction() as db:
            announce(db, "jobs")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert heard == []
    async with database.transaction() as db:
        announce(db, "jobs")
        announce(db, "nobody watches this")
        assert heard == []
    assert heard == ["jobs"]


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    async with database.transaction() as db:
        db.add(Job(kind="k", key="k", payload="{}", run_at=START.astimezone(timezone(timedelta(hours=2)))))
    async with database.reading() as db:
        found = await db.scalar(select(Job.run_at))
    assert found is not None
    assert (found, found.tzinfo) == (START, UTC)


async def test_a_naive_time_is_refused(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as db:
            db.add(Job(kind="k", key="k", payload="{}", run_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="naive"):
        await write()


async def test_an_error_of_the_database_does_not_tell_what_the_statement_was_given(
    database: Database, clock: ManualClock
) -> None:
    async def write(plan: str) -> None:
        async with database.transaction() as db:
            db.add(Company(name="A", locale="de", plan=plan, created_at=clock.now()))

    await write("basic")
    with pytest.raises(IntegrityError) as caught:
        await write("canary")
    assert "canary" not in str(caught.value)
