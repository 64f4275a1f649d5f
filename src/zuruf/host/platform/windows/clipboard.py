"""The clipboard as text, both ways: looks for changes while it is wanted. Imports nothing of Windows.

A program can hold the clipboard open, and reading a text may wait for the program that owns it: a thread of its own
does both. Whether a text is our own is told by a mark that lies beside it, not by the order of events.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from zuruf.host.platform.desktop import DesktopListener
from zuruf.host.platform.windows.worker import Worker
from zuruf.protocol.limits import CLIPBOARD_TEXT_MAX

log = logging.getLogger(__name__)

_LOOK_S = 0.25
UNITS_MAX = 2 * CLIPBOARD_TEXT_MAX
"""UTF-16 code units of the longest text that is told: a character, and a line's end, may have two."""
_BUSY_RETRY_S = 0.02
_BUSY_TRIES = 50


class Busy(Exception):
    """Another program has the clipboard open."""


class Access(Protocol):
    """The clipboard of Windows. ``sequence`` is called by any thread, the rest by one."""

    def sequence(self) -> int:
        """Return a number that changes whenever the clipboard does."""
        ...

    def read(self) -> str | None:
        """Return the text as Windows has it. None: no text, more than UNITS_MAX, or one that is not for watchers.

        A text that ``write`` of this very object put there is not returned either. Raises Busy.
        """
        ...

    def write(self, text: str) -> None:
        """Replace the content. Raises Busy."""
        ...


class WatchedClipboard:
    """See ``desktop.Clipboard``. A text longer than CLIPBOARD_TEXT_MAX characters is not told.

    ``look_s``: how often to look for a change; ``pause`` waits for seconds before a busy clipboard is tried again.
    """

    def __init__(
        self,
        access: Access,
        listener: DesktopListener,
        look_s: float = _LOOK_S,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._access = access
        self._listener = listener
        self._look_s = look_s
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._worker = Worker("zuruf clipboard", lambda: None)
        self._wanted = False
        self._timer: asyncio.TimerHandle | None = None
        self._seen = 0
        self._reading = False
        self._to_write: str | None = None

    def watch(self, wanted: bool) -> None:
        """Tell the text at every change from now on, or no more."""
        if wanted and not self._wanted:
            self._seen = self._access.sequence()
            self._timer = self._loop.call_later(self._look_s, self._look)
        elif not wanted and self._timer:
            self._timer.cancel()
        self._wanted = wanted

    def set_text(self, text: str) -> None:
        """Make this the text, with Windows' line ends. A newer text takes the place of one that waits."""
        waiting, self._to_write = self._to_write, to_windows(text)
        if waiting is None:
            self._worker.post(self._write)

    async def close(self, patience_s: float) -> None:
        """Watch no more, and end. Repeatable."""
        self.watch(False)
        await self._worker.close(patience_s)

    def _look(self) -> None:
        self._timer = self._loop.call_later(self._look_s, self._look)
        sequence = self._access.sequence()
        if sequence != self._seen and not self._reading:
            self._reading = True
            self._worker.post(lambda: self._read(sequence))

    # In the worker's thread.

    def _read(self, sequence: int) -> None:
        seen: int | None = sequence
        text = None
        try:
            text = self._access.read()
        except Busy:
            # The next look tries again.
            seen = None
        finally:
            self._loop.call_soon_threadsafe(self._has_read, seen, text)

    def _write(self) -> None:
        """Try with the newest text each time, and say which was tried last, however it ended."""
        text = ""
        try:
            for _ in range(_BUSY_TRIES):
                text = self._to_write or ""
                try:
                    self._access.write(text)
                except Busy:
                    self._pause(_BUSY_RETRY_S)
                else:
                    return
            log.warning("the clipboard stays busy; a text was not put there")
        finally:
            self._loop.call_soon_threadsafe(self._has_tried, text)

    # In the loop's thread again.

    def _has_read(self, seen: int | None, text: str | None) -> None:
        self._reading = False
        if seen is not None:
            self._seen = seen
        if text and self._wanted:
            told = from_windows(text)
            if len(told) <= CLIPBOARD_TEXT_MAX:
                self._listener.clipboard_changed(told)

    def _has_tried(self, text: str) -> None:
        if self._to_write == text:
            self._to_write = None
        else:
            # A newer one came meanwhile.
            self._worker.post(self._write)


def to_windows(text: str) -> str:
    """Return the text with CR LF at each line's end, without NUL, which would end it."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n").replace("\0", "")


def from_windows(text: str) -> str:
    """Return the text with LF at each line's end."""
    return text.replace("\r\n", "\n")
