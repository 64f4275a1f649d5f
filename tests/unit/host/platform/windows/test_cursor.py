"""Cursor shapes from the bitmaps Windows has for them."""

from zuruf.host.platform.desktop import CursorShape
from zuruf.host.platform.windows.cursor import HIDDEN, shape

CLEAR, BLACK, WHITE = b"\0\0\0\0", b"\0\0\0\xff", b"\xff\xff\xff\xff"


def mask(*bits: int) -> bytes:
    return b"".join(b"\xff\xff\xff\0" if bit else b"\0\0\0\0" for bit in bits)


def test_colours_with_alpha_stay_as_they_are_but_for_their_order() -> None:
    assert shape(2, 1, 1, 0, bytes((1, 2, 3, 255, 10, 20, 30, 128)), mask(0, 0)) == CursorShape(
        2, 1, 1, 0, bytes((3, 2, 1, 255, 30, 20, 10, 128))
    )


def test_without_alpha_the_mask_says_what_is_transparent() -> None:
    colours = bytes((1, 2, 3, 0, 0, 0, 0, 0))
    assert shape(2, 1, 0, 0, colours, mask(0, 1)).rgba == bytes((3, 2, 1, 255)) + CLEAR


def test_a_black_and_white_cursor_is_made_of_its_two_masks() -> None:
    assert shape(3, 1, 0, 0, None, mask(0, 0, 1) + mask(0, 1, 0)).rgba == BLACK + WHITE + CLEAR


def test_inverted_pixels_are_black_with_a_white_edge() -> None:
    ands, xors = [1] * 15, [0] * 15
    xors[6] = 1
    pixels = shape(5, 3, 0, 0, None, mask(*ands) + mask(*xors)).rgba
    rows = [[WHITE, WHITE, WHITE, CLEAR, CLEAR], [WHITE, BLACK, WHITE, CLEAR, CLEAR]]
    assert pixels == b"".join(b"".join(row) for row in (rows[0], rows[1], rows[0]))


def test_the_edge_does_not_reach_around_to_the_other_side() -> None:
    ands, xors = [1] * 6, [0] * 6
    xors[2] = 1
    assert shape(3, 2, 0, 0, None, mask(*ands) + mask(*xors)).rgba == CLEAR + WHITE + BLACK + CLEAR + WHITE + WHITE


def test_colours_where_the_mask_is_transparent_are_inverted_pixels() -> None:
    colours = bytes((0, 0, 0, 0, 255, 255, 255, 0))
    assert shape(2, 1, 0, 0, colours, mask(1, 1)).rgba == WHITE + BLACK


def test_a_cursor_without_a_visible_pixel_is_hidden() -> None:
    assert shape(2, 1, 1, 0, None, mask(1, 1, 0, 0)) == HIDDEN


def test_what_is_larger_than_the_protocol_allows_is_cropped() -> None:
    rows = [bytes((0, 0, row % 256, 255)) * 300 for row in range(300)]
    cropped = shape(300, 300, 299, 299, b"".join(rows), mask(*[0] * 90000))
    assert (cropped.width, cropped.height, cropped.hot_x, cropped.hot_y) == (256, 256, 255, 255)
    assert cropped.rgba == b"".join(bytes((row, 0, 0, 255)) * 256 for row in range(256))
