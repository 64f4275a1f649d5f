"""Remembers the picture the viewer has, finds what is new in a strip; too much damage costs nothing. Pure.

Rows and tiles are compared as bytes, boxes are found with integers: both run at memory speed without numpy.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zuruf.host.platform.desktop import Rect
from zuruf.host.remote_control.tiles import TILE

_PIXEL = 4
_PIXEL_BITS = 32
_PIXEL_MASK = 0xFFFFFFFF


class Patch(NamedTuple):
    """Pixels the viewer lacks: B, G, R and a byte without meaning, rows from the top."""

    area: Rect
    pixels: bytes


class Shadow:
    """The viewer's picture, in which at first every tile is unknown."""

    def __init__(self, width: int, height: int) -> None:
        self._stride = width * _PIXEL
        self._picture = bytearray(self._stride * height)
        self._known = [0] * -(-height // TILE)

    def forget(self) -> None:
        """From now on nothing is known: every tile is new when it is next compared."""
        self._known = [0] * len(self._known)

    def update(self, strip: Rect, pixels: bytes) -> list[Patch]:
        """Return what differs and take the strip over. The strip consists of whole tiles of one row of tiles.

        A patch never reaches over the edge of a tile, and is the smallest box around what changed in it.
        """
        view = memoryview(pixels)
        stride = strip.width * _PIXEL
        start = strip.y * self._stride + strip.x * _PIXEL
        changed = [
            row
            for row in range(strip.height)
            if not self._picture.startswith(view[row * stride : (row + 1) * stride], start + row * self._stride)
        ]
        patches = list(self._patches(strip, view, changed))
        for row in changed:
            at = start + row * self._stride
            self._picture[at : at + stride] = view[row * stride : (row + 1) * stride]
        return patches

    def _patches(self, strip: Rect, view: memoryview, changed: list[int]) -> Iterator[Patch]:
        tile_row = strip.y // TILE
        for x in range(strip.x, strip.x + strip.width, TILE):
            width = min(TILE, strip.x + strip.width - x)
            bit = 1 << x // TILE
            if self._known[tile_row] & bit:
                box = self._changed_box(strip, view, changed, x, width)
            else:
                self._known[tile_row] |= bit
                box = Rect(x, strip.y, width, strip.height)
            if box:
                yield Patch(box, _cut(strip, view, box))

    def _changed_box(self, strip: Rect, view: memoryview, changed: list[int], x: int, width: int) -> Rect | None:
        stride = strip.width * _PIXEL
        length = width * _PIXEL
        source = (x - strip.x) * _PIXEL
        target = strip.y * self._stride + x * _PIXEL

        def differs(row: int) -> bool:
            at = source + row * stride
            return not self._picture.startswith(view[at : at + length], target + row * self._stride)

        top = next((row for row in changed if differs(row)), None)
        if top is None:
            return None
        bottom = next(row for row in reversed(changed) if differs(row))
        difference = 0
        last_pixel = (width - 1) * _PIXEL_BITS
        for row in range(top, bottom + 1):
            at, was = source + row * stride, target + row * self._stride
            difference |= int.from_bytes(view[at : at + length], "little") ^ int.from_bytes(
                self._picture[was : was + length], "little"
            )
            if difference >> last_pixel and difference & _PIXEL_MASK:
                break
        left = ((difference & -difference).bit_length() - 1) // _PIXEL_BITS
        right = (difference.bit_length() - 1) // _PIXEL_BITS
        return Rect(x + left, strip.y + top, right - left + 1, bottom - top + 1)


def _cut(strip: Rect, view: memoryview, box: Rect) -> bytes:
    stride = strip.width * _PIXEL
    start = (box.y - strip.y) * stride + (box.x - strip.x) * _PIXEL
    length = box.width * _PIXEL
    return b"".join([view[at : at + length] for at in range(start, start + box.height * stride, stride)])
