"""Pipes and helper processes in memory: second adapters of ``host.helpers.pipe``. A process is a coroutine here."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable

from zuruf.host.helpers.pipe import MESSAGE_MAX, Helper, Pipe, PipeClosed, Role

Program = Callable[[Pipe], Awaitable[None]]


class _Way:
    """One direction, holding a few messages as an operating system's buffer does."""

    def __init__(self, capacity: int) -> None:
        self.messages: deque[bytes] = deque()
        self.capacity = capacity
        self.writer_closed = self.reader_closed = False
        self._changed = asyncio.Event()

    def changed(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        await self._changed.wait()


class MemoryPipe:
    """One end of a pair. What was sent before this end closed still reaches the other, as in a Windows pipe."""

    def __init__(self, out: _Way, back: _Way) -> None:
        self._out = out
        self._in = back
        self.sent = 0

    async def send(self, message: bytes) -> None:
        assert isinstance(message, bytes)
        assert len(message) <= MESSAGE_MAX
        while True:
            if self._out.writer_closed or self._out.reader_closed:
                raise PipeClosed("closed")
            if len(self._out.messages) < self._out.capacity:
                break
            await self._out.change()
        self._out.messages.append(message)
        self.sent += 1
        self._out.changed()

    async def receive(self) -> bytes:
        while not self._in.messages:
            if self._in.writer_closed or self._in.reader_closed:
                raise PipeClosed("closed")
            await self._in.change()
        if self._in.reader_closed:
            raise PipeClosed("closed")
        message = self._in.messages.popleft()
        self._in.changed()
        return message

    async def close(self) -> None:
        self._out.writer_closed = self._in.reader_closed = True
        self._out.changed()
        self._in.changed()


def memory_pipes(capacity: int = 2) -> tuple[MemoryPipe, MemoryPipe]:
    """Return both ends; each direction holds ``capacity`` messages that nobody has read."""
    there, back = _Way(capacity), _Way(capacity)
    return MemoryPipe(there, back), MemoryPipe(back, there)


class MemoryHelper:
    """A coroutine as process. ``crash`` ends it as Windows ends a process: its pipe closes, nothing is put away."""

    def __init__(self, role: Role, session: int | None, program: Program, capacity: int) -> None:
        self.role = role
        self.session = session
        self.killed = False
        self.pipe, self.far = memory_pipes(capacity)
        self.process = asyncio.create_task(self._run(program))

    async def _run(self, program: Program) -> None:
        try:
            with contextlib.suppress(PipeClosed):
                await program(self.far)
        finally:
            await self.far.close()

    @property
    def alive(self) -> bool:
        return not self.process.done()

    async def ended(self) -> None:
        await asyncio.wait({self.process})

    async def stop(self) -> None:
        if self.alive:
            self.killed = True
            await self.crash()

    async def crash(self) -> None:
        await self.far.close()
        self.process.cancel()
        await asyncio.wait({self.process})


class MemoryStarter:
    """Starts helpers in memory.

    ``here``: the session the customer sits at. ``refusals``: how many starts fail, with ``refusal``.
    """

    def __init__(self, program: Program, here: int | None = 1, capacity: int = 2) -> None:
        self.program = program
        self.here = here
        self.capacity = capacity
        self.refusals = 0
        self.refusal: Exception = OSError("no process")
        self.asked: list[tuple[Role, int | None]] = []
        self.helpers: list[MemoryHelper] = []
        self.may_start = asyncio.Event()
        self.may_start.set()

    def session(self) -> int | None:
        return self.here

    async def start(self, role: Role, session: int | None) -> Helper:
        self.asked.append((role, session))
        await self.may_start.wait()
        if self.refusals:
            self.refusals -= 1
            raise self.refusal
        helper = MemoryHelper(role, session, self.program, self.capacity)
        self.helpers.append(helper)
        return helper

    @property
    def alive(self) -> list[MemoryHelper]:
        return [helper for helper in self.helpers if helper.alive]
