"""The database outlives tasks that are cancelled in the middle of a transaction."""

import asyncio
import contextlib
import random
import time

from sqlalchemy import text

from zuruf.server.db import Database


async def test_a_cancelled_transaction_leaves_no_lock_behind(database_url: str) -> None:
    database = Database(database_url)
    async with database.transaction() as db:
        await db.execute(text("CREATE TABLE things (a INTEGER)"))

    async def write() -> None:
        async with database.transaction() as db:
            await db.execute(text("INSERT INTO things VALUES (1)"))
            await db.execute(text("SELECT count(*) FROM things"))

    kept = []
    for seed in range(60):
        task = asyncio.create_task(write())
        await asyncio.sleep(random.Random(seed).random() * 0.006)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        kept.append(task)  # as a traceback that somebody holds would keep it
        started = time.monotonic()
        await write()
        assert time.monotonic() - started < 10, "the lock is held until the time-out"
    await database.close()
