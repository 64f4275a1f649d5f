"""Private X servers for tests, programs on them, and what their screen shows. Every server picks a free display."""

import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import xcffib
import xcffib.xproto

from tests.support.waiting import PATIENCE_S, until
from zuruf.host.platform.x11.desktop import X11Desktop


class XServer:
    """A running Xvfb."""

    def __init__(self, process: subprocess.Popen[bytes], display: str) -> None:
        self.process = process
        self.display = display

    @property
    def environment(self) -> dict[str, str]:
        """What a program on this display needs."""
        return {**os.environ, "DISPLAY": self.display, "LC_ALL": "C.UTF-8"}

    def layout(self, *arguments: str) -> None:
        """Set the keyboard layout, with setxkbmap's arguments."""
        subprocess.run(["setxkbmap", "-display", self.display, *arguments], check=True, env=self.environment)

    def set_mode(self, width: int, height: int) -> None:
        """Change the screen's size, to less than it began with."""
        name = f"{width}x{height}"
        timings = [str(side + more) for side in (width, height) for more in range(4)]
        self.run("xrandr", "--newmode", name, "10", *timings)
        self.run("xrandr", "--addmode", "screen", name)
        self.run("xrandr", "--output", "screen", "--mode", name)

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end."""
        return subprocess.run(command, check=True, env=self.environment, timeout=PATIENCE_S, **options)

    @contextlib.contextmanager
    def program(self, *command: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program until the context is left."""
        process = subprocess.Popen(command, env=self.environment, **options)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def screenshot(self) -> tuple[int, int, bytes]:
        """Return width, height and R, G, B of every pixel, read with a plain GetImage."""
        with Drawing(self.display) as drawing:
            geometry = drawing.core.GetGeometry(drawing.root).reply()
            image = drawing.core.GetImage(
                xcffib.xproto.ImageFormat.ZPixmap, drawing.root, 0, 0, geometry.width, geometry.height, 0xFFFFFFFF
            ).reply()
            return geometry.width, geometry.height, rgb(image.data.buf())


def rgb(bgrx: bytes) -> bytes:
    """Return R, G, B of B, G, R, X."""
    out = bytearray(len(bgrx) // 4 * 3)
    out[0::3], out[1::3], out[2::3] = bgrx[2::4], bgrx[1::4], bgrx[0::4]
    return bytes(out)


class Drawing:
    """A client that draws: one window over the whole screen, filled rectangles, images."""

    def __init__(self, display: str) -> None:
        connect: Any = xcffib.connect
        self.connection = connect(display)
        self.core = self.connection.core
        self.screen = self.connection.get_setup().roots[0]
        self.root = self.screen.root
        self._gc = self.connection.generate_id()
        self.core.CreateGC(self._gc, self.root, xcffib.xproto.GC.SubwindowMode, [1])

    def __enter__(self) -> "Drawing":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.disconnect()

    def fill(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        """Fill on the root window; has happened when it returns."""
        self.core.ChangeGC(self._gc, xcffib.xproto.GC.Foreground, [colour])
        self.core.PolyFillRectangle(self.root, self._gc, 1, [xcffib.xproto.RECTANGLE.synthetic(x, y, width, height)])
        self.sync()

    def image(self, x: int, y: int, width: int, height: int, bgrx: bytes) -> None:
        """Put pixels on the root window, a few rows at a time."""
        rows = max(1, 200_000 // (width * 4))
        for top in range(0, height, rows):
            count = min(rows, height - top)
            part = bgrx[top * width * 4 : (top + count) * width * 4]
            self.core.PutImage(
                xcffib.xproto.ImageFormat.ZPixmap, self.root, self._gc, width, count, x, y + top, 0, 24, len(part), part
            )
        self.sync()

    def text(self, x: int, y: int, text: str) -> None:
        """Write with the server's own bitmap font, black on white."""
        font = self.connection.generate_id()
        self.core.OpenFont(font, len("fixed"), "fixed")
        values = xcffib.xproto.GC.Foreground | xcffib.xproto.GC.Background | xcffib.xproto.GC.Font
        self.core.ChangeGC(self._gc, values, [0, 0xFFFFFF, font])
        self.core.ImageText8(len(text), self.root, self._gc, x, y, text)
        self.sync()

    def pointer(self) -> tuple[int, int, int]:
        """Return position and the mask of pressed buttons and modifiers."""
        reply = self.core.QueryPointer(self.root).reply()
        return reply.root_x, reply.root_y, reply.mask

    def keys_down(self) -> list[int]:
        """Keycodes the server holds for pressed."""
        bits = self.core.QueryKeymap().reply().keys
        return [byte * 8 + bit for byte, value in enumerate(bits) for bit in range(8) if value & 1 << bit]

    def window(self, events: int, x: int = 0, y: int = 0, width: int = 200, height: int = 200) -> int:
        """Map a window that gets these events."""
        window: int = self.connection.generate_id()
        mask = xcffib.xproto.CW.OverrideRedirect | xcffib.xproto.CW.EventMask
        self.core.CreateWindow(
            24, window, self.root, x, y, width, height, 0, 1, self.screen.root_visual, mask, [1, events]
        )
        self.core.MapWindow(window)
        self.sync()
        return window

    def events(self, kind: type[Any]) -> list[Any]:
        """Return the events of a kind that have arrived."""
        found = []
        while (event := self.connection.poll_for_event()) is not None:
            if isinstance(event, kind):
                found.append(event)
        return found

    def sync(self) -> None:
        """Wait until the server has done everything."""
        self.core.GetInputFocus().reply()


@contextlib.contextmanager
def x_server(width: int = 800, height: int = 600, *options: str) -> Iterator[XServer]:
    """Run an Xvfb on a display of its own until the context is left."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset",
             *options],
            pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError("Xvfb did not start")
        yield XServer(process, f":{number}")
    finally:
        process.terminate()
        process.wait()


@contextlib.asynccontextmanager
async def typing_target(
    server: XServer, folder: Path, command: str, prepare: str = ":"
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run an xterm with a shell command in it, focused and ready for input; ``prepare`` is done by then."""
    ready = folder / "ready"
    # No program may be running at that moment: a shell forgets an interrupt that comes while it waits for one.
    script = f"stty -echoctl; {prepare}; : > {ready}; {command}"
    with server.program(
        "xterm", "-u8", "-fa", "DejaVu Sans Mono", "-geometry", "60x10+0+0", "-xrm", "*metaSendsEscape: true",
        "-e", "bash", "-c", script, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        await until(ready.exists)
        with Drawing(server.display) as drawing:
            # Without a window manager the focus follows the pointer.
            drawing.core.WarpPointer(0, drawing.root, 0, 0, 0, 0, 50, 50)
            drawing.sync()
        yield process


def seen(desktop: X11Desktop, drawing: Drawing) -> Drawing:
    """Return the client once the host's requests are through; its own requests alone are no fence behind them."""
    desktop._display.sync()
    drawing.sync()
    return drawing
