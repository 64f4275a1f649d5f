from collections.abc import Iterator

import pytest
from xcffib.xproto import ButtonMask, ButtonPressEvent, ButtonReleaseEvent, EventMask

from tests.support.x11 import Drawing, XServer, seen, until
from zuruf.host.platform.x11.desktop import X11Desktop


@pytest.fixture
def target(server: XServer) -> Iterator[Drawing]:
    with Drawing(server.display) as client:
        client.window(EventMask.ButtonPress | EventMask.ButtonRelease, 0, 0, 800, 600)
        yield client


async def test_the_pointer_goes_to_the_position(desktop: X11Desktop, target: Drawing) -> None:
    desktop.input.move(123, 45)
    assert seen(desktop, target).pointer()[:2] == (123, 45)


@pytest.mark.parametrize(("button", "x_button"), [(0, 1), (1, 2), (2, 3), (3, 8), (4, 9)])
async def test_a_button_is_pressed_and_released_where_the_pointer_is(
    desktop: X11Desktop, target: Drawing, button: int, x_button: int
) -> None:
    desktop.input.move(30, 40)
    desktop.input.button(button, True)
    desktop.input.button(button, False)
    events = [(type(e), e.detail, e.root_x, e.root_y) for e in seen(desktop, target).events(object)]
    assert events == [(ButtonPressEvent, x_button, 30, 40), (ButtonReleaseEvent, x_button, 30, 40)]


async def test_a_button_pressed_twice_is_pressed_once(desktop: X11Desktop, target: Drawing) -> None:
    desktop.input.button(0, True)
    desktop.input.button(0, True)
    assert len(seen(desktop, target).events(ButtonPressEvent)) == 1


@pytest.mark.parametrize(("notches", "x_button"), [((0, 2), 5), ((0, -2), 4), ((2, 0), 7), ((-2, 0), 6)])
async def test_a_wheel_notch_is_a_click_of_its_button(
    desktop: X11Desktop, target: Drawing, notches: tuple[int, int], x_button: int
) -> None:
    desktop.input.wheel(*notches)
    assert [e.detail for e in seen(desktop, target).events(ButtonPressEvent)] == [x_button, x_button]


async def test_release_all_releases_buttons_and_keys(desktop: X11Desktop, target: Drawing) -> None:
    desktop.input.button(0, True)
    await desktop.input.key("ShiftLeft", "Shift", True)
    await desktop.input.key("KeyA", "A", True)
    assert seen(desktop, target).pointer()[2] & ButtonMask._1
    assert len(seen(desktop, target).keys_down()) == 2
    desktop.input.release_all()
    assert not seen(desktop, target).pointer()[2]
    assert seen(desktop, target).keys_down() == []


async def test_closing_releases_what_is_held(desktop: X11Desktop, target: Drawing) -> None:
    desktop.input.button(2, True)
    await desktop.input.key("ControlLeft", "Control", True)
    assert seen(desktop, target).keys_down()
    await desktop.close()
    await until(lambda: target.keys_down() == [])
    await until(lambda: not target.pointer()[2])
