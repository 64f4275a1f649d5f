"""Runs the app's coroutine to its exit code, stoppable from any thread and by SIGTERM. Not for what the app does."""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any

from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_DONE

log = logging.getLogger(__name__)


class Running:
    """One run of one coroutine on an event loop of its own, in the thread that calls ``block``."""

    def __init__(self, run: Callable[[], Coroutine[Any, Any, int]]) -> None:
        self.exit_code = EXIT_BROKEN
        self._run = run
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[int] | None = None
        self._stopped = False

    def block(self) -> int:
        """Run to the end and return the exit code. Being stopped is no error: the session waits for the next start."""
        try:
            asyncio.run(self._main())
        except Exception:
            log.exception("the app broke")
        finally:
            with self._guard:
                self._loop = None
        return self.exit_code

    async def _main(self) -> None:
        task = asyncio.create_task(self._run())
        with self._guard:
            self._loop, self._task = asyncio.get_running_loop(), task
            if self._stopped:
                task.cancel()
        try:
            self.exit_code = await task
        except asyncio.CancelledError:
            self.exit_code = EXIT_DONE

    def stop(self) -> None:
        """Cancel the coroutine. May be called from any thread, at any time, more than once."""
        with self._guard:
            self._stopped = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def call(self, function: Callable[..., object], *values: object) -> None:
        """Call a function in the event loop's thread; does nothing before and after the run."""
        with self._guard:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(function, *values)

    @contextlib.contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT stop this run until the context is left. Only in the main thread."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            # In a thread: the interrupted code may hold the guard.
            threading.Thread(target=self.stop, daemon=True).start()

        before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
