"""The clipboard of the window station (OpenClipboard and its family). For one thread; decides nothing."""

import ctypes
import ctypes.wintypes as types
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pywintypes
import win32clipboard
import win32gui

from zuruf.host.platform.windows.clipboard import UNITS_MAX, Busy

_windows: Any = ctypes

# The stubs leave most of this module without types.
_clipboard: Any = win32clipboard

_kernel32 = _windows.WinDLL("kernel32")
_kernel32.GlobalLock.argtypes = _kernel32.GlobalUnlock.argtypes = _kernel32.GlobalSize.argtypes = (types.HGLOBAL,)
_kernel32.GlobalLock.restype = ctypes.c_void_p
_kernel32.GlobalSize.restype = ctypes.c_size_t

_UNIT = 2
_MESSAGE_ONLY = -3
_NEVER = (0).to_bytes(4, "little")
_OWN_MARK = "Zuruf Support Session"
_NOT_FOR_WATCHERS = ("ExcludeClipboardContentFromMonitorProcessing", "Clipboard Viewer Ignore")
"""Formats with which a password manager says: only for pasting."""
_NOT_FOR_KEEPING = ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard")
"""Formats with which we say: leave no trace."""


class SystemClipboard:
    """See ``clipboard.Access``."""

    def __init__(self) -> None:
        self._mark = os.urandom(16)
        self._own = _clipboard.RegisterClipboardFormat(_OWN_MARK)
        self._excluding = [_clipboard.RegisterClipboardFormat(name) for name in _NOT_FOR_WATCHERS]
        self._fleeting = [_clipboard.RegisterClipboardFormat(name) for name in _NOT_FOR_KEEPING]

    def sequence(self) -> int:
        """GetClipboardSequenceNumber."""
        number: int = _clipboard.GetClipboardSequenceNumber()
        return number

    def read(self) -> str | None:
        """Return the text in CF_UNICODETEXT, which Windows makes of other kinds of text by itself."""
        available = _clipboard.IsClipboardFormatAvailable
        if not available(_clipboard.CF_UNICODETEXT):
            return None
        with _opened(None):
            if any(available(mark) for mark in self._excluding):
                return None
            if available(self._own) and _content(self._own, len(self._mark)) == self._mark:
                return None
            data = _content(_clipboard.CF_UNICODETEXT, (UNITS_MAX + 1) * _UNIT)
        text, end, _rest = data.decode("utf-16-le", "replace").partition("\0")
        # Without its end it is longer than what was read, or was made by a program that gets it wrong.
        return text if end or len(data) <= UNITS_MAX * _UNIT else None

    def write(self, text: str) -> None:
        """Replace the content; Windows wants a window for that, which ends before anybody could wait for it."""
        window = win32gui.CreateWindowEx(0, "STATIC", "", 0, 0, 0, 0, 0, _MESSAGE_ONLY, 0, 0, None)
        try:
            with _opened(window):
                _clipboard.EmptyClipboard()
                _clipboard.SetClipboardData(_clipboard.CF_UNICODETEXT, text)
                _clipboard.SetClipboardData(self._own, self._mark)
                for mark in self._fleeting:
                    _clipboard.SetClipboardData(mark, _NEVER)
        finally:
            win32gui.DestroyWindow(window)


@contextmanager
def _opened(window: int | None) -> Iterator[None]:
    try:
        _clipboard.OpenClipboard(window)
    except pywintypes.error as error:
        raise Busy(str(error)) from error
    try:
        yield
    finally:
        # It may have been closed by its window's end, or by Windows itself.
        with suppress(pywintypes.error):
            _clipboard.CloseClipboard()


def _content(kind: int, size_max: int) -> bytes:
    """Return at most ``size_max`` bytes of what is in a format; none where its owner gives none."""
    try:
        handle = _clipboard.GetClipboardDataHandle(kind)
    except pywintypes.error:
        return b""
    address = _kernel32.GlobalLock(handle)
    if not address:
        return b""
    try:
        return ctypes.string_at(address, min(_kernel32.GlobalSize(handle), size_max))
    finally:
        _kernel32.GlobalUnlock(handle)
