"""Whole messages over a stream of bytes: ``helpers.pipe.Pipe`` on any asyncio transport. Pure of Windows.

A message is its length (four bytes, little-endian) and its bytes. The length is checked before anything of the
message is kept. An end that does not read stops the other one: what waits here is limited in both directions.
"""

import asyncio
import contextlib
from collections import deque

from zuruf.host.helpers.pipe import MESSAGE_MAX, PipeClosed

_HEADER = 4
_WAITING_MAX = 2 * MESSAGE_MAX
"""Bytes of received messages that nobody took yet, after which nothing more is read."""
_FLUSH_WITHIN_S = 1.0
"""How long closing waits for the other end to read what was sent."""


class FramedPipe(asyncio.Protocol):
    """See ``helpers.pipe.Pipe``. Made as the protocol of a connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._messages: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._reading = True
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()
        self._closed: str | None = None

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what arrived apart."""
        if self._closed is not None:
            return
        self._buffer += data
        while len(self._buffer) >= _HEADER:
            length = int.from_bytes(self._buffer[:_HEADER], "little")
            if length > MESSAGE_MAX:
                self._end("the other end sent too long a message")
                return
            if len(self._buffer) < _HEADER + length:
                break
            self._messages.append(bytes(self._buffer[_HEADER : _HEADER + length]))
            del self._buffer[: _HEADER + length]
            self._waiting_bytes += _HEADER + length
        if self._messages:
            self._arrived.set()
        self._regulate()

    def pause_writing(self) -> None:
        """Let senders wait."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let senders go on."""
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """End for good; what arrived before may still be taken."""
        self._finish("the other end has gone" if exc is None else f"the pipe broke: {exc}")
        self._gone.set()

    # The user's side

    async def send(self, message: bytes) -> None:
        """See ``Pipe.send``. Raises ValueError for a message that no end may send."""
        if len(message) > MESSAGE_MAX:
            raise ValueError(f"{len(message)} bytes are no message")
        await self._writable.wait()
        if self._closed is not None or self._transport is None:
            raise PipeClosed(self._closed)
        self._transport.write(len(message).to_bytes(_HEADER, "little") + message)
        await self._writable.wait()
        if self._closed is not None:
            raise PipeClosed(self._closed)

    async def receive(self) -> bytes:
        """See ``Pipe.receive``."""
        while not self._messages:
            if self._closed is not None:
                raise PipeClosed(self._closed)
            self._arrived.clear()
            await self._arrived.wait()
        message = self._messages.popleft()
        self._waiting_bytes -= _HEADER + len(message)
        self._regulate()
        return message

    async def close(self) -> None:
        """See ``Pipe.close``. What was sent before is still delivered to an end that reads."""
        self._messages.clear()
        self._finish("closed here")
        if self._transport is None:
            return
        self._transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_WITHIN_S):
                await self._gone.wait()
        self._transport.abort()

    def _end(self, reason: str) -> None:
        self._finish(reason)
        if self._transport is not None:
            self._transport.abort()

    def _finish(self, reason: str) -> None:
        if self._closed is None:
            self._closed = reason
        self._buffer.clear()
        self._arrived.set()
        self._writable.set()

    def _regulate(self) -> None:
        """Read only while not too much waits to be taken."""
        if self._transport is None or self._closed is not None:
            return
        wanted = self._waiting_bytes < _WAITING_MAX
        if wanted is not self._reading:
            self._reading = wanted
            (self._transport.resume_reading if wanted else self._transport.pause_reading)()
