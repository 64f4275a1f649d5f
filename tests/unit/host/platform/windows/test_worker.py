"""A thread that does one thing after the other."""

import asyncio
import logging
import threading

import pytest

from zuruf.host.platform.windows.worker import Worker


async def test_things_are_done_in_order_and_prepared_one_by_one() -> None:
    done: list[str] = []
    worker = Worker("test", lambda: done.append("prepared"))
    worker.post(lambda: done.append("first"))
    assert await worker.run(lambda: len(done)) == 3
    assert done == ["prepared", "first", "prepared"]
    await worker.close(5)


async def test_who_waits_gets_the_failure() -> None:
    worker = Worker("test", lambda: None)
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    await worker.close(5)


async def test_a_failure_nobody_waits_for_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    worker = Worker("test", lambda: None)
    worker.post(lambda: 1 // 0)
    assert await worker.run(lambda: "still there") == "still there"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    await worker.close(5)


async def test_what_is_cancelled_before_its_turn_is_never_begun() -> None:
    begun = []
    gate = threading.Event()
    worker = Worker("test", lambda: None)
    worker.post(lambda: gate.wait(5))
    waiting = asyncio.ensure_future(worker.run(lambda: begun.append(1)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.set()
    await worker.close(5)
    assert begun == []


async def test_what_waits_is_done_before_the_end_and_nothing_after_it() -> None:
    done: list[str] = []
    worker = Worker("test", lambda: None)
    worker.post(lambda: done.append("before"))
    await worker.close(5)
    worker.post(lambda: done.append("after"))
    await worker.close(5)
    assert done == ["before"]
    with pytest.raises(asyncio.CancelledError):
        await worker.run(lambda: None)


async def test_a_thread_that_hangs_is_left_behind(caplog: pytest.LogCaptureFixture) -> None:
    gate = threading.Event()
    worker = Worker("stuck", lambda: None)
    worker.post(lambda: gate.wait(5))
    await worker.close(0.01)
    assert "stuck hangs" in caplog.text
    gate.set()
