"""The picture of an X display: what changed (XDamage), pixels (MIT-SHM), size, cursor. Sends nothing."""

from collections.abc import Sequence
from typing import Any

import xcffib
import xcffib.damage
import xcffib.shm
import xcffib.xfixes
from xcffib.xproto import CW, ConfigureNotifyEvent, EventMask, ImageFormat, ImageOrder

from zuruf.host.platform.desktop import CursorShape, DesktopListener, NoScreen, Rect
from zuruf.host.platform.x11.cursor import shape
from zuruf.host.platform.x11.display import Display, connected
from zuruf.host.platform.x11.shared_memory import SharedMemory

_PIXEL = 4
_ALL_PLANES = 0xFFFFFFFF


class X11Screen:
    """See ``desktop.Screen``. Raises NoScreen where the server lacks an extension or the picture is not 32 bits."""

    def __init__(self, display: Display, listener: DesktopListener) -> None:
        self._display = display
        self._listener = listener
        self._require_bgrx()
        self._shm = self._optional_shm()
        self._fixes = display.extension(xcffib.xfixes, "XFIXES")
        self._fixes.QueryVersion(5, 0).reply()
        self._damage_extension = display.extension(xcffib.damage, "DAMAGE")
        self._damage_extension.QueryVersion(1, 1).reply()
        self._size = (display.screen.width_in_pixels, display.screen.height_in_pixels)
        self._segment: SharedMemory | None = None
        self._segment_id = 0
        self._region = display.connection.generate_id()
        self._damage = display.connection.generate_id()

        display.core.ChangeWindowAttributes(display.root, CW.EventMask, [EventMask.StructureNotify])
        display.on(ConfigureNotifyEvent, self._configured)
        self._fixes.CreateRegion(self._region, 0, [])
        self._damage_extension.Create(self._damage, display.root, xcffib.damage.ReportLevel.NonEmpty)
        display.on(xcffib.damage.NotifyEvent, self._damaged)
        self._fixes.SelectCursorInput(display.root, xcffib.xfixes.CursorNotifyMask.DisplayCursor)
        display.on(xcffib.xfixes.CursorNotifyEvent, lambda _event: listener.cursor_changed())
        # The size may have changed between the setup and the selection of events.
        geometry = display.reply(display.core.GetGeometry(display.root))
        self._size = (geometry.width, geometry.height)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the root window."""
        return self._size

    @connected()
    def take_damage(self) -> list[Rect]:
        """Return the exact region the server counted as drawn since the last call."""
        self._damage_extension.Subtract(self._damage, 0, self._region)
        region = self._display.reply(self._fixes.FetchRegion(self._region))
        return [Rect(r.x, r.y, r.width, r.height) for r in region.rectangles if r.width and r.height]

    @connected()
    def read(self, areas: Sequence[Rect]) -> list[bytes]:
        """Return the areas' pixels, all requested before the first is waited for."""
        pictures: list[bytes] = []
        batch: list[Rect] = []
        room = self._room_for(sum(area.width * area.height for area in areas) * _PIXEL)
        used = 0
        for area in areas:
            length = area.width * area.height * _PIXEL
            if batch and used + length > room:
                pictures += self._read_batch(batch)
                batch, used = [], 0
            batch.append(area)
            used += length
        return pictures + self._read_batch(batch)

    @connected()
    def cursor(self) -> CursorShape:
        """Return the cursor that is on the screen now."""
        return shape(self._display.reply(self._fixes.GetCursorImage()))

    def close(self) -> None:
        """Give the shared memory back. Repeatable."""
        if self._segment:
            self._segment.close()
            self._segment = None

    def _damaged(self, _event: Any) -> None:
        self._listener.damaged()

    def _configured(self, event: Any) -> None:
        size = (event.width, event.height)
        if event.window == self._display.root and size != self._size:
            self._size = size
            self._listener.resized()

    def _require_bgrx(self) -> None:
        screen = self._display.screen
        visuals = [visual for depth in screen.allowed_depths for visual in depth.visuals]
        masks = [(v.red_mask, v.green_mask, v.blue_mask) for v in visuals if v.visual_id == screen.root_visual]
        bits = [f.bits_per_pixel for f in self._display.setup.pixmap_formats if f.depth == screen.root_depth]
        little_endian = self._display.setup.image_byte_order == ImageOrder.LSBFirst
        if masks != [(0xFF0000, 0xFF00, 0xFF)] or bits != [32] or not little_endian:
            raise NoScreen(f"a screen of depth {screen.root_depth} cannot be read, only 24 bits true colour")

    def _optional_shm(self) -> Any:
        try:
            extension = self._display.extension(xcffib.shm, "MIT-SHM")
            extension.QueryVersion().reply()
        except NoScreen:
            return None
        return extension

    def _room_for(self, wanted: int) -> int:
        """Return how many bytes one batch may have; a larger segment is made when it helps."""
        width, height = self._size
        needed = min(wanted, width * height * _PIXEL)
        if self._shm and (self._segment is None or self._segment.size < needed):
            self._replace_segment(width * height * _PIXEL)
        return self._segment.size if self._segment else wanted

    def _replace_segment(self, size: int) -> None:
        if self._segment:
            self._shm.Detach(self._segment_id)
            self.close()
        try:
            segment = SharedMemory(size)
        except OSError:
            self._shm = None
            return
        self._segment_id = self._display.connection.generate_id()
        try:
            self._shm.AttachChecked(self._segment_id, segment.id, False).check()
        except xcffib.Error:
            # A display on another machine, or in another IPC namespace.
            segment.close()
            self._shm = None
        else:
            self._segment = segment
        finally:
            segment.unlink()

    def _read_batch(self, areas: list[Rect]) -> list[bytes]:
        cookies: list[tuple[Any, int | None, int]] = []
        offset = 0
        for area in areas:
            length = area.width * area.height * _PIXEL
            if self._segment and offset + length <= self._segment.size:
                request = self._shm.GetImage(
                    self._display.root, *area, _ALL_PLANES, ImageFormat.ZPixmap, self._segment_id, offset
                )
                cookies.append((request, offset, length))
                offset += length
            else:
                request = self._display.core.GetImage(ImageFormat.ZPixmap, self._display.root, *area, _ALL_PLANES)
                cookies.append((request, None, length))
        return [self._picture(*cookie) for cookie in cookies]

    def _picture(self, cookie: Any, offset: int | None, length: int) -> bytes:
        try:
            reply = self._display.reply(cookie)
        except xcffib.Error:
            # The screen shrank; its ConfigureNotify is on the way and voids this picture.
            return bytes(length)
        if offset is not None and self._segment:
            return self._segment.copy(offset, length)
        data: bytes = reply.data.buf()
        return data
