"""Memory that GDI draws into (DIB sections) and the pixels of its other bitmaps, through the parts pywin32 lacks."""

import ctypes
import ctypes.wintypes as types
import weakref
from typing import Any

import win32gui

_windows: Any = ctypes

_gdi32 = _windows.WinDLL("gdi32", use_last_error=True)
_gdi32.CreateDIBSection.argtypes = (
    types.HDC, ctypes.c_void_p, types.UINT, ctypes.POINTER(ctypes.c_void_p), types.HANDLE, types.DWORD,
)  # fmt: skip
_gdi32.CreateDIBSection.restype = types.HBITMAP
_gdi32.GetDIBits.argtypes = (
    types.HDC, types.HBITMAP, types.UINT, types.UINT, ctypes.c_void_p, ctypes.c_void_p, types.UINT,
)  # fmt: skip
_gdi32.DeleteObject.argtypes = (types.HGDIOBJ,)
_RGB_COLOURS, _SRCCOPY = 0, 0x00CC0020
_BITS, _PIXEL = 32, 4


class _BitmapInfo(ctypes.Structure):
    """BITMAPINFO with BITMAPINFOHEADER; the colours at its end are masks or none for 32 bits."""

    _fields_ = (
        ("size", types.DWORD),
        ("width", types.LONG),
        ("height", types.LONG),
        ("planes", types.WORD),
        ("bits", types.WORD),
        ("compression", types.DWORD),
        ("image_size", types.DWORD),
        ("x_resolution", types.LONG),
        ("y_resolution", types.LONG),
        ("colours_used", types.DWORD),
        ("colours_important", types.DWORD),
        ("colours", types.DWORD * 3),
    )
    _HEADER_SIZE = 40

    @classmethod
    def of(cls, width: int, height: int) -> "_BitmapInfo":
        """32 bits a pixel, rows from the top."""
        return cls(size=cls._HEADER_SIZE, width=width, height=-height, planes=1, bits=_BITS)


class Bitmap:
    """Pixels that GDI can draw on: B, G, R and a byte without meaning, rows from the top without gaps.

    The memory lives as long as somebody has ``pixels``. Raises OSError where Windows has none to give.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        bits = ctypes.c_void_p()
        info = _BitmapInfo.of(width, height)
        handle = _gdi32.CreateDIBSection(None, ctypes.byref(info), _RGB_COLOURS, ctypes.byref(bits), None, 0)
        if not handle or bits.value is None:
            raise OSError(_windows.get_last_error(), f"no memory for a picture of {width} × {height}")
        self.address = bits.value
        array = (ctypes.c_ubyte * (width * height * _PIXEL)).from_address(self.address)
        weakref.finalize(array, _gdi32.DeleteObject, handle)
        self.pixels = memoryview(array).cast("B")
        self.handle: int = handle

    def copy_from(self, source_dc: int, x: int, y: int) -> None:
        """Draw what is on another device context at this position. Raises pywintypes.error."""
        context = win32gui.CreateCompatibleDC(source_dc)
        try:
            before = win32gui.SelectObject(context, self.handle)
            win32gui.BitBlt(context, 0, 0, self.width, self.height, source_dc, x, y, _SRCCOPY)
            _gdi32.GdiFlush()
            win32gui.SelectObject(context, before)
        finally:
            win32gui.DeleteDC(context)


def pixels_of(handle: int) -> tuple[int, int, bytes]:
    """Return width, height and pixels (B, G, R, A) of any bitmap. Raises OSError."""
    bitmap = win32gui.GetObject(handle)
    width, height = bitmap.bmWidth, bitmap.bmHeight
    out = (ctypes.c_ubyte * (width * height * _PIXEL))()
    screen = win32gui.GetDC(0)
    try:
        info = _BitmapInfo.of(width, height)
        rows = _gdi32.GetDIBits(screen, handle, 0, height, out, ctypes.byref(info), _RGB_COLOURS)
    finally:
        win32gui.ReleaseDC(0, screen)
    if rows != height:
        raise OSError("a bitmap cannot be read")
    return width, height, bytes(out)
