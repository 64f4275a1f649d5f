"""Scheduling, claiming and finishing jobs. One statement claims, on both databases; a crash ends in a lapsed lease."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.server.db import announce, new_id
from zuruf.server.jobs.models import Job

TOPIC = "jobs"
"""Announced after every commit that scheduled something."""
LEASE = timedelta(seconds=90)
_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(minutes=30)
_DOUBLINGS = 10
"""More than the longest retry needs; without a bound a job that fails for days leaves the calendar."""


@dataclass(frozen=True)
class Claimed:
    """A job that this worker has until its lease lapses. ``attempt`` counts from 1."""

    id: str
    lease: str
    kind: str
    payload: dict[str, str]
    attempt: int


async def enqueue(db: AsyncSession, *, kind: str, key: str, payload: dict[str, str], run_at: datetime) -> None:
    """Schedule in the caller's transaction. The same key again moves the job instead of doubling it."""
    job = await db.scalar(select(Job).where(Job.key == key).with_for_update())
    if job is None:
        db.add(Job(kind=kind, key=key, payload=json.dumps(payload), run_at=run_at))
    else:
        job.kind, job.payload, job.run_at = kind, json.dumps(payload), run_at
        job.attempts, job.lease, job.leased_until = 0, None, None
    await db.flush()
    announce(db, TOPIC)


async def cancel(db: AsyncSession, key: str) -> None:
    """Forget a job; nothing happens where there is none."""
    await db.execute(delete(Job).where(Job.key == key))


async def claim(db: AsyncSession, now: datetime, kinds: Collection[str]) -> Claimed | None:
    """Take the job of these kinds that is due longest and not leased, or None."""
    free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    query = select(Job).where(Job.kind.in_(kinds), Job.run_at <= now, free).order_by(Job.run_at).limit(1)
    job = await db.scalar(query.with_for_update(skip_locked=True))
    if job is None:
        return None
    job.lease, job.leased_until, job.attempts = new_id(), now + LEASE, job.attempts + 1
    await db.flush()
    return Claimed(job.id, job.lease, job.kind, json.loads(job.payload), job.attempts)


async def finish(db: AsyncSession, job: Claimed) -> bool:
    """Delete a job that is done; False where the lease was lost (it was moved, cancelled or taken over)."""
    result = await db.execute(delete(Job).where(Job.id == job.id, Job.lease == job.lease))
    return bool(getattr(result, "rowcount", 0))


async def retry(db: AsyncSession, job: Claimed, now: datetime, error: str) -> None:
    """Give a job back, due later: doubling from five seconds to half an hour."""
    delay = min(_FIRST_RETRY * 2 ** min(job.attempt - 1, _DOUBLINGS), _LONGEST_RETRY)
    await db.execute(
        update(Job)
        .where(Job.id == job.id, Job.lease == job.lease)
        .values(lease=None, leased_until=None, run_at=now + delay, last_error=error[:2000])
    )


async def next_due(db: AsyncSession, kinds: Collection[str]) -> datetime | None:
    """Return when the next job of these kinds is due (or its lease lapses), or None without jobs."""
    query = select(Job.run_at, Job.leased_until).where(Job.kind.in_(kinds))
    found = (await db.execute(query.order_by(func.coalesce(Job.leased_until, Job.run_at)).limit(1))).first()
    return None if found is None else found.leased_until or found.run_at
