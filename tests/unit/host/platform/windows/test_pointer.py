"""What Windows is given for the mouse of a viewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.host.platform.windows.layouts import US
from tests.unit.host.platform.windows.recording import RecordingInjector
from zuruf.host.platform.windows.injector import MouseEvent
from zuruf.host.platform.windows.pointer import Pointer, absolute
from zuruf.protocol.limits import SCREEN_SIDE_MAX


@pytest.fixture
def injector() -> RecordingInjector:
    return RecordingInjector(US)


@given(st.integers(1, SCREEN_SIDE_MAX).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_windows_makes_the_same_pixel_of_it_whether_it_cuts_or_rounds(place: tuple[int, int]) -> None:
    size, position = place
    coordinate = absolute(position, size)
    assert 0 <= coordinate <= 0xFFFF
    assert coordinate * size // 65536 == position
    assert (coordinate * size + 32768) // 65536 == position


@pytest.mark.parametrize(("position", "inside"), [(-5, 0), (1280, 1279), (99999, 1279)])
def test_beyond_the_edge_means_at_the_edge(position: int, inside: int) -> None:
    assert absolute(position, 1280) == absolute(inside, 1280)


def test_a_move_counts_over_all_monitors(injector: RecordingInjector) -> None:
    Pointer(injector).move(0, 799)
    assert injector.take() == [MouseEvent(0x0001 | 0x8000 | 0x4000, 1, absolute(799, 800))]


@pytest.mark.parametrize(
    ("button", "press", "release", "data"),
    [
        (0, 0x0002, 0x0004, 0),
        (1, 0x0020, 0x0040, 0),
        (2, 0x0008, 0x0010, 0),
        (3, 0x0080, 0x0100, 1),
        (4, 0x0080, 0x0100, 2),
    ],
)
def test_a_button_is_pressed_and_released_once(
    injector: RecordingInjector, button: int, press: int, release: int, data: int
) -> None:
    pointer = Pointer(injector)
    for down in (True, True, False, False):
        pointer.button(button, down)
    assert injector.take() == [MouseEvent(press, data=data), MouseEvent(release, data=data)]


def test_swapped_buttons_do_what_they_mean_and_are_released_as_pressed(injector: RecordingInjector) -> None:
    pointer = Pointer(injector)
    injector.swapped = True
    pointer.button(0, True)
    injector.swapped = False
    pointer.button(0, False)
    assert injector.take() == [MouseEvent(0x0008), MouseEvent(0x0010)]


@pytest.mark.parametrize(
    ("dx", "dy", "events"),
    [
        (0, 2, [MouseEvent(0x0800, data=-120)] * 2),
        (0, -1, [MouseEvent(0x0800, data=120)]),
        (1, 0, [MouseEvent(0x1000, data=120)]),
        (-1, 1, [MouseEvent(0x0800, data=-120), MouseEvent(0x1000, data=-120)]),
        (0, 0, []),
    ],
)
def test_down_is_negative_for_windows_and_right_is_positive(
    injector: RecordingInjector, dx: int, dy: int, events: list[MouseEvent]
) -> None:
    Pointer(injector).wheel(dx, dy)
    assert injector.take() == events


def test_every_held_button_is_released(injector: RecordingInjector) -> None:
    pointer = Pointer(injector)
    pointer.button(0, True)
    pointer.button(4, True)
    injector.take()
    pointer.release_all()
    pointer.release_all()
    assert injector.take() == [MouseEvent(0x0004), MouseEvent(0x0100, data=2)]


def test_a_press_that_windows_did_not_take_is_not_held(injector: RecordingInjector) -> None:
    pointer = Pointer(injector)
    injector.refuses = True
    pointer.button(0, True)
    injector.refuses = False
    pointer.release_all()
    assert injector.take() == []
