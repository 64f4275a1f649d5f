"""A desktop in memory: the second adapter of ``platform.desktop``, for tests that need no X server."""

import asyncio
from collections.abc import Sequence

from zuruf.host.platform.desktop import CursorShape, DesktopListener, NoScreen, Rect


class MemoryScreen:
    """A picture that the test draws; counts damage as XDamage does: told once until it is taken."""

    def __init__(self, width: int, height: int, listener: DesktopListener) -> None:
        self._listener = listener
        self._damage: list[Rect] = []
        self.shape = CursorShape(1, 1, 0, 0, b"\x01\x02\x03\xff")
        self.begin(width, height)

    @property
    def size(self) -> tuple[int, int]:
        return self._width, self._height

    def begin(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self.pixels = bytearray(width * height * 4)

    def resize(self, width: int, height: int) -> None:
        self.begin(width, height)
        self._damage = []
        self._listener.resized()

    def fill(self, area: Rect, bgrx: bytes, claim: Rect | None = None) -> None:
        """Draw one colour; ``claim``: what is told to have changed."""
        for y in range(area.y, min(area.y + area.height, self._height)):
            width = min(area.width, self._width - area.x)
            if width > 0:
                start = (y * self._width + area.x) * 4
                self.pixels[start : start + width * 4] = bgrx * width
        self._damage.append(claim or area)
        if len(self._damage) == 1:
            self._listener.damaged()

    def rgb(self) -> bytes:
        out = bytearray(self._width * self._height * 3)
        out[0::3], out[1::3], out[2::3] = self.pixels[2::4], self.pixels[1::4], self.pixels[0::4]
        return bytes(out)

    def take_damage(self) -> list[Rect]:
        damage, self._damage = self._damage, []
        return damage

    def read(self, areas: Sequence[Rect]) -> list[bytes]:
        return [
            b"".join(
                bytes(self.pixels[(y * self._width + area.x) * 4 :][: area.width * 4])
                for y in range(area.y, area.y + area.height)
            )
            for area in areas
        ]

    def cursor(self) -> CursorShape:
        return self.shape


class MemoryInput:
    """Writes down what was done. While ``keyboard_free`` is not set, keys and text wait, as for a borrowed key."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []
        self.keyboard_free = asyncio.Event()
        self.keyboard_free.set()
        self.waiting = 0

    async def _keyboard(self) -> None:
        self.waiting += 1
        try:
            await self.keyboard_free.wait()
        finally:
            self.waiting -= 1

    def move(self, x: int, y: int) -> None:
        self.done.append(("move", x, y))

    def button(self, button: int, down: bool) -> None:
        self.done.append(("button", button, down))

    def wheel(self, dx: int, dy: int) -> None:
        self.done.append(("wheel", dx, dy))

    async def key(self, code: str, key: str, down: bool) -> None:
        await self._keyboard()
        self.done.append(("key", code, key, down))

    async def type_text(self, text: str) -> None:
        await self._keyboard()
        self.done.append(("text", text))

    def release_all(self) -> None:
        self.done.append(("release_all",))


class MemoryClipboard:
    """Keeps the last text."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.watched = False

    def watch(self, wanted: bool) -> None:
        self.watched = wanted

    def set_text(self, text: str) -> None:
        self.text = text


class MemoryDesktop:
    def __init__(self, width: int, height: int, listener: DesktopListener) -> None:
        self.listener = listener
        self.screen = MemoryScreen(width, height, listener)
        self.input = MemoryInput()
        self.clipboard = MemoryClipboard()
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class MemoryPlatform:
    """Opens one desktop after the other; ``missing``: there is none."""

    def __init__(self, width: int = 200, height: int = 150, *, missing: bool = False) -> None:
        self._size = (width, height)
        self._missing = missing
        self.desktops: list[MemoryDesktop] = []

    @property
    def desktop(self) -> MemoryDesktop:
        return self.desktops[-1]

    def open_desktop(self, listener: DesktopListener) -> MemoryDesktop:
        if self._missing:
            raise NoScreen("none in this test")
        self.desktops.append(MemoryDesktop(*self._size, listener))
        return self.desktops[-1]
