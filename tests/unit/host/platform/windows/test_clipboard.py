"""Text of the clipboard, both ways."""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator

import pytest

from zuruf.host.platform.windows.clipboard import Busy, WatchedClipboard, from_windows, to_windows
from zuruf.protocol.limits import CLIPBOARD_TEXT_MAX


class FakeAccess:
    """A second Access: a clipboard in memory that knows whose text it has."""

    def __init__(self) -> None:
        self.number = 1
        self.text: str | None = None
        self.own = False
        self.busy = 0
        self.refused = threading.Event()
        self.refuses: type[Exception] | None = None
        self.reads = 0
        self.writes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.was_read = threading.Event()

    def sequence(self) -> int:
        return self.number

    def read(self) -> str | None:
        self.reads += 1
        self.was_read.set()
        self._open()
        return None if self.own else self.text

    def write(self, text: str) -> None:
        if self.refuses:
            refusal, self.refuses = self.refuses, None
            self.refused.set()
            raise refusal
        self._open()
        self.text, self.own, self.number = text, True, self.number + 1
        self.writes.put(text)

    def copy(self, text: str | None) -> None:
        """Somebody copies something."""
        self.text, self.own, self.number = text, False, self.number + 1

    def _open(self) -> None:
        if self.busy:
            self.busy -= 1
            raise Busy


class Listener:
    def __init__(self) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()

    def damaged(self) -> None: ...
    def resized(self) -> None: ...
    def cursor_changed(self) -> None: ...
    def clipboard_changed(self, text: str) -> None:
        self.told.put_nowait(text)

    def lost(self, reason: str) -> None: ...


@pytest.fixture
def access() -> FakeAccess:
    return FakeAccess()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def watched(access: FakeAccess, listener: Listener) -> AsyncIterator[WatchedClipboard]:
    made = WatchedClipboard(access, listener, look_s=0.001, pause=lambda _seconds: None)
    yield made
    await made.close(5)


async def test_a_text_that_somebody_copies_is_told_with_simple_line_ends(
    access: FakeAccess, listener: Listener, watched: WatchedClipboard
) -> None:
    watched.watch(True)
    access.copy("eins\r\nzwei\rdrei")
    assert await listener.told.get() == "eins\nzwei\rdrei"


async def test_nothing_is_read_that_was_there_before_or_is_not_wanted(
    access: FakeAccess, listener: Listener, watched: WatchedClipboard
) -> None:
    access.copy("before")
    watched.watch(True)
    watched.watch(False)
    access.copy("unwanted")
    watched.watch(True)
    access.copy("wanted")
    assert await listener.told.get() == "wanted"
    assert access.reads == 1


async def test_our_own_text_is_not_told(access: FakeAccess, listener: Listener, watched: WatchedClipboard) -> None:
    watched.watch(True)
    watched.set_text("ours\nof two lines")
    assert await asyncio.to_thread(access.writes.get) == "ours\r\nof two lines"
    access.copy("theirs")
    assert await listener.told.get() == "theirs"


async def test_a_busy_clipboard_is_read_later(
    access: FakeAccess, listener: Listener, watched: WatchedClipboard
) -> None:
    access.busy = 3
    watched.watch(True)
    access.copy("after all")
    assert await listener.told.get() == "after all"
    assert access.reads == 4


async def test_a_busy_clipboard_is_written_later(access: FakeAccess, watched: WatchedClipboard) -> None:
    access.busy = 3
    watched.set_text("after all")
    assert await asyncio.to_thread(access.writes.get) == "after all"


async def test_of_two_texts_the_newer_one_stays(access: FakeAccess, watched: WatchedClipboard) -> None:
    for text in ("first", "second", "third"):
        watched.set_text(text)
    while (written := await asyncio.to_thread(access.writes.get)) != "third":
        assert written in ("first", "second")
    assert access.text == "third"


async def test_a_clipboard_that_stays_busy_is_given_up(
    access: FakeAccess, watched: WatchedClipboard, caplog: pytest.LogCaptureFixture
) -> None:
    access.busy = 10**6
    watched.set_text("never")
    await watched.close(5)
    assert access.text is None
    assert "stays busy" in caplog.text


async def test_a_text_that_windows_refuses_does_not_stop_the_next_one(
    access: FakeAccess, watched: WatchedClipboard
) -> None:
    access.refuses = OSError
    watched.set_text("refused")
    await asyncio.to_thread(access.refused.wait, 5)
    watched.set_text("next")
    assert await asyncio.to_thread(access.writes.get) == "next"


async def test_what_is_too_long_or_no_text_is_not_told(
    access: FakeAccess, listener: Listener, watched: WatchedClipboard
) -> None:
    watched.watch(True)
    for content in ("x" * (CLIPBOARD_TEXT_MAX + 1), None, ""):
        access.copy(content)
        await asyncio.to_thread(access.was_read.wait, 5)
        access.was_read.clear()
    access.copy("short")
    assert await listener.told.get() == "short"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\n\r\nb\n"])
def test_line_ends_become_windows_and_back(text: str) -> None:
    windows = to_windows(text)
    assert windows.count("\r\n") == windows.count("\n") == text.count("\n")
    assert from_windows(windows) == text.replace("\r\n", "\n")


def test_no_character_ends_the_text_early() -> None:
    assert to_windows("a\0b") == "ab"
