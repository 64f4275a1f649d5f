"""Messages on a stream, over a pair of sockets: the same transports of asyncio serve named pipes on Windows."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.helpers.pipe import MESSAGE_MAX, PipeClosed
from zuruf.host.platform.windows.framed_pipe import FramedPipe

Ends = tuple[FramedPipe, FramedPipe]


async def joined() -> Ends:
    loop = asyncio.get_running_loop()
    one, other = socket.socketpair()
    ends = [(await loop.create_connection(FramedPipe, sock=end))[1] for end in (one, other)]
    return ends[0], ends[1]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    here, there = await joined()
    yield here, there
    await here.close()
    await there.close()


async def test_messages_arrive_whole_and_in_order(ends: Ends) -> None:
    here, there = ends
    sent = [b"", b"a", b"x" * MESSAGE_MAX, b"last"]
    sending = asyncio.create_task(send_all(here, sent))
    assert [await there.receive() for _ in sent] == sent
    await sending


async def send_all(end: FramedPipe, messages: list[bytes]) -> None:
    for message in messages:
        await end.send(message)


async def test_a_message_that_is_too_long_is_not_sent(ends: Ends) -> None:
    with pytest.raises(ValueError, match="no message"):
        await ends[0].send(bytes(MESSAGE_MAX + 1))


async def test_a_receive_that_was_cancelled_loses_nothing(ends: Ends) -> None:
    here, there = ends
    waiting = asyncio.create_task(there.receive())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await here.send(b"kept")
    assert await there.receive() == b"kept"


async def test_an_end_that_does_not_read_stops_the_sender_and_loses_nothing(ends: Ends) -> None:
    here, there = ends
    piece, count = b"y" * (256 * 1024), 0

    async def send_for_ever() -> None:
        nonlocal count
        while True:
            await here.send(piece)
            count += 1

    sending = asyncio.create_task(send_for_ever())
    before = -1
    while before != count:
        before = count
        for _ in range(100):
            await asyncio.sleep(0)
    assert count * len(piece) < 16 * MESSAGE_MAX
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    for _ in range(count):
        assert await there.receive() == piece


async def test_closing_ends_both_ends_waits(ends: Ends) -> None:
    here, there = ends
    waits = [asyncio.create_task(end.receive()) for end in ends]
    await asyncio.sleep(0)
    await here.close()
    assert [type(result) for result in await asyncio.gather(*waits, return_exceptions=True)] == [PipeClosed, PipeClosed]
    for end in ends:
        with pytest.raises(PipeClosed):
            await end.send(b"late")
    await here.close()
    await there.close()


async def test_what_was_sent_before_closing_is_still_delivered(ends: Ends) -> None:
    here, there = ends
    await here.send(b"farewell")
    await here.close()
    assert await there.receive() == b"farewell"
    with pytest.raises(PipeClosed):
        await there.receive()


async def test_closing_does_not_wait_for_an_end_that_never_reads(ends: Ends) -> None:
    here, _there = ends
    sending = asyncio.create_task(send_all(here, [b"z" * MESSAGE_MAX] * 8))
    for _ in range(100):
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await here.close()
        with pytest.raises(PipeClosed):
            await sending


class Transport(asyncio.Transport):
    """Counts what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = self.closed = False

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None:
        self.closed = True


async def test_too_long_a_message_ends_the_pipe_before_any_of_it_is_kept() -> None:
    pipe, transport = FramedPipe(), Transport()
    pipe.connection_made(transport)
    pipe.data_received((MESSAGE_MAX + 1).to_bytes(4, "little") + b"some of it")
    assert transport.aborted
    with pytest.raises(PipeClosed, match="too long"):
        await pipe.receive()


async def test_a_message_cut_off_by_the_end_is_none() -> None:
    pipe = FramedPipe()
    pipe.connection_made(Transport())
    pipe.data_received((10).to_bytes(4, "little") + b"half")
    pipe.connection_lost(None)
    with pytest.raises(PipeClosed, match="the other end has gone"):
        await pipe.receive()


@given(st.lists(st.binary(max_size=50), max_size=8), st.lists(st.integers(1, 40), max_size=30))
def test_however_the_stream_is_cut_the_messages_are_the_same(messages: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(len(message).to_bytes(4, "little") + message for message in messages)

    async def received() -> list[bytes]:
        pipe = FramedPipe()
        pipe.connection_made(Transport())
        at = 0
        for cut in [*cuts, len(stream)]:
            pipe.data_received(stream[at : at + cut])
            at += cut
        return [await pipe.receive() for _ in messages]

    assert asyncio.run(received()) == messages
