"""One thread that does what it is told, one thing after the other, for calls of Windows that may block. Pure Python.

Not an executor: it never keeps the process from ending, since a hung program can hold such a call for ever.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

log = logging.getLogger(__name__)

_T = TypeVar("_T")


class Worker:
    """Begins at once. ``prepare`` is called in the thread before everything it is told."""

    def __init__(self, name: str, prepare: Callable[[], object]) -> None:
        self._prepare = prepare
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def post(self, action: Callable[[], object]) -> None:
        """Have something done; what it raises is logged. Nothing is done any more after ``close``."""
        self._submit(action).add_done_callback(_log_failure)

    async def run(self, action: Callable[[], _T]) -> _T:
        """Have something done and wait for it. Cancelled before its turn, it is never begun."""
        return await asyncio.wrap_future(self._submit(action))

    async def close(self, patience_s: float) -> None:
        """Do what is waiting and end; a thread that hangs longer than the patience is left behind. Repeatable."""
        if not self._closed:
            last = self._submit(lambda: None)
            self._closed = True
            self._waiting.put(None)
            try:
                async with asyncio.timeout(patience_s):
                    await asyncio.wrap_future(last)
            except TimeoutError:
                log.warning("%s hangs", self._thread.name)

    def _submit(self, action: Callable[[], _T]) -> Future[_T]:
        future: Future[_T] = Future()
        if self._closed:
            future.cancel()
        else:
            self._waiting.put((future, action))
        return future

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            future, action = item
            if future.set_running_or_notify_cancel():
                try:
                    self._prepare()
                    future.set_result(action())
                except Exception as error:  # noqa: BLE001 - handed on to whoever waits, or logged
                    future.set_exception(error)
            # Nothing of the last action may be kept alive while waiting for the next one.
            del item, future, action


def _log_failure(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()):
        log.error("failed in a worker thread", exc_info=error)
