"""Which tiles changed, found by comparing pieces of memory."""

from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.platform.desktop import Rect
from zuruf.host.platform.windows.changes import TILE, all_tiles, changed_tiles, rectangles

WIDTH, HEIGHT = 200, 150


def tiles_between(before: bytes, after: bytes, width: int, height: int) -> tuple[list[int], int]:
    """Return what changed, and how many comparisons that took."""
    count = 0

    def same(offset: int, length: int) -> bool:
        nonlocal count
        count += 1
        assert 0 < length <= len(before) - offset
        return before[offset : offset + length] == after[offset : offset + length]

    return changed_tiles(width, height, same), count


def changed_at(*pixels: tuple[int, int]) -> bytes:
    picture = bytearray(WIDTH * HEIGHT * 4)
    for x, y in pixels:
        picture[(y * WIDTH + x) * 4] = 1
    return bytes(picture)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)), max_size=6))
def test_exactly_the_tiles_with_changed_pixels_are_found(pixels: list[tuple[int, int]]) -> None:
    expected = [0] * 3
    for x, y in pixels:
        expected[y // TILE] |= 1 << x // TILE
    assert tiles_between(changed_at(), changed_at(*pixels), WIDTH, HEIGHT)[0] == expected


def test_a_picture_without_changes_is_compared_once() -> None:
    assert tiles_between(changed_at(), changed_at(), WIDTH, HEIGHT) == ([0, 0, 0], 1)


def test_a_wholly_changed_picture_is_not_compared_row_by_row() -> None:
    tiles, count = tiles_between(bytes(WIDTH * HEIGHT * 4), b"\1" * (WIDTH * HEIGHT * 4), WIDTH, HEIGHT)
    assert tiles == all_tiles(WIDTH, HEIGHT)
    assert count < HEIGHT


def test_the_fourth_byte_of_a_pixel_may_claim_a_change() -> None:
    after = bytearray(changed_at())
    after[3] = 255
    assert tiles_between(changed_at(), bytes(after), WIDTH, HEIGHT)[0] == [1, 0, 0]


def test_neighbouring_tiles_are_one_rectangle_that_ends_at_the_edge() -> None:
    assert rectangles(WIDTH, HEIGHT, [0b1010, 0, 0b1100]) == [
        Rect(64, 0, 64, 64),
        Rect(192, 0, 8, 64),
        Rect(128, 128, 72, 22),
    ]


def test_all_tiles_cover_the_whole_picture() -> None:
    covered = rectangles(WIDTH, HEIGHT, all_tiles(WIDTH, HEIGHT))
    assert covered == [Rect(0, 0, 200, 64), Rect(0, 64, 200, 64), Rect(0, 128, 200, 22)]
