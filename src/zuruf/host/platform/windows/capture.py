"""Pictures of the desktop through GDI (BitBlt), which works everywhere Windows shows something. One thread's.

The whole virtual screen is one picture, whatever monitors it has; its upper left corner may have negative coordinates.
Windows tells GDI nothing of changes, so each picture is compared with the one before.
"""

import ctypes
from typing import Any

import pywintypes
import win32api
import win32con
import win32gui

from zuruf.host.platform.desktop import CursorShape
from zuruf.host.platform.windows import changes
from zuruf.host.platform.windows.bitmap import Bitmap, pixels_of
from zuruf.host.platform.windows.cursor import HIDDEN, shape
from zuruf.host.platform.windows.input_desktop import InputDesktop
from zuruf.host.platform.windows.screen import Look, Picture
from zuruf.protocol.limits import SCREEN_SIDE_MAX

_windows: Any = ctypes
# The stubs describe these otherwise than pywin32 has them.
_cursor_info: Any = win32gui.GetCursorInfo
_icon_info: Any = win32gui.GetIconInfo
_load_cursor: Any = win32gui.LoadCursor

_LONG = 1024 * 1024
"""Bytes from which comparing lets other threads run meanwhile; for less, waiting for our turn again takes longer."""
_arguments = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_compare_long = ctypes.CDLL("msvcrt").memcmp
_compare_long.argtypes = _arguments
_compare_short = ctypes.PyDLL("msvcrt").memcmp
_compare_short.argtypes = _arguments

_set_execution_state = _windows.WinDLL("kernel32").SetThreadExecutionState
_set_execution_state.argtypes = (ctypes.c_uint32,)
_CONTINUOUS, _SYSTEM_REQUIRED, _DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2


class GdiSource:
    """See ``screen.Source``. While there is one, the computer neither sleeps nor turns its screen off."""

    def __init__(self) -> None:
        _set_execution_state(_CONTINUOUS | _SYSTEM_REQUIRED | _DISPLAY_REQUIRED)
        self._desktop = InputDesktop()
        self._present: Bitmap | None = None
        self._spare: Bitmap | None = None
        self._cursor: tuple[int, bool] | None = None

    def look(self) -> Look | None:
        """Take a picture. Raises OSError when there is no memory for it."""
        if not self._desktop.follow():
            return None
        x, y, width, height = _virtual_screen()
        if width <= 0 or height <= 0:
            return None
        picture = self._spare
        if picture is None or (picture.width, picture.height) != (width, height):
            picture = Bitmap(width, height)
        try:
            screen = win32gui.GetDC(0)
            try:
                picture.copy_from(screen, x, y)
            finally:
                win32gui.ReleaseDC(0, screen)
        except pywintypes.error:
            # The desktop is being switched, or the session has no screen at the moment.
            self._spare = picture
            return None
        return self._look_of(picture)

    def cursor(self) -> CursorShape | None:
        """Return the pointer's shape where it is another cursor than before."""
        try:
            flags, cursor, _position = _cursor_info()
            # Hidden means nothing where the customer uses a finger or a pen, or has no mouse at all.
            shown = bool(flags) or not win32api.GetSystemMetrics(win32con.SM_MOUSEPRESENT)
            if (cursor, shown) == self._cursor:
                return None
            self._cursor = (cursor, shown)
            return _shape_of(cursor) if shown else HIDDEN
        except (pywintypes.error, OSError):
            # Its program has just destroyed it.
            return None

    def close(self) -> None:
        """Let go of the pictures; their memory goes with the last one that has them."""
        self._present = self._spare = None
        _set_execution_state(_CONTINUOUS)

    def _look_of(self, picture: Bitmap) -> Look:
        before, size = self._present, (picture.width, picture.height)
        if before is None or (before.width, before.height) != size:
            tiles = changes.all_tiles(*size)
        else:
            tiles = changes.changed_tiles(*size, _comparison(before.address, picture.address))
            if not any(tiles):
                self._spare = picture
                return Look(Picture(*size, before.pixels), tiles)
        self._present, self._spare = picture, before
        return Look(Picture(*size, picture.pixels), tiles)


def _virtual_screen() -> tuple[int, int, int, int]:
    x, y, width, height = (
        win32api.GetSystemMetrics(metric)
        for metric in (
            win32con.SM_XVIRTUALSCREEN,
            win32con.SM_YVIRTUALSCREEN,
            win32con.SM_CXVIRTUALSCREEN,
            win32con.SM_CYVIRTUALSCREEN,
        )
    )
    return x, y, min(width, SCREEN_SIDE_MAX), min(height, SCREEN_SIDE_MAX)


def _comparison(first: int, second: int) -> changes.Same:
    def same(offset: int, length: int) -> bool:
        compare = _compare_long if length >= _LONG else _compare_short
        return bool(compare(first + offset, second + offset, length) == 0)

    return same


def _shape_of(cursor: int) -> CursorShape:
    # The two bitmaps are ours, and go with the objects that pywin32 has for them.
    _is_icon, hot_x, hot_y, mask, colour = _icon_info(cursor or _load_cursor(0, win32con.IDC_ARROW))
    width, height, masks = pixels_of(int(mask))
    if not int(colour):
        return shape(width, height // 2, hot_x, hot_y, None, masks)
    width, height, colours = pixels_of(int(colour))
    return shape(width, height, hot_x, hot_y, colours, masks)
