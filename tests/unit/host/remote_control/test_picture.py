"""Shadow, rectangles and stream together: what the viewer draws is what the host saw."""

import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.viewer import Picture
from tests.support.x11 import rgb
from zuruf.host.platform.desktop import Rect
from zuruf.host.remote_control.deflate import DeflateStream
from zuruf.host.remote_control.rectangles import rectangle
from zuruf.host.remote_control.shadow import Patch, Shadow
from zuruf.host.remote_control.tiles import DirtyTiles
from zuruf.protocol.remote_control import RECT_PALETTE, RECT_RGB, RECT_SOLID


class Host:
    """A screen in memory with everything between it and the viewer's picture, one frame at a time."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = bytearray(width * height * 4)
        self.shadow = Shadow(width, height)
        self.dirty = DirtyTiles(width, height)
        self.dirty.add_all()
        self.stream = DeflateStream()
        self.picture = Picture()
        self.picture.resize(width, height)

    def draw(self, x: int, y: int, width: int, height: int, pixel: bytes, noise: int = 0) -> None:
        dice = random.Random(noise)
        for row in range(y, min(y + height, self.height)):
            count = max(0, min(width, self.width - x))
            data = b"".join(bytes(dice.randrange(noise + 1) ^ b for b in pixel) for _ in range(count))
            self.pixels[(row * self.width + x) * 4 : (row * self.width + x + count) * 4] = data

    def frame(self, level: int = 6) -> list[Patch]:
        patches = []
        for strip in self.dirty.take():
            data = b"".join(
                self.pixels[(y * self.width + strip.x) * 4 :][: strip.width * 4]
                for y in range(strip.y, strip.y + strip.height)
            )
            patches += self.shadow.update(strip, data)
        self.picture.apply(self.stream.pack(b"".join(map(rectangle, patches)), level))
        return patches


boxes = st.tuples(st.integers(0, 149), st.integers(0, 139), st.integers(1, 150), st.integers(1, 140))
draws = st.tuples(boxes, st.binary(min_size=4, max_size=4), st.sampled_from([0, 1, 7, 255]))
frames = st.lists(st.tuples(st.lists(draws, max_size=3), st.lists(boxes, max_size=2), st.sampled_from([1, 6]),
                            st.booleans()), max_size=6)  # fmt: skip


@settings(deadline=None)
@given(frames)
def test_the_viewer_shows_exactly_the_hosts_picture_after_every_frame(
    script: list[tuple[list, list, int, bool]],  # type: ignore[type-arg]
) -> None:
    host = Host(150, 140)
    host.frame()
    for drawn, overclaimed, level, refresh in script:
        for box, pixel, noise in drawn:
            host.draw(*box, pixel, noise)
            host.dirty.add(Rect(*box))
        for box in overclaimed:
            host.dirty.add(Rect(*box))
        if refresh:
            host.shadow.forget()
            host.dirty.add_all()
        host.frame(level)
        assert bytes(host.picture.pixels) == rgb(bytes(host.pixels))


@settings(deadline=None)
@given(boxes)
def test_only_what_changed_is_sent_however_much_was_claimed(box: tuple[int, int, int, int]) -> None:
    x, y, width, height = box
    width, height = min(width, 150 - x), min(height, 140 - y)
    host = Host(150, 140)
    host.frame()
    host.draw(x, y, width, height, b"\x01\x02\x03\x00")
    host.dirty.add_all()
    assert sum(len(patch.pixels) // 4 for patch in host.frame()) == width * height


def test_nothing_is_sent_when_nothing_changed() -> None:
    host = Host(150, 140)
    host.frame()
    host.dirty.add_all()
    assert host.frame() == []


def test_after_forgetting_everything_is_sent() -> None:
    host = Host(150, 140)
    host.frame()
    host.shadow.forget()
    host.dirty.add_all()
    assert sum(len(patch.pixels) // 4 for patch in host.frame()) == 150 * 140


def patch(pixels: list[tuple[int, int, int]]) -> Patch:
    return Patch(Rect(3, 4, len(pixels), 1), b"".join(bytes((b, g, r, 77)) for r, g, b in pixels))


def test_one_colour_is_a_solid_rectangle_of_twelve_bytes() -> None:
    data = rectangle(patch([(1, 2, 3)] * 20))
    assert data == bytes((RECT_SOLID, 0, 3, 0, 4, 0, 20, 0, 1, 1, 2, 3))


@pytest.mark.parametrize("rotate", [0, 1, 2])
def test_colours_that_one_channel_tells_apart_are_a_palette(rotate: int) -> None:
    colours = [(10 + i % 3, 50, 60 - i % 3)[rotate:] + (10 + i % 3, 50, 60 - i % 3)[:rotate] for i in range(30)]
    data = rectangle(patch(colours))
    assert data[0] == RECT_PALETTE
    palette = [tuple(data[10 + 3 * i : 13 + 3 * i]) for i in range(data[9] + 1)]
    assert [palette[index] for index in data[10 + 3 * len(palette) :]] == colours


def test_256_colours_still_are_a_palette() -> None:
    data = rectangle(patch([(i % 256, 0, 255 - i % 256) for i in range(1024)]))
    assert data[0] == RECT_PALETTE
    assert data[9] == 255
    assert len(data) == 9 + 1 + 3 * 256 + 1024


def test_a_palette_longer_than_the_pixels_is_not_used() -> None:
    assert rectangle(patch([(i, i, i) for i in range(64)]))[0] == RECT_RGB


def test_colours_that_no_channel_tells_apart_are_plain() -> None:
    colours = [(r, g, b) for r in (0, 1) for g in (0, 1) for b in (0, 1)] * 8
    data = rectangle(patch(colours))
    assert data[0] == RECT_RGB
    assert data[9:] == b"".join(map(bytes, colours))


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=3000), st.integers(0, 40), st.sampled_from([1, 6])), max_size=12))
def test_pieces_of_any_level_inflate_one_by_one(pieces: list[tuple[bytes, int, int]]) -> None:
    stream, inflate = DeflateStream(), zlib.decompressobj(wbits=-15)
    for data, repeat, level in pieces:
        content = data * repeat
        assert inflate.decompress(stream.pack(content, level) + b"\x00\x00\xff\xff") == content


def test_the_history_survives_a_change_of_level() -> None:
    content = random.Random(5).randbytes(20_000)
    stream = DeflateStream()
    assert len(stream.pack(content, 1)) > 20_000
    assert len(stream.pack(content, 6)) < 500
    assert len(stream.pack(content, 1)) < 500
