"""A run can be stopped at any moment, and never hides that it broke."""

import asyncio
import os
import signal
import threading

from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_DONE
from zuruf.host.running import Running


async def forever() -> int:
    await asyncio.Event().wait()
    return EXIT_BROKEN


def test_the_exit_code_is_the_coroutines() -> None:
    async def seven() -> int:
        return 7

    assert Running(seven).block() == 7


def test_a_run_that_was_stopped_before_it_began_ends_at_once() -> None:
    running = Running(forever)
    running.stop()
    assert running.block() == EXIT_DONE


def test_another_thread_may_stop_and_call() -> None:
    called: list[str] = []
    running = Running(forever)
    begun = threading.Event()

    async def run() -> int:
        begun.set()
        return await forever()

    running = Running(run)

    def other() -> None:
        begun.wait(10)
        running.call(called.append, "called")
        running.stop()

    thread = threading.Thread(target=other)
    thread.start()
    assert running.block() == EXIT_DONE
    thread.join()
    assert called == ["called"]
    running.call(called.append, "too late")
    running.stop()
    assert called == ["called"]


def test_a_signal_stops_the_run_and_its_handler_is_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def run() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return await forever()

    running = Running(run)
    with running.stopped_by_signals():
        assert running.block() == EXIT_DONE
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_mistake_is_an_exit_code_of_its_own() -> None:
    async def broken() -> int:
        raise RuntimeError("a mistake")

    assert Running(broken).block() == EXIT_BROKEN
