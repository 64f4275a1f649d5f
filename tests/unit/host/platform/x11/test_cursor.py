from types import SimpleNamespace

from zuruf.host.platform.desktop import CursorShape
from zuruf.host.platform.x11.cursor import shape, straight
from zuruf.protocol.limits import CURSOR_SIDE_MAX


def reply(width: int, height: int, bgra: bytes, xhot: int = 0, yhot: int = 0) -> SimpleNamespace:
    image = SimpleNamespace(buf=lambda: bgra)
    return SimpleNamespace(width=width, height=height, xhot=xhot, yhot=yhot, cursor_image=image)


def test_colours_are_divided_by_alpha() -> None:
    assert straight(bytes((0, 64, 128, 128))) == bytes((255, 128, 0, 128))


def test_opaque_colours_stay_and_transparent_ones_are_black() -> None:
    assert straight(bytes((1, 2, 3, 255, 0, 0, 0, 0))) == bytes((3, 2, 1, 255, 0, 0, 0, 0))


def test_colours_beyond_alpha_are_cut_off() -> None:
    assert straight(bytes((200, 0, 0, 100))) == bytes((0, 0, 255, 100))


def test_a_shape_without_any_visible_pixel_is_none() -> None:
    assert shape(reply(2, 1, bytes(8))) == CursorShape(0, 0, 0, 0, b"")


def test_a_shape_beyond_the_limit_is_cropped_to_it() -> None:
    side = CURSOR_SIDE_MAX + 10
    cropped = shape(reply(side, side, b"\x01\x02\x03\xff" * side * side, side - 1, 5))
    assert (cropped.width, cropped.height, cropped.hot_x, cropped.hot_y) == (256, 256, 255, 5)
    assert cropped.rgba == b"\x03\x02\x01\xff" * 256 * 256
