from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.platform.desktop import Rect
from zuruf.host.remote_control.tiles import TILE, DirtyTiles

sides = st.integers(1, 200)
areas = st.builds(Rect, st.integers(-50, 220), st.integers(-50, 220), st.integers(1, 150), st.integers(1, 150))


def pixels(areas: list[Rect]) -> list[tuple[int, int]]:
    return [(x, y) for a in areas for y in range(a.y, a.y + a.height) for x in range(a.x, a.x + a.width)]


@settings(deadline=None)
@given(sides, sides, st.lists(areas, max_size=5))
def test_strips_cover_every_touched_tile_once_and_nothing_else(width: int, height: int, damage: list[Rect]) -> None:
    tiles = DirtyTiles(width, height)
    for area in damage:
        tiles.add(area)
    touched = {
        (x // TILE, y // TILE) for area in damage for x, y in pixels([area]) if 0 <= x < width and 0 <= y < height
    }
    assert bool(tiles) == bool(touched)
    strips = tiles.take()
    covered = pixels(strips)
    assert len(covered) == len(set(covered))
    assert {(x // TILE, y // TILE) for x, y in covered} == touched
    assert all(x < width and y < height for x, y in covered)
    assert not tiles
    assert tiles.take() == []


def test_the_whole_screen_is_one_strip_for_each_row_of_tiles() -> None:
    tiles = DirtyTiles(130, 70)
    tiles.add_all()
    assert tiles.take() == [Rect(0, 0, 130, 64), Rect(0, 64, 130, 6)]


def test_tiles_side_by_side_are_one_strip_and_others_are_not() -> None:
    tiles = DirtyTiles(64 * 6, 64)
    for column in (0, 1, 3, 4, 5):
        tiles.add(Rect(column * 64 + 10, 5, 1, 1))
    assert tiles.take() == [Rect(0, 0, 128, 64), Rect(192, 0, 192, 64)]
