"""One pipe for two things: the messages of a connection, which may wait, and news between the processes, which may not.

Each end sends a few messages ahead of what the other has taken for work, and never more. So nothing piles up in a
process, a viewer that does not read holds the helper back, and yet both ends always read the pipe: what the customer
allows reaches the helper, and what is done reaches the customer, however slow the viewer or the keyboard is.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from zuruf.host.helpers.desktop_messages import Data, Taken
from zuruf.host.helpers.pipe import Pipe, PipeClosed
from zuruf.protocol.codec import Decoder, ProtocolError, encode

AHEAD_MAX = 4
"""Messages under way in one direction that the other end has not taken for work."""


class Line:
    """One end. ``run`` reads the pipe; news goes to ``heard``, which may raise PipeClosed to end the reading."""

    def __init__(self, pipe: Pipe, decoder: Decoder[Any], heard: Callable[[Any], None]) -> None:
        self._pipe = pipe
        self._decoder = decoder
        self._heard = heard
        self._closed = False
        self._sent = self._sent_taken = 0
        self._received = self._taken = self._taken_told = 0
        self._arrived: deque[bytes] = deque()
        self._news: dict[type[msgspec.Struct], msgspec.Struct] = {}
        self._telling: asyncio.Task[None] | None = None
        self._order = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._may_receive = asyncio.Event()
        self._may_send = asyncio.Event()

    async def run(self) -> None:
        """Read until the pipe closes (PipeClosed) or the other end breaks the rules (ProtocolError)."""
        try:
            while True:
                self._take(self._decoder.decode(await self._pipe.receive()))
        finally:
            self.close()

    def close(self) -> None:
        """Send nothing more; what has arrived can still be received. The pipe stays as it is. Repeatable."""
        self._closed = True
        self._may_send.set()
        self._may_receive.set()

    def _take(self, message: msgspec.Struct) -> None:
        match message:
            case Data(data):
                self._received += 1
                if self._received - self._taken_told > AHEAD_MAX:
                    raise ProtocolError(f"more than {AHEAD_MAX} messages ahead")
                self._arrived.append(data)
                self._may_receive.set()
            case Taken(total):
                if not self._sent_taken <= total <= self._sent:
                    raise ProtocolError(f"took {total} of {self._sent} messages")
                self._sent_taken = total
                self._may_send.set()
            case _:
                self._heard(message)

    def tell(self, news: msgspec.Struct) -> None:
        """Send this before any further message; the newest of its kind replaces one that is not sent yet."""
        if self._closed:
            return
        self._news.pop(type(news), None)
        self._news[type(news)] = news
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        try:
            async with self._writing:
                await self._write_news()
        except PipeClosed:
            self.close()

    async def told(self) -> None:
        """Return when nothing is left to tell."""
        if self._telling is not None:
            await self._telling

    async def _write_news(self) -> None:
        while self._news:
            kind = next(iter(self._news))
            await self._pipe.send(encode(self._news.pop(kind)))

    async def send(self, message: bytes) -> None:
        """Send one message of the connection; waits while the other end works on earlier ones. Raises PipeClosed."""
        async with self._order:
            while self._sent - self._sent_taken >= AHEAD_MAX and not self._closed:
                self._may_send.clear()
                await self._may_send.wait()
            async with self._writing:
                await self._write_news()
                if self._closed:
                    raise PipeClosed("the line is closed")
                self._sent += 1
                await self._pipe.send(encode(Data(message)))

    async def receive(self) -> bytes:
        """Return the next message of the connection; one task at a time. Raises PipeClosed."""
        while not self._arrived:
            if self._closed:
                raise PipeClosed("the line is closed")
            self._may_receive.clear()
            await self._may_receive.wait()
        message = self._arrived.popleft()
        self._taken += 1
        if self._taken - self._taken_told >= AHEAD_MAX // 2:
            self._taken_told = self._taken
            self.tell(Taken(self._taken))
        return message
