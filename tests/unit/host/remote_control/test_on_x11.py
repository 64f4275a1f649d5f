"""A remote-control connection to a real X server: what the model viewer shows is what the screen shows."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.viewer import LocalChannel, ModelViewer
from tests.support.x11 import Drawing, XServer, typing_target, until, x_server
from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.x11.platform import X11Platform
from zuruf.host.remote_control.session import serve
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codes import Code


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with x_server(1000, 700) as running:
        yield running


@pytest.fixture
async def viewer(server: XServer) -> AsyncIterator[ModelViewer]:
    channel = LocalChannel()
    task = asyncio.create_task(serve(channel, X11Platform(server.display), ConsentState(), lambda _doing: None))
    model = ModelViewer(channel)
    await model.until_shows(server.screenshot()[2])
    yield model
    channel.leave()
    with pytest.raises(ChannelClosed):
        await task


async def test_drawing_of_every_kind_arrives_exactly(server: XServer, viewer: ModelViewer) -> None:
    with Drawing(server.display) as drawing:
        drawing.image(37, 41, 301, 203, os.urandom(301 * 203 * 4))
        drawing.fill(5, 5, 900, 1, 0xFF8800)
        drawing.fill(999, 699, 1, 1, 0x00FF00)
        for step in range(50):
            drawing.fill(step * 13, step * 11, 40, 30, step * 0x050301)
    await viewer.until_shows(server.screenshot()[2])


async def test_one_small_block_sends_just_that_block(server: XServer, viewer: ModelViewer) -> None:
    with Drawing(server.display) as drawing:
        drawing.fill(500, 300, 32, 32, 0x010203)
        await viewer.until_shows(server.screenshot()[2])
        viewer.drawn = 0
        viewer.update_sizes.clear()
        drawing.fill(500, 300, 32, 32, 0x332211)
        await viewer.until_shows(server.screenshot()[2])
    assert viewer.drawn == 32 * 32
    assert sum(viewer.update_sizes) < 100


async def test_a_glyph_costs_less_than_100_bytes(server: XServer, viewer: ModelViewer) -> None:
    with Drawing(server.display) as drawing:
        drawing.text(300, 500, "wor")
        await viewer.until_shows(server.screenshot()[2])
        viewer.update_sizes.clear()
        drawing.text(318, 500, "d")
        await viewer.until_shows(server.screenshot()[2])
    assert 0 < sum(viewer.update_sizes) <= 100


async def test_clicks_and_keys_reach_a_program(server: XServer, viewer: ModelViewer, tmp_path: Path) -> None:
    server.layout("-layout", "de")
    async with typing_target(server, tmp_path, f"cat > {tmp_path}/typed") as terminal:
        viewer.say(messages.PointerButton(60, 60, 0, True))
        viewer.say(messages.PointerButton(60, 60, 0, False))
        viewer.say(messages.Text("Grüße "))
        viewer.say(messages.Key("AltRight", "AltGraph", True))
        viewer.say(messages.Key("KeyQ", "@", True))
        viewer.say(messages.ReleaseAll())
        viewer.say(messages.Key("Enter", "Enter", True))
        viewer.say(messages.Key("Enter", "Enter", False))
        viewer.say(messages.Key("ControlLeft", "Control", True))
        viewer.say(messages.Key("KeyD", "d", True))
        viewer.say(messages.ReleaseAll())
        await until(lambda: terminal.poll() is not None)
    assert (tmp_path / "typed").read_text() == "Grüße @\n"


async def test_the_clipboard_goes_to_the_viewer(server: XServer, viewer: ModelViewer) -> None:
    server.run("xclip", "-selection", "clipboard", input="kopiert 漢".encode(), stdout=asyncio.subprocess.DEVNULL)
    assert await viewer.until(messages.Clipboard) == messages.Clipboard("kopiert 漢")


async def test_a_new_mode_of_the_screen_is_shown() -> None:
    with x_server(640, 480) as server:
        channel = LocalChannel()
        task = asyncio.create_task(serve(channel, X11Platform(server.display), ConsentState(), lambda _doing: None))
        viewer = ModelViewer(channel)
        await viewer.until_shows(server.screenshot()[2])
        server.set_mode(320, 240)
        assert await viewer.until(messages.ScreenInfo) == messages.ScreenInfo(320, 240)
        with Drawing(server.display) as drawing:
            drawing.fill(300, 200, 50, 50, 0x123456)
        await viewer.until_shows(server.screenshot()[2])
        server.process.kill()
        assert await viewer.until(messages.Closing) == messages.Closing(Code.NO_SCREEN)
        await task
