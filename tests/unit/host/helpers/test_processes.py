import asyncio

import pytest

from tests.support.host.pipes import MemoryStarter
from tests.support.waiting import until
from zuruf.host.helpers.pipe import Pipe, PipeClosed
from zuruf.host.helpers.processes import Processes


async def polite(pipe: Pipe) -> None:
    with pytest.raises(PipeClosed):
        await pipe.receive()


async def stubborn(_pipe: Pipe) -> None:
    await asyncio.Event().wait()


async def test_a_helper_goes_by_itself_when_its_pipe_is_closed() -> None:
    processes = Processes(starter := MemoryStarter(polite))
    processes.end(await processes.start("window", 1))
    await processes.all_ended()
    assert [(helper.alive, helper.killed) for helper in starter.helpers] == [(False, False)]


async def test_a_helper_that_will_not_go_is_killed() -> None:
    processes = Processes(starter := MemoryStarter(stubborn), grace_s=0.01)
    processes.end(await processes.start("window", 1))
    await processes.all_ended()
    assert [(helper.alive, helper.killed) for helper in starter.helpers] == [(False, True)]


async def test_who_stops_waiting_for_a_helper_is_free_at_once_and_the_helper_ends_when_it_comes() -> None:
    processes = Processes(starter := MemoryStarter(polite))
    starter.may_start.clear()
    starting = asyncio.create_task(processes.start("desktop", None))
    await until(lambda: starter.asked)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    starter.may_start.set()
    await processes.all_ended()
    assert [helper.alive for helper in starter.helpers] == [False]


async def test_a_helper_that_does_not_start_is_an_error() -> None:
    processes = Processes(starter := MemoryStarter(polite))
    starter.refusals = 1
    with pytest.raises(OSError, match="no process"):
        await processes.start("window", 1)
