import asyncio
import subprocess
from pathlib import Path

import pytest

from tests.support.x11 import XServer, until
from tests.unit.host.platform.x11.conftest import Listener
from zuruf.host.platform.x11.desktop import X11Desktop
from zuruf.protocol.limits import CLIPBOARD_TEXT_MAX

TEXTS = ["Grüße 漢 €\nzweite Zeile", "x" * 70_000, "ä" * CLIPBOARD_TEXT_MAX]


def copy(server: XServer, text: str) -> None:
    server.run("xclip", "-selection", "clipboard", input=text.encode(), stdout=subprocess.DEVNULL)


async def paste(server: XServer, *arguments: str) -> bytes:
    """What another program gets; the event loop must run to hand it out."""
    with server.program(
        "xclip", "-selection", "clipboard", "-o", *arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as program:
        assert program.stdout is not None
        with program.stdout:
            return await asyncio.wait_for(asyncio.to_thread(program.stdout.read), 20)


@pytest.mark.parametrize("text", TEXTS, ids=["short", "incremental", "limit"])
async def test_what_a_program_copies_is_told(
    server: XServer, desktop: X11Desktop, listener: Listener, text: str
) -> None:
    desktop.clipboard.watch(True)
    await desktop_ready(desktop)
    copy(server, text)
    await until(lambda: listener.texts)
    assert listener.texts == [text]


@pytest.mark.parametrize("text", TEXTS, ids=["short", "incremental", "limit"])
async def test_a_text_set_can_be_pasted_and_is_not_told_back(
    server: XServer, desktop: X11Desktop, listener: Listener, text: str
) -> None:
    desktop.clipboard.watch(True)
    desktop.clipboard.set_text(text)
    assert await paste(server) == text.encode()
    assert listener.texts == []


async def test_the_targets_are_listed(server: XServer, desktop: X11Desktop) -> None:
    desktop.clipboard.set_text("a")
    targets = (await paste(server, "-target", "TARGETS")).decode().split()
    assert {"TARGETS", "TIMESTAMP", "UTF8_STRING", "STRING", "TEXT", "text/plain;charset=utf-8"} <= set(targets)


async def test_a_program_that_knows_only_latin_1_gets_latin_1(server: XServer, desktop: X11Desktop) -> None:
    desktop.clipboard.set_text("Größe €")
    assert await paste(server, "-target", "STRING") == "Größe ?".encode("latin-1")


@pytest.mark.parametrize("character", ["z", "漢"])
async def test_a_text_beyond_the_limit_is_taken_whole_and_not_told(
    server: XServer, desktop: X11Desktop, listener: Listener, tmp_path: Path, character: str
) -> None:
    desktop.clipboard.watch(True)
    await desktop_ready(desktop)
    (tmp_path / "long").write_text(character * (CLIPBOARD_TEXT_MAX + 1))
    # With one loop xclip ends once somebody has got everything.
    with server.program(
        "xclip", "-selection", "clipboard", "-quiet", "-loops", "1", str(tmp_path / "long"), stderr=subprocess.DEVNULL
    ) as owner:
        await until(lambda: owner.poll() is not None)
    copy(server, "short again")
    await until(lambda: listener.texts)
    assert listener.texts == ["short again"]


async def test_nothing_is_read_while_nobody_wants_it(server: XServer, desktop: X11Desktop, listener: Listener) -> None:
    await desktop_ready(desktop)
    copy(server, "private")
    await desktop_ready(desktop)
    desktop.clipboard.watch(True)
    copy(server, "shared")
    await until(lambda: listener.texts)
    assert listener.texts == ["shared"]


async def test_another_program_that_copies_takes_the_clipboard_over(
    server: XServer, desktop: X11Desktop, listener: Listener
) -> None:
    desktop.clipboard.watch(True)
    desktop.clipboard.set_text("ours")
    assert await paste(server) == b"ours"
    copy(server, "theirs")
    await until(lambda: listener.texts)
    assert await paste(server) == b"theirs"


async def desktop_ready(desktop: X11Desktop) -> None:
    """Let the server take all requests and the event loop all events so far."""
    desktop.screen.cursor()
    await asyncio.sleep(0)
