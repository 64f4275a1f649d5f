"""Two ends of a line over a pipe in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.host.pipes import MemoryPipe, memory_pipes
from tests.support.waiting import until
from zuruf.host.consent.rights import Rights
from zuruf.host.helpers.desktop_messages import Data, Doing, Open, Over, SetRights, Taken, to_desktop, to_resident
from zuruf.host.helpers.line import AHEAD_MAX, Line
from zuruf.host.helpers.pipe import MESSAGE_MAX, PipeClosed
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.limits import RECORD_PLAINTEXT_MAX


class Ends:
    """Resident and desktop, both reading."""

    def __init__(self, capacity: int = 2) -> None:
        self.pipes = memory_pipes(capacity)
        self.resident_heard: list[object] = []
        self.desktop_heard: list[object] = []
        self.resident = Line(self.pipes[0], to_resident, self.resident_heard.append)
        self.desktop = Line(self.pipes[1], to_desktop, self.desktop_heard.append)
        self.tasks = [asyncio.create_task(line.run()) for line in (self.resident, self.desktop)]

    async def close(self) -> None:
        for pipe in self.pipes:
            await pipe.close()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@asynccontextmanager
async def ends(capacity: int = 2) -> AsyncIterator[Ends]:
    made = Ends(capacity)
    try:
        yield made
    finally:
        await made.close()


async def send_all(line: Line, messages: list[bytes]) -> None:
    for message in messages:
        await line.send(message)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=20), max_size=30), st.lists(st.binary(max_size=20), max_size=30), st.integers(1, 5))
async def test_messages_arrive_both_ways_whole_and_in_order(
    there: list[bytes], back: list[bytes], capacity: int
) -> None:
    async with ends(capacity) as pair, asyncio.timeout(10):
        sending = asyncio.gather(send_all(pair.resident, there), send_all(pair.desktop, back))
        assert [await pair.desktop.receive() for _ in there] == there
        assert [await pair.resident.receive() for _ in back] == back
        await sending


async def test_no_more_than_a_few_messages_go_ahead_of_what_is_taken() -> None:
    async with ends() as pair:
        sending = asyncio.create_task(send_all(pair.desktop, [b"x"] * 20))
        await until(lambda: pair.pipes[1].sent == AHEAD_MAX)
        await pair.resident.receive()
        await pair.resident.receive()
        await until(lambda: pair.pipes[1].sent > AHEAD_MAX)
        assert not sending.done()
        sending.cancel()


async def test_news_arrives_while_the_other_end_takes_no_message() -> None:
    async with ends() as pair:
        sending = asyncio.create_task(send_all(pair.desktop, [b"x"] * 20))
        await until(lambda: pair.pipes[1].sent == AHEAD_MAX)
        pair.desktop.tell(Doing("controlling"))
        await until(lambda: pair.resident_heard == [Doing("controlling")])
        sending.cancel()


async def test_news_is_sent_before_any_message_that_waits() -> None:
    near, far = memory_pipes(capacity=1)
    line = Line(near, to_resident, lambda _news: None)
    rights = Rights(control=False)
    sending = asyncio.create_task(send_all(line, [b"1", b"2", b"3"]))
    await until(lambda: near.sent == 1)
    line.tell(SetRights(rights))
    assert [to_desktop.decode(await far.receive()) for _ in range(3)] == [Data(b"1"), Data(b"2"), SetRights(rights)]
    assert to_desktop.decode(await far.receive()) == Data(b"3")
    await sending


async def test_the_newest_news_of_a_kind_replaces_what_is_not_sent() -> None:
    near, far = memory_pipes(capacity=1)
    line = Line(near, to_resident, lambda _news: None)
    await near.send(b"in the way")
    for control in (False, True, False):
        line.tell(SetRights(Rights(control=control)))
    await far.receive()
    assert to_desktop.decode(await far.receive()) == SetRights(Rights(control=False))
    await line.told()
    assert near.sent == 2


async def test_what_has_arrived_can_be_received_after_the_end() -> None:
    async with ends() as pair:
        await pair.desktop.send(b"last")
        await until(lambda: pair.pipes[1].sent == 1)
        await pair.pipes[1].close()
        with pytest.raises(PipeClosed):
            await pair.tasks[0]
        assert await pair.resident.receive() == b"last"
        with pytest.raises(PipeClosed):
            await pair.resident.receive()
        with pytest.raises(PipeClosed):
            await pair.resident.send(b"too late")


@pytest.mark.parametrize("waiting", ["send", "receive"])
async def test_closing_wakes_who_waits(waiting: str) -> None:
    near, _far = memory_pipes(capacity=AHEAD_MAX)
    line = Line(near, to_resident, lambda _news: None)
    task = asyncio.create_task(line.receive() if waiting == "receive" else send_all(line, [b"x"] * 20))
    await asyncio.sleep(0)
    line.close()
    with pytest.raises(PipeClosed):
        await task


async def said_to_the_resident(far: MemoryPipe, messages: list[bytes]) -> None:
    for message in messages:
        await far.send(message)


@pytest.mark.parametrize(
    "messages",
    [
        [encode(Data(b"x"))] * (AHEAD_MAX + 1),
        [encode(Taken(1))],
        [encode(Open(Rights(), 0))],
        [b""],
        [b"\x92\x01" + b"\xc6\xff\xff\xff\xff"],
        [b"\x92\x63\x00"],
    ],
    ids=["too far ahead", "took what was not sent", "the resident's word", "nothing", "cut short", "unknown"],
)
async def test_an_end_that_breaks_the_rules_is_found_out(messages: list[bytes]) -> None:
    near, far = memory_pipes()
    line = Line(near, to_resident, lambda _news: None)
    saying = asyncio.create_task(said_to_the_resident(far, messages))
    with pytest.raises(ProtocolError):
        await line.run()
    with pytest.raises(PipeClosed):
        await line.send(b"x")
    saying.cancel()


def test_the_longest_message_of_a_connection_fits_into_a_pipe() -> None:
    assert len(encode(Data(bytes(RECORD_PLAINTEXT_MAX)))) <= MESSAGE_MAX


@given(st.binary(max_size=200))
def test_bytes_from_a_broken_helper_are_a_message_or_a_breach(data: bytes) -> None:
    try:
        message = to_resident.decode(data)
    except ProtocolError:
        return
    assert isinstance(message, Data | Taken | Doing | Over)
