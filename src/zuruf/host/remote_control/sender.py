"""Sends the picture and everything else the viewer is told. The only one who sends, so the order is always the same.

A frame is read from the screen at the moment the viewer is ready for it; what changes before that is merged by the X
server's (or Windows') own damage region and costs nothing here.
"""

import asyncio

from zuruf.host.connection.channel import Channel
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.desktop import Desktop, Rect
from zuruf.host.remote_control.deflate import DeflateStream
from zuruf.host.remote_control.doing import Doing
from zuruf.host.remote_control.flow import Flow
from zuruf.host.remote_control.notices import Notices
from zuruf.host.remote_control.rectangles import rectangle
from zuruf.host.remote_control.shadow import Shadow
from zuruf.host.remote_control.tiles import DirtyTiles
from zuruf.protocol.codec import encode
from zuruf.protocol.remote_control import Clipboard, Cursor, Pong, Rights, ScreenInfo, Update

_PIECE_MAX = 192 * 1024
"""Bytes of rectangles in one Update: even what cannot be compressed stays below 256 KiB."""
_THREAD_FROM = 32 * 1024
"""Bytes from which compressing takes longer than handing it to a thread (zlib releases the GIL)."""
_SMALL = 16 * 1024
_LEVEL_SMALL, _LEVEL_LARGE = 6, 1


class Sender:
    """Runs until the desktop is lost or the channel raises ChannelClosed."""

    def __init__(
        self, channel: Channel, desktop: Desktop, consent: ConsentState, notices: Notices, flow: Flow, doing: Doing
    ) -> None:
        self._channel = channel
        self._desktop = desktop
        self._consent = consent
        self._notices = notices
        self._flow = flow
        self._doing = doing
        self._stream = DeflateStream()
        self._shadow = Shadow(0, 0)
        self._dirty = DirtyTiles(0, 0)

    async def run(self) -> None:
        """Send whatever there is to send, and wait for more."""
        loop = asyncio.get_running_loop()
        while self._notices.lost_reason is None:
            self._notices.changed.clear()
            await self._send_notices()
            if not self._frame_due():
                await self._notices.changed.wait()
            elif wait_s := self._flow.wait_s(loop.time()):
                timer = loop.call_later(wait_s, self._notices.changed.set)
                await self._notices.changed.wait()
                timer.cancel()
            else:
                await self._send_frame()

    def _frame_due(self) -> bool:
        wanted = self._notices.damage or self._notices.whole_picture or self._dirty
        return bool(wanted) and self._flow.open and self._consent.rights.view

    async def _send_notices(self) -> None:
        notices, rights = self._notices, self._consent.rights
        if notices.size:
            notices.size = False
            await self._begin_picture()
        if notices.rights:
            notices.rights = False
            self._doing.viewing(rights.view)
            await self._channel.send(encode(Rights(rights.view, rights.control, rights.clipboard)))
        while notices.pongs:
            await self._channel.send(encode(Pong(notices.pongs.popleft())))
        if notices.cursor and rights.view:
            notices.cursor = False
            shape = self._desktop.screen.cursor()
            await self._channel.send(encode(Cursor(shape.width, shape.height, shape.hot_x, shape.hot_y, shape.rgba)))
        if notices.clipboard is not None:
            text, notices.clipboard = notices.clipboard, None
            if rights.clipboard:
                self._doing.clipboard()
                await self._channel.send(encode(Clipboard(text)))

    async def _begin_picture(self) -> None:
        width, height = self._desktop.screen.size
        self._shadow = Shadow(width, height)
        self._dirty = DirtyTiles(width, height)
        self._dirty.add_all()
        await self._channel.send(encode(ScreenInfo(width, height)))

    async def _send_frame(self) -> None:
        """Read what changed and send it strip by strip; other tasks get their turn between strips."""
        strips = self._take_strips()
        pictures = self._desktop.screen.read(strips)
        shadow = self._shadow
        frame, body = 0, bytearray()
        for strip, picture in zip(strips, pictures, strict=True):
            for patch in shadow.update(strip, picture):
                data = rectangle(patch)
                frame = frame or self._flow.begin(asyncio.get_running_loop().time())
                if len(body) + len(data) > _PIECE_MAX:
                    await self._send_piece(frame, body, last=False)
                    body = bytearray()
                body += data
            if len(strips) > 1:
                await asyncio.sleep(0)
            if not self._consent.rights.view:
                # The rest of this frame is never sent, so nothing can be taken as known.
                self._notices.whole_picture = True
                return
        if body:
            await self._send_piece(frame, body, last=True)

    def _take_strips(self) -> list[Rect]:
        if self._notices.damage:
            self._notices.damage = False
            for area in self._desktop.screen.take_damage():
                self._dirty.add(area)
        if self._notices.whole_picture:
            self._notices.whole_picture = False
            self._shadow.forget()
            self._dirty.add_all()
        return self._dirty.take()

    async def _send_piece(self, frame: int, body: bytearray, *, last: bool) -> None:
        level = _LEVEL_SMALL if last and len(body) <= _SMALL else _LEVEL_LARGE
        if len(body) >= _THREAD_FROM:
            data = await asyncio.to_thread(self._stream.pack, bytes(body), level)
        else:
            data = self._stream.pack(bytes(body), level)
        await self._channel.send(encode(Update(frame, last, data)))
