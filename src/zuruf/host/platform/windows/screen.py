"""The picture, taken by a thread of its own that looks at the screen again and again. Imports nothing of Windows.

The thread takes pictures (``Source``), the loop's thread hands them out (``desktop.Screen``); what they share is the
last picture and what changed in it since it was last asked.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from zuruf.host.platform.desktop import CursorShape, DesktopListener, NoScreen, Rect
from zuruf.host.platform.windows import changes
from zuruf.host.platform.windows.cursor import HIDDEN
from zuruf.host.platform.windows.pace import Pace

log = logging.getLogger(__name__)

_PIXEL = 4
_FIRST_PICTURE_S = 2.0
"""How long the first picture may take: a desktop that is just being switched cannot be seen."""


@dataclass(frozen=True)
class Picture:
    """The whole desktop: B, G, R and a byte without meaning, rows from the top without gaps."""

    width: int
    height: int
    pixels: memoryview


@dataclass(frozen=True)
class Look:
    """A picture and what differs from the one before, as ``changes.changed_tiles`` has it."""

    picture: Picture
    tiles: Sequence[int]


class Source(Protocol):
    """Where pictures come from. Made, used and closed by one thread."""

    def look(self) -> Look | None:
        """Take a picture. None: there is none to be had at the moment.

        The pixels of the picture before this one stay as they are until ``look`` is called again.
        """
        ...

    def cursor(self) -> CursorShape | None:
        """Return the pointer's shape. None: the same as at the last call."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class PolledScreen:
    """See ``desktop.Screen``. Raises NoScreen when there is no first picture within two seconds."""

    def __init__(self, open_source: Callable[[], Source], listener: DesktopListener) -> None:
        self._open_source = open_source
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._wake = threading.Condition()
        self._stopping = False
        self._pace = Pace(time.perf_counter())
        self._picture = Picture(0, 0, memoryview(b""))
        self._tiles: list[int] = []
        self._told = False
        self._shape = HIDDEN
        self._first = threading.Event()
        self._failure = "no picture of the desktop can be taken"
        self._thread = threading.Thread(target=self._run, name="zuruf screen", daemon=True)
        self._thread.start()
        # The loop waits for the first picture, once: nothing can be said to the viewer before its size is known.
        self._first.wait(_FIRST_PICTURE_S)
        if not self._picture.pixels:
            self.stop()
            raise NoScreen(self._failure)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole desktop."""
        picture = self._picture
        return picture.width, picture.height

    def take_damage(self) -> list[Rect]:
        """Return what differs from the picture at the last call."""
        with self._wake:
            tiles, self._tiles = self._tiles, [0] * len(self._tiles)
            self._told = False
            self._pace.taken(time.perf_counter())
            self._wake.notify()
            return changes.rectangles(self._picture.width, self._picture.height, tiles)

    def read(self, areas: Sequence[Rect]) -> list[bytes]:
        """Return the areas' pixels in the last picture."""
        with self._wake:
            return [_cut(self._picture, area) for area in areas]

    def cursor(self) -> CursorShape:
        """Return the shape the pointer had at the last look."""
        return self._shape

    def stir(self) -> None:
        """Look again shortly: somebody acted. From any thread."""
        with self._wake:
            self._pace.stirred(time.perf_counter())
            self._wake.notify()

    def stop(self) -> None:
        """Have the thread end; nothing is told from now on. Repeatable."""
        with self._wake:
            self._stopping = True
            self._wake.notify()

    async def close(self, patience_s: float) -> None:
        """Stop, and wait until the source is given back or the patience is over. Repeatable."""
        self.stop()
        await asyncio.to_thread(self._thread.join, patience_s)
        with self._wake:
            self._picture = Picture(0, 0, memoryview(b""))

    # In the thread of its own.

    def _run(self) -> None:
        try:
            with contextlib.closing(self._open_source()) as source:
                while not self._stopping:
                    self._look(source)
                    self._rest()
        except Exception as error:
            log.exception("the screen cannot be looked at any more")
            self._failure = str(error)
            self._tell(self._listener.lost, f"the screen cannot be looked at any more: {error}")
        finally:
            self._first.set()

    def _look(self, source: Source) -> None:
        started = time.perf_counter()
        look = source.look()
        shape = source.cursor()
        with self._wake:
            changed = look is not None and self._take(look)
            self._pace.looked(started, time.perf_counter(), changed=changed)
            if shape is not None and shape != self._shape:
                self._shape = shape
                self._tell(self._listener.cursor_changed)
        if look is not None:
            self._first.set()

    def _take(self, look: Look) -> bool:
        """Make it the last picture; returns whether anything changed."""
        picture, before = look.picture, self._picture
        self._picture = picture
        if (picture.width, picture.height) != (before.width, before.height):
            self._tiles = changes.all_tiles(picture.width, picture.height)
            if before.pixels:
                self._tell(self._listener.resized)
        elif any(look.tiles):
            self._tiles = [old | new for old, new in zip(self._tiles, look.tiles, strict=True)]
        else:
            return False
        if not self._told:
            self._told = True
            self._tell(self._listener.damaged)
        return True

    def _rest(self) -> None:
        with self._wake:
            while not self._stopping:
                wait_s = self._pace.wait_s(time.perf_counter())
                if wait_s is not None and wait_s <= 0:
                    return
                self._wake.wait(wait_s)

    def _tell(self, listener: Callable[..., None], *arguments: str) -> None:
        def tell() -> None:
            if not self._stopping:
                listener(*arguments)

        # The loop may have ended before this thread did.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(tell)


def _cut(picture: Picture, area: Rect) -> bytes:
    width = min(area.width, picture.width - area.x)
    height = min(area.height, picture.height - area.y)
    stride = picture.width * _PIXEL
    start = area.y * stride + area.x * _PIXEL
    if (width, height) == (area.width, area.height):
        if width == picture.width:
            return bytes(picture.pixels[start : start + height * stride])
        rows = range(start, start + height * stride, stride)
        return b"".join([picture.pixels[at : at + width * _PIXEL] for at in rows])
    # The screen shrank; that is told already, and voids this picture.
    return bytes(area.width * area.height * _PIXEL)
