"""Collects which tiles of the screen changed, and gives them out as strips to read. Pure."""

from collections.abc import Iterator

from zuruf.host.platform.desktop import Rect

TILE = 64
"""Side of a tile in pixels; those at the right and lower edge may be smaller."""


class DirtyTiles:
    """A set of tiles of a ``width`` × ``height`` screen, one bit each."""

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._columns = -(-width // TILE)
        self._rows = [0] * -(-height // TILE)

    def __bool__(self) -> bool:
        return any(self._rows)

    def add(self, area: Rect) -> None:
        """Mark every tile that the area touches; what lies beyond the screen is ignored."""
        left, top = max(area.x, 0), max(area.y, 0)
        right, bottom = min(area.x + area.width, self._width), min(area.y + area.height, self._height)
        if left >= right or top >= bottom:
            return
        first, last = left // TILE, (right - 1) // TILE
        bits = (1 << last + 1) - (1 << first)
        for row in range(top // TILE, (bottom - 1) // TILE + 1):
            self._rows[row] |= bits

    def add_all(self) -> None:
        """Mark the whole screen."""
        self._rows = [(1 << self._columns) - 1] * len(self._rows)

    def take(self) -> list[Rect]:
        """Return the marked tiles as strips one tile high, from the top, and forget them."""
        strips = [self._strip(row, first, last) for row, bits in enumerate(self._rows) for first, last in _runs(bits)]
        self._rows = [0] * len(self._rows)
        return strips

    def _strip(self, row: int, first: int, last: int) -> Rect:
        x, y = first * TILE, row * TILE
        return Rect(x, y, min((last + 1) * TILE, self._width) - x, min(TILE, self._height - y))


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """Yield first and last position of each run of ones."""
    position = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        yield position + zeros, position + zeros + ones - 1
        bits >>= ones
        position += zeros + ones
