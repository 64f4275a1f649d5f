"""Finds what changed between two pictures of the same size, tile by tile. Pure; comparing memory is the caller's.

Too much may be claimed, never too little: the sender compares once more, pixel by pixel.
"""

from collections.abc import Callable, Iterator, Sequence

from zuruf.host.platform.desktop import Rect

TILE = 64
"""Side of a tile in pixels, as the sender has it; those at the right and lower edge may be smaller."""
_PIXEL = 4

Same = Callable[[int, int], bool]
"""Says whether ``length`` bytes from ``offset`` on are the same in both pictures."""


def changed_tiles(width: int, height: int, same: Same) -> list[int]:
    """Return which tiles differ: a number for each row of tiles from the top, with bit n set for its tile n.

    The whole is compared first, so that a picture in which nothing changed costs one pass over the memory.
    """
    stride = width * _PIXEL
    if same(0, height * stride):
        return [0] * -(-height // TILE)
    tiles = []
    for top in range(0, height, TILE):
        unchanged = same(top * stride, (min(top + TILE, height) - top) * stride)
        tiles.append(0 if unchanged else _changed_in_band(width, height, top, same))
    return tiles


def all_tiles(width: int, height: int) -> list[int]:
    """Return every tile of a picture."""
    return [(1 << -(-width // TILE)) - 1] * -(-height // TILE)


def rectangles(width: int, height: int, tiles: Sequence[int]) -> list[Rect]:
    """Return the tiles as rectangles one tile high, from the top."""
    return [
        Rect(left, row * TILE, right - left, min(TILE, height - row * TILE))
        for row, bits in enumerate(tiles)
        for left, right in _runs(bits, width)
    ]


def _changed_in_band(width: int, height: int, top: int, same: Same) -> int:
    changed, every = 0, (1 << -(-width // TILE)) - 1
    for y in range(top, min(top + TILE, height)):
        row = y * width * _PIXEL
        # Only where no change is known yet there is something to find out.
        for left, right in _runs(every & ~changed, width):
            if not same(row + left * _PIXEL, (right - left) * _PIXEL):
                for x in range(left, right, TILE):
                    if not same(row + x * _PIXEL, (min(x + TILE, right) - x) * _PIXEL):
                        changed |= 1 << x // TILE
        if changed == every:
            break
    return changed


def _runs(bits: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield left and right edge, in pixels, of each run of tiles."""
    position = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        yield (position + zeros) * TILE, min((position + zeros + ones) * TILE, width)
        bits >>= ones
        position += zeros + ones
