"""A viewer without a browser: applies updates to a picture of its own, as web/viewer does to its canvas."""

import asyncio
import struct
import zlib

from zuruf.host.connection.channel import ChannelClosed
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import encode

_SYNC_MARK = b"\x00\x00\xff\xff"
_HEADER = struct.Struct(">BHHHH")


class Picture:
    """What the viewer shows, R, G, B of every pixel; strict about the rectangle format."""

    def __init__(self) -> None:
        self.width = self.height = 0
        self.pixels = bytearray()
        self._inflate = zlib.decompressobj(wbits=-15)

    def resize(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = bytearray(b"\x7f" * (width * height * 3))

    def apply(self, data: bytes) -> int:
        """Draw one update's rectangles; returns how many pixels they have."""
        raw = self._inflate.decompress(data + _SYNC_MARK)
        at, drawn = 0, 0
        while at < len(raw):
            kind, x, y, width, height = _HEADER.unpack_from(raw, at)
            at += _HEADER.size
            count = width * height
            assert count > 0
            assert x + width <= self.width
            assert y + height <= self.height
            if kind == messages.RECT_SOLID:
                pixels = raw[at : at + 3] * count
                at += 3
            elif kind == messages.RECT_PALETTE:
                colours = raw[at] + 1
                palette = [raw[at + 1 + 3 * i : at + 4 + 3 * i] for i in range(colours)]
                at += 1 + 3 * colours
                pixels = b"".join([palette[index] for index in raw[at : at + count]])
                at += count
            else:
                assert kind == messages.RECT_RGB
                pixels = raw[at : at + 3 * count]
                at += 3 * count
            assert len(pixels) == 3 * count
            for row in range(height):
                start = ((y + row) * self.width + x) * 3
                self.pixels[start : start + 3 * width] = pixels[row * 3 * width : (row + 1) * 3 * width]
            drawn += count
        return drawn


class LocalChannel:
    """The host's end of a connection, in memory; the viewer's end are ``to_viewer`` and ``put``."""

    def __init__(self) -> None:
        self.to_viewer: asyncio.Queue[bytes] = asyncio.Queue()
        self._to_host: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._reading = asyncio.Event()
        self._reading.set()

    async def send(self, message: bytes) -> None:
        await self._reading.wait()
        self.to_viewer.put_nowait(message)

    async def recv(self) -> bytes:
        message = await self._to_host.get()
        if message is None:
            raise ChannelClosed
        return message

    def put(self, message: bytes) -> None:
        """Say something to the host, malformed if need be."""
        self._to_host.put_nowait(message)

    def leave(self) -> None:
        """End the connection from the viewer's side."""
        self._to_host.put_nowait(None)

    def stop_reading(self) -> None:
        self._reading.clear()

    def read_on(self) -> None:
        self._reading.set()


class ModelViewer:
    """Takes the host's messages one by one; acknowledges complete frames unless ``acknowledging`` is False."""

    def __init__(self, channel: LocalChannel) -> None:
        self.channel = channel
        self.picture = Picture()
        self.acknowledging = True
        self.frames: list[int] = []
        self.seen: list[messages.ToViewer] = []
        self.update_sizes: list[int] = []
        self.drawn = 0

    async def step(self) -> messages.ToViewer:
        """Take the next message and do what it says."""
        raw = await self.channel.to_viewer.get()
        message = messages.to_viewer.decode(raw)
        self.seen.append(message)
        match message:
            case messages.ScreenInfo(width, height):
                self.picture.resize(width, height)
            case messages.Update(frame, last, data):
                self.update_sizes.append(len(raw))
                self.drawn += self.picture.apply(data)
                if last:
                    self.frames.append(frame)
                    if self.acknowledging:
                        self.say(messages.Ack(frame))
        return message

    async def until(self, kind: type, patience_s: float = 20) -> messages.ToViewer:
        """Take messages up to and including the first of this kind. Raises TimeoutError."""
        async with asyncio.timeout(patience_s):
            while not isinstance(message := await self.step(), kind):
                pass
            return message

    async def until_shows(self, rgb: bytes, patience_s: float = 20) -> None:
        """Take messages until the picture is this one. Raises TimeoutError."""
        async with asyncio.timeout(patience_s):
            while bytes(self.picture.pixels) != rgb:
                await self.step()

    async def round_trip(self) -> None:
        """Have the host answer a Ping: it has by then taken everything said before."""
        token = len(self.seen)
        self.say(messages.Ping(token))
        while await self.until(messages.Pong) != messages.Pong(token):
            pass

    def say(self, message: messages.ToHost) -> None:
        self.channel.put(encode(message))
