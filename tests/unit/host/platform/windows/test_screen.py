"""The picture that a thread of its own takes again and again."""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from zuruf.host.platform.desktop import CursorShape, NoScreen, Rect
from zuruf.host.platform.windows import changes
from zuruf.host.platform.windows.screen import Look, Picture, PolledScreen

ARROW = CursorShape(1, 1, 0, 0, b"\0\0\0\xff")


def picture(width: int, height: int, colour: int = 0) -> Picture:
    return Picture(width, height, memoryview(bytes((colour, colour, colour, 0)) * (width * height)))


class FakeSource:
    """A second Source: shows the pictures it is given, one a look, and the last one from then on."""

    def __init__(self, first: Picture | None) -> None:
        self._next: queue.SimpleQueue[Picture | Exception] = queue.SimpleQueue()
        self._last = first
        self.shapes: list[CursorShape] = [ARROW]
        self.looks = 0
        self.closed = threading.Event()

    def show(self, following: Picture | Exception) -> None:
        self._next.put(following)

    def look(self) -> Look | None:
        self.looks += 1
        try:
            following = self._next.get_nowait()
        except queue.Empty:
            return Look(self._last, [0] * -(-self._last.height // changes.TILE)) if self._last else None
        if isinstance(following, Exception):
            raise following
        before, self._last = self._last, following
        size = (following.width, following.height)
        if before is None or (before.width, before.height) != size:
            return Look(following, changes.all_tiles(*size))
        old, new = bytes(before.pixels), bytes(following.pixels)
        return Look(following, changes.changed_tiles(*size, lambda at, n: old[at : at + n] == new[at : at + n]))

    def cursor(self) -> CursorShape | None:
        return self.shapes.pop() if self.shapes else None

    def close(self) -> None:
        self.closed.set()


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.news = asyncio.Event()

    def _note(self, what: str) -> None:
        self.heard.append(what)
        self.news.set()

    def damaged(self) -> None:
        self._note("damaged")

    def resized(self) -> None:
        self._note("resized")

    def cursor_changed(self) -> None:
        self._note("cursor")

    def clipboard_changed(self, text: str) -> None:
        self._note(text)

    def lost(self, reason: str) -> None:
        self._note(f"lost {reason}")

    async def until(self, what: str) -> None:
        """Wait until this was heard, and forget what was heard up to then."""
        while what not in self.heard:
            self.news.clear()
            await self.news.wait()
        self.heard.clear()


Opener = Callable[[FakeSource], Awaitable[PolledScreen]]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def opened(listener: Listener) -> AsyncIterator[Opener]:
    screens: list[PolledScreen] = []

    async def open_screen(source: FakeSource) -> PolledScreen:
        screens.append(PolledScreen(lambda: source, listener))
        await listener.until("damaged")
        screens[-1].take_damage()
        return screens[-1]

    yield open_screen
    for screen in screens:
        await screen.close(5)


async def test_the_size_is_known_at_once_and_everything_is_new(listener: Listener) -> None:
    screen = PolledScreen(lambda: FakeSource(picture(100, 70)), listener)
    assert screen.size == (100, 70)
    assert screen.take_damage() == [Rect(0, 0, 100, 64), Rect(0, 64, 100, 6)]
    await screen.close(5)


async def test_only_what_changed_is_damaged_and_is_read_as_it_is_now(listener: Listener, opened: Opener) -> None:
    source = FakeSource(picture(100, 70))
    screen = await opened(source)
    pixels = bytearray(100 * 70 * 4)
    pixels[(69 * 100 + 99) * 4] = 7
    source.show(Picture(100, 70, memoryview(bytes(pixels))))
    await listener.until("damaged")
    assert screen.take_damage() == [Rect(64, 64, 36, 6)]
    assert screen.read([Rect(98, 69, 2, 1), Rect(0, 68, 100, 1)]) == [bytes(4) + bytes((7, 0, 0, 0)), bytes(400)]


async def test_changes_that_nobody_takes_add_up_and_are_told_once(listener: Listener, opened: Opener) -> None:
    source = FakeSource(picture(64, 128))
    screen = await opened(source)
    for top in (0, 64):
        pixels = bytearray(64 * 128 * 4)
        pixels[top * 64 * 4] = 1
        source.show(Picture(64, 128, memoryview(bytes(pixels))))
    looks = source.looks
    while source.looks < looks + 4:
        screen.stir()
        await asyncio.sleep(0)
    # What the thread told before its last look is in the loop's queue by now.
    await asyncio.sleep(0)
    assert listener.heard.count("damaged") == 1
    assert screen.take_damage() == [Rect(0, 0, 64, 64), Rect(0, 64, 64, 64)]
    assert screen.take_damage() == []


async def test_another_size_is_told_and_is_black_beyond_the_new_edge(listener: Listener, opened: Opener) -> None:
    source = FakeSource(picture(100, 70, 9))
    screen = await opened(source)
    source.show(picture(50, 70, 9))
    await listener.until("resized")
    assert screen.size == (50, 70)
    assert screen.read([Rect(40, 0, 20, 1), Rect(49, 69, 1, 1)]) == [bytes(80), bytes((9, 9, 9, 0))]


async def test_another_pointer_is_told(listener: Listener, opened: Opener) -> None:
    source = FakeSource(picture(10, 10))
    screen = await opened(source)
    assert screen.cursor() == ARROW
    hand = CursorShape(1, 1, 0, 0, b"\2\2\2\xff")
    source.shapes.append(hand)
    await listener.until("cursor")
    assert screen.cursor() == hand


async def test_a_source_that_breaks_loses_the_desktop(listener: Listener, opened: Opener) -> None:
    source = FakeSource(picture(10, 10))
    await opened(source)
    source.show(OSError("no memory"))
    await listener.until("lost the screen cannot be looked at any more: no memory")
    assert source.closed.is_set()


async def test_without_a_first_picture_there_is_no_screen(listener: Listener) -> None:
    source = FakeSource(None)
    source.show(OSError("no memory"))
    with pytest.raises(NoScreen, match="no memory"):
        PolledScreen(lambda: source, listener)


async def test_closing_gives_the_source_back_and_tells_nothing_more(listener: Listener) -> None:
    source = FakeSource(picture(10, 10))
    screen = PolledScreen(lambda: source, listener)
    await screen.close(5)
    await screen.close(5)
    assert source.closed.is_set()
    assert listener.heard == []
