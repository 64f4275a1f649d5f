"""Brings calls from other threads into the window's thread and wakes it for them; between them nothing runs."""

import contextlib
import os
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Waker(Protocol):
    """Has a function called in Tk's thread."""

    def wake(self) -> None:
        """Have it called soon. May be called in any thread; several calls may become one."""
        ...

    def close(self) -> None:
        """Call it no more. Only in Tk's thread."""
        ...


class Orders(Generic[T]):
    """A queue of functions of the window; they are called one after the other in the window's thread."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[T], None]] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._waker: Waker | None = None
        self._working = False

    def put(self, order: Callable[[T], None]) -> None:
        """Add a function. May be called in any thread, before the window is there and after it has gone."""
        self._queue.put(order)
        with self._guard:
            if self._waker is not None:
                self._waker.wake()

    def woken_by(self, waker: Waker | None) -> None:
        """Wake the window in this way from now on."""
        with self._guard:
            self._waker = waker

    def work_off(self, window: T) -> None:
        """Call everything that waits. Within a function that lets Tk run meanwhile the next one still waits its turn."""
        if self._working:
            return
        self._working = True
        try:
            while (order := self._next()) is not None:
                order(window)
        finally:
            self._working = False

    def _next(self) -> Callable[[T], None] | None:
        with contextlib.suppress(queue.Empty):
            return self._queue.get_nowait()
        return None


class PipeWaker:
    """Wakes Tk where it can wait for file descriptors: everywhere but on Windows."""

    def __init__(self, root: tk.Tk, call: Callable[[], None]) -> None:
        self._root = root
        self._call = call
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        root.createfilehandler(self._reading, tk.READABLE, self._woken)

    def _woken(self, _file: int, _mask: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._reading, 4096)
        self._call()

    def wake(self) -> None:
        """Write into the pipe; a full one wakes as well."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._writing, b"!")

    def close(self) -> None:
        """Close the pipe."""
        self._root.deletefilehandler(self._reading)
        os.close(self._reading)
        os.close(self._writing)
