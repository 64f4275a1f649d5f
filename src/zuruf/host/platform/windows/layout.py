"""A keyboard layout as Windows has it (HKL). Answers what ``decide`` asks; decides nothing."""

import ctypes
import ctypes.wintypes as types
from typing import Any

from zuruf.host.platform.windows.decide import Stroke
from zuruf.host.platform.windows.keys import ALT, ALTGR, CONTROL, EXTENDED, SHIFT, VK_CAPITAL

_windows: Any = ctypes

_user32 = _windows.WinDLL("user32")
_user32.VkKeyScanExW.argtypes = (types.WCHAR, types.HKL)
_user32.VkKeyScanExW.restype = types.SHORT
_user32.MapVirtualKeyExW.argtypes = (types.UINT, types.UINT, types.HKL)
_user32.MapVirtualKeyExW.restype = types.UINT
_user32.ToUnicodeEx.argtypes = (
    types.UINT, types.UINT, ctypes.POINTER(types.BYTE), types.LPWSTR, ctypes.c_int, types.UINT, types.HKL,
)  # fmt: skip

_NOT_ON_THIS_LAYOUT = -1
_TO_VK, _TO_SCAN = 3, 4
"""MAPVK_VSC_TO_VK_EX and MAPVK_VK_TO_VSC_EX."""
_PREFIX_E0 = 0xE000
_KEEP_DEAD_KEYS = 4
"""Windows 10 1607 and later: asking does not disturb a dead key that somebody has just typed."""
_DOWN, _ON = -128, 1
_STATE_OF = {SHIFT: (0x10, 0xA0), CONTROL: (0x11, 0xA2), ALT: (0x12, 0xA5)}
"""Modifier → the virtual keys that are down with it."""
_TEXT_MAX = 8


class WindowsLayout:
    """See ``decide.Layout``. Remembers the answers."""

    def __init__(self, hkl: int) -> None:
        self._hkl = hkl
        self._texts: dict[tuple[int, int, bool], str] = {}

    def stroke(self, character: str) -> Stroke | None:
        """VkKeyScanExW."""
        if len(character.encode("utf-16-le", "surrogatepass")) != ctypes.sizeof(types.WCHAR):
            return None
        found = _user32.VkKeyScanExW(character, self._hkl)
        modifiers = found >> 8 & 0xFF
        # Other modifiers than these are Japanese and Canadian ones, of which no key is known here.
        if found == _NOT_ON_THIS_LAYOUT or modifiers & ~(SHIFT | ALTGR):
            return None
        return Stroke(found & 0xFF, modifiers)

    def text(self, vk: int, modifiers: int, caps: bool) -> str:
        """ToUnicodeEx."""
        asked = (vk, modifiers, caps)
        if asked not in self._texts:
            state = (types.BYTE * 256)()
            for modifier, vks in _STATE_OF.items():
                for down in vks if modifiers & modifier else ():
                    state[down] = _DOWN
            state[VK_CAPITAL] = _ON if caps else 0
            buffer = ctypes.create_unicode_buffer(_TEXT_MAX)
            scan = self.scan_of(vk) & ~EXTENDED
            length = _user32.ToUnicodeEx(vk, scan, state, buffer, _TEXT_MAX, _KEEP_DEAD_KEYS, self._hkl)
            self._texts[asked] = buffer.value[:length] if length > 0 else ""
        return self._texts[asked]

    def vk_at(self, scan: int) -> int:
        """MapVirtualKeyExW."""
        code = _PREFIX_E0 | scan & ~EXTENDED if scan & EXTENDED else scan
        vk: int = _user32.MapVirtualKeyExW(code, _TO_VK, self._hkl)
        return vk

    def scan_of(self, vk: int) -> int:
        """MapVirtualKeyExW."""
        code: int = _user32.MapVirtualKeyExW(vk, _TO_SCAN, self._hkl)
        return code & 0xFF | (EXTENDED if code & 0xFF00 == _PREFIX_E0 else 0)


class UnknownLayout(WindowsLayout):
    """Where the keys go nobody tells (a console's window): characters are handed over, only commands have keys."""

    def stroke(self, character: str) -> Stroke | None:
        """None: no key is known to type it."""
        return None

    def text(self, vk: int, modifiers: int, caps: bool) -> str:
        """Nothing that is known."""
        return ""
