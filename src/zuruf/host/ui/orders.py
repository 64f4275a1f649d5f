"""Brings calls from other threads into the window's thread and wakes it for them; between them nothing runs."""

import contextlib
import queue
import threading
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
        """Call everything that waits. Where one lets Tk run meanwhile, the next one still waits its turn."""
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
