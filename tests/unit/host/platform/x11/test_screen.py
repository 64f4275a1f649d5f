import asyncio
import os

import pytest
from xcffib.xproto import CW, EventMask

from tests.support.x11 import Drawing, XServer, rgb, until, x_server
from tests.unit.host.platform.x11.conftest import Listener
from zuruf.host.platform.desktop import NoScreen, Rect
from zuruf.host.platform.x11.desktop import X11Desktop
from zuruf.protocol.limits import CURSOR_SIDE_MAX


async def settled(desktop: X11Desktop, listener: Listener) -> None:
    """Take what opening a desktop reports."""
    await until(lambda: listener.damages)
    desktop.screen.take_damage()
    listener.damages = 0


async def test_damage_is_exactly_what_was_drawn(desktop: X11Desktop, listener: Listener, drawing: Drawing) -> None:
    await settled(desktop, listener)
    drawing.fill(100, 50, 32, 16, 0x123456)
    drawing.fill(700, 500, 1, 1, 0x123456)
    await until(lambda: listener.damages)
    assert set(desktop.screen.take_damage()) == {Rect(100, 50, 32, 16), Rect(700, 500, 1, 1)}


async def test_damage_is_told_once_until_it_is_taken_and_then_again(
    desktop: X11Desktop, listener: Listener, drawing: Drawing
) -> None:
    await settled(desktop, listener)
    for x in range(5):
        drawing.fill(x, 0, 1, 1, x)
    await until(lambda: listener.damages)
    desktop.screen.cursor()
    await asyncio.sleep(0)
    assert listener.damages == 1
    desktop.screen.take_damage()
    drawing.fill(9, 9, 1, 1, 9)
    await until(lambda: listener.damages == 2)


async def test_a_notify_that_came_with_a_reply_is_not_left_lying(
    desktop: X11Desktop, listener: Listener, drawing: Drawing
) -> None:
    await settled(desktop, listener)
    drawing.fill(1, 1, 1, 1, 0x010203)
    # The reply is read while the notify is already on the socket, which takes both into xcb's memory.
    desktop.screen.cursor()
    await until(lambda: listener.damages, patience_s=5)


async def test_pixels_are_those_of_the_screen(desktop: X11Desktop, drawing: Drawing, server: XServer) -> None:
    drawing.image(10, 20, 64, 48, os.urandom(64 * 48 * 4))
    width, height, expected = server.screenshot()
    left, right = desktop.screen.read([Rect(0, 0, 400, height), Rect(400, 0, width - 400, height)])
    rows = [left[y * 1600 : (y + 1) * 1600] + right[y * 1600 : (y + 1) * 1600] for y in range(height)]
    assert desktop.screen.size == (width, height) == (800, 600)
    assert rgb(b"".join(rows)) == expected


async def test_without_shared_memory_pixels_are_the_same(drawing: Drawing, listener: Listener) -> None:
    with x_server(320, 200, "-extension", "MIT-SHM") as server, Drawing(server.display) as client:
        client.image(0, 0, 320, 200, os.urandom(320 * 200 * 4))
        desktop = X11Desktop(server.display, listener)
        try:
            [picture] = desktop.screen.read([Rect(0, 0, 320, 200)])
            assert rgb(picture) == server.screenshot()[2]
        finally:
            await desktop.close()


async def test_more_than_the_segment_holds_is_read_in_batches(desktop: X11Desktop, drawing: Drawing) -> None:
    drawing.fill(0, 0, 800, 600, 0x336699)
    pictures = desktop.screen.read([Rect(0, 0, 800, 600)] * 3)
    assert pictures == [b"\x99\x66\x33\x00" * (800 * 600)] * 3


async def test_pixels_beyond_a_screen_that_shrank_are_black(desktop: X11Desktop) -> None:
    assert desktop.screen.read([Rect(790, 590, 64, 64)]) == [bytes(64 * 64 * 4)]


async def test_a_new_screen_size_is_told(listener: Listener) -> None:
    with x_server(640, 480) as server:
        desktop = X11Desktop(server.display, listener)
        try:
            server.set_mode(500, 300)
            await until(lambda: listener.sizes)
            assert desktop.screen.size == (500, 300)
            assert len(desktop.screen.read([Rect(0, 0, 500, 300)])[0]) == 500 * 300 * 4
        finally:
            await desktop.close()


async def test_the_cursor_is_the_one_of_the_window_under_it(
    desktop: X11Desktop, listener: Listener, drawing: Drawing
) -> None:
    window = drawing.window(EventMask.NoEvent, 0, 0, 50, 50)
    font, cursor = drawing.connection.generate_id(), drawing.connection.generate_id()
    drawing.core.OpenFont(font, len("cursor"), "cursor")
    drawing.core.CreateGlyphCursor(cursor, font, font, 34, 35, 0xFFFF, 0, 0, 0, 0, 0xFFFF)
    drawing.core.ChangeWindowAttributes(window, CW.Cursor, [cursor])
    drawing.sync()
    desktop.input.move(700, 400)
    desktop.input.move(25, 25)
    await until(lambda: listener.cursors)
    shape = desktop.screen.cursor()
    pixels = {shape.rgba[i : i + 4] for i in range(0, len(shape.rgba), 4)}
    assert pixels == {b"\0\0\0\0", b"\xff\0\0\xff", b"\0\0\xff\xff"}
    assert 0 < shape.width <= CURSOR_SIDE_MAX
    assert len(shape.rgba) == shape.width * shape.height * 4
    assert 0 <= shape.hot_x < shape.width
    assert 0 <= shape.hot_y < shape.height


async def test_a_server_that_ends_is_told(listener: Listener) -> None:
    with x_server(320, 200) as server:
        desktop = X11Desktop(server.display, listener)
    await until(lambda: listener.reasons)
    with pytest.raises(NoScreen):
        desktop.screen.take_damage()
    with pytest.raises(NoScreen):
        desktop.input.move(1, 1)
    await desktop.close()


@pytest.mark.parametrize("extension", ["XTEST", "DAMAGE"])
async def test_a_server_without_an_extension_is_no_screen(listener: Listener, extension: str) -> None:
    with x_server(320, 200, "-extension", extension) as server, pytest.raises(NoScreen, match=extension):
        X11Desktop(server.display, listener)


async def test_no_server_is_no_screen(listener: Listener) -> None:
    with pytest.raises(NoScreen):
        X11Desktop("unix:/nonexistent:9", listener)


async def test_a_screen_of_256_colours_is_no_screen(listener: Listener) -> None:
    with x_server(320, 200, "-screen", "0", "320x200x8") as server, pytest.raises(NoScreen, match="depth 8"):
        X11Desktop(server.display, listener)
