"""Host side of remote control on a private X server: latency, bytes, CPU, beside a yardstick of the same run.

``python -m bench.remote_control.run`` prints a Markdown table. What counts as answered is an Update complete in the
channel, before encryption. The yardstick is what a naive sender would do for every change: read the whole screen
through shared memory and compress it with zlib level 1. The updates are kept and applied afterwards, and the picture
must be the screen's: a figure of a sender that loses pixels would be worth nothing.
"""

import asyncio
import random
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.support.viewer import Picture
from tests.support.x11 import Drawing, XServer, typing_target, x_server

from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.desktop import Rect
from zuruf.host.platform.x11.desktop import X11Desktop
from zuruf.host.platform.x11.platform import X11Platform
from zuruf.host.remote_control.notices import Notices
from zuruf.host.remote_control.session import serve
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import encode

WIDTH, HEIGHT = 1920, 1080
CHANGES = 150
IDLE_S = 10.0
QUIET_S = 0.05
"""After this long without an update a change counts as wholly sent; also the pause between changes."""
TEXT = "the quick brown fox jumps over the lazy dog and then says hello to the world "


class Meter:
    """The connection's other end: acknowledges at once, notes when updates are complete, draws nothing yet."""

    def __init__(self) -> None:
        self.to_host: asyncio.Queue[bytes] = asyncio.Queue()
        self.complete = asyncio.Event()
        self.completed_at = 0.0
        self.bytes = 0
        self.kept: list[messages.ToViewer] = []

    async def send(self, message: bytes) -> None:
        decoded = messages.to_viewer.decode(message)
        self.kept.append(decoded)
        if isinstance(decoded, messages.Update):
            self.bytes += len(message)
            if decoded.last:
                self.completed_at = time.perf_counter()
                self.complete.set()
                self.say(messages.Ack(decoded.frame))

    async def recv(self) -> bytes:
        message = await self.to_host.get()
        if not message:
            raise ChannelClosed
        return message

    def say(self, message: messages.ToHost) -> None:
        self.to_host.put_nowait(encode(message))

    async def settle(self, quiet_s: float = QUIET_S) -> None:
        """Wait until no update has come for a while."""
        while True:
            self.complete.clear()
            try:
                await asyncio.wait_for(self.complete.wait(), quiet_s)
            except TimeoutError:
                return

    async def answer(self, act: Callable[[], object]) -> tuple[float, int]:
        """Act; return seconds to the first complete frame, and the bytes until all is quiet."""
        self.bytes = 0
        self.complete.clear()
        began = time.perf_counter()
        act()
        await asyncio.wait_for(self.complete.wait(), 10)
        seconds = self.completed_at - began
        await self.settle()
        return seconds, self.bytes

    def picture(self) -> Picture:
        """Draw all that was sent."""
        picture = Picture()
        for message in self.kept:
            if isinstance(message, messages.ScreenInfo):
                picture.resize(message.width, message.height)
            elif isinstance(message, messages.Update):
                picture.apply(message.data)
        return picture


def desktop_like(seed: int) -> bytes:
    """A picture as desktops are: areas of one colour, and a third of it fine two-coloured patterns like text."""
    dice = random.Random(seed)
    rows: list[bytes] = []
    while len(rows) < HEIGHT:
        background = bytes((*dice.choices((255, 240, 40), k=3), 0))
        if dice.random() < 0.35:
            ink = bytes((*dice.choices((0, 30, 120), k=3), 0))
            rows += [
                b"".join(dice.choices((background, ink), (4, 1), k=WIDTH // 3)) + background * (WIDTH - WIDTH // 3)
                for _ in range(14)
            ]
        else:
            rows += [background * WIDTH] * 26
    return b"".join(rows[:HEIGHT])


def noise(seed: int) -> bytes:
    """A picture that cannot be compressed, as a photograph nearly is."""
    return random.Random(seed).randbytes(WIDTH * HEIGHT * 4)


async def yardstick(server: XServer) -> float:
    """Median seconds to read the whole screen and compress it."""
    desktop = X11Desktop(server.display, Notices())
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        [pixels] = desktop.screen.read([Rect(0, 0, WIDTH, HEIGHT)])
        zlib.compress(pixels, 1)
        seconds.append(time.perf_counter() - began)
    await desktop.close()
    return statistics.median(seconds)


async def answers(meter: Meter, acts: Sequence[Callable[[], object]]) -> tuple[list[float], list[int]]:
    """Do one after the other; return the seconds and the bytes of each."""
    pairs = [await meter.answer(act) for act in acts]
    return [seconds for seconds, _size in pairs], [size for _seconds, size in pairs]


async def blocks(meter: Meter, drawing: Drawing) -> tuple[list[float], list[int]]:
    """Flip a block of 32 × 32 pixels again and again."""
    return await answers(meter, [partial(drawing.fill, 700, 500, 32, 32, step * 0x01A3C7) for step in range(CHANGES)])


async def typing(meter: Meter) -> tuple[list[float], list[int]]:
    """Type into an xterm with antialiased text; the time contains xterm's own."""
    return await answers(meter, [partial(meter.say, messages.Text(character)) for character in TEXT])


async def whole_picture(meter: Meter, drawing: Drawing, pixels: bytes) -> tuple[float, int]:
    """Have the whole screen sent; returns seconds and bytes."""
    drawing.image(0, 0, WIDTH, HEIGHT, pixels)
    await meter.settle(1.0)
    return await meter.answer(lambda: meter.say(messages.Refresh()))


def milliseconds(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1e3:.2f} / {ordered[int(len(ordered) * 0.95)] * 1e3:.2f} ms"


async def measure(server: XServer, folder: Path) -> list[tuple[str, str, str]]:
    """Return the table's rows: what, figure, ratio to the yardstick."""
    rows: list[tuple[str, str, str]] = []
    with Drawing(server.display) as drawing:
        meter = Meter()
        task = asyncio.create_task(serve(meter, X11Platform(server.display), ConsentState(), lambda _doing: None))
        await meter.settle()

        for name, pixels in (("desktop", desktop_like(1)), ("noise", noise(1))):
            seconds, size = await whole_picture(meter, drawing, pixels)
            reference = await yardstick(server)
            megabytes = WIDTH * HEIGHT * 4 / 1e6
            rows.append((f"yardstick, {name}", f"{reference * 1e3:.0f} ms, {megabytes / reference:.0f} MB/s", "1"))
            figure = f"{seconds * 1e3:.0f} ms, {megabytes / seconds:.0f} MB/s, {size / 1e3:.0f} kB"
            rows.append((f"whole 1080p picture, {name}", figure, f"{seconds / reference:.2f}"))

        drawing.image(0, 0, WIDTH, HEIGHT, desktop_like(1))
        await meter.settle(1.0)
        reference = await yardstick(server)
        seconds_list, sizes = await blocks(meter, drawing)
        ratio = f"{statistics.median(seconds_list) / reference:.3f}"
        rows.append(("32 × 32 block: drawn → update, p50 / p95", milliseconds(seconds_list), ratio))
        rows.append(("32 × 32 block, bytes", f"{statistics.mean(sizes):.0f}", ""))

        server.layout("-layout", "us")
        async with typing_target(server, folder, "cat"):
            await meter.settle()
            seconds_list, sizes = await typing(meter)
            ratio = f"{statistics.median(seconds_list) / reference:.3f}"
            rows.append(("key → xterm → update, p50 / p95", milliseconds(seconds_list), ratio))
            rows.append(("typed character, bytes: mean / largest", f"{statistics.mean(sizes):.0f} / {max(sizes)}", ""))
        await meter.settle()

        cpu = time.process_time()
        await asyncio.sleep(IDLE_S)
        rows.append(("idle CPU, cores", f"{(time.process_time() - cpu) / IDLE_S:.5f}", ""))

        exact = bytes(meter.picture().pixels) == server.screenshot()[2]
        rows.append(("picture pixel-exact at the end", "yes" if exact else "NO", ""))
        meter.to_host.put_nowait(b"")
        await asyncio.gather(task, return_exceptions=True)
    return rows


def main() -> None:
    with x_server(WIDTH, HEIGHT) as server, tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(server, Path(folder)))
    print("| what | figure | ratio to the yardstick |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
