"""SendInput, and what of Windows mouse and keyboard ask before it. Knows nothing of what a key means."""

import ctypes
import ctypes.wintypes as types
import logging
from collections.abc import Sequence
from typing import Any

import win32api
import win32con

from zuruf.host.platform.windows.decide import Layout
from zuruf.host.platform.windows.injector import InputEvent, KeyEvent, MouseEvent
from zuruf.host.platform.windows.keys import EXTENDED, MODIFIERS, VK_CAPITAL, Key
from zuruf.host.platform.windows.layout import UnknownLayout, WindowsLayout
from zuruf.host.platform.windows.sas import Attention, UnusablePolicy

log = logging.getLogger(__name__)

_windows: Any = ctypes

_MOUSE, _KEYBOARD = 0, 1
_EXTENDED_KEY, _KEY_UP, _UNICODE, _SCAN_CODE = 1, 2, 4, 8
_DOWN, _ON = 0x8000, 1


class _MouseInput(ctypes.Structure):
    _fields_ = (
        ("x", types.LONG),
        ("y", types.LONG),
        ("data", types.DWORD),
        ("flags", types.DWORD),
        ("time", types.DWORD),
        ("extra", ctypes.c_size_t),
    )


class _KeyboardInput(ctypes.Structure):
    _fields_ = (
        ("vk", types.WORD),
        ("scan", types.WORD),
        ("flags", types.DWORD),
        ("time", types.DWORD),
        ("extra", ctypes.c_size_t),
    )


class _Either(ctypes.Union):
    _fields_ = (("mouse", _MouseInput), ("keyboard", _KeyboardInput))


class _Input(ctypes.Structure):
    _fields_ = (("kind", types.DWORD), ("of", _Either))


class _GuiThreadInfo(ctypes.Structure):
    _fields_ = (
        ("size", types.DWORD),
        ("flags", types.DWORD),
        *((name, types.HWND) for name in ("active", "focus", "capture", "menu_owner", "move_size", "caret")),
        ("caret_rect", types.RECT),
    )


_user32 = _windows.WinDLL("user32")
_user32.SendInput.argtypes = (types.UINT, ctypes.c_void_p, ctypes.c_int)
_user32.SendInput.restype = types.UINT
_user32.GetGUIThreadInfo.argtypes = (types.DWORD, ctypes.c_void_p)
_user32.GetWindowThreadProcessId.argtypes = (types.HWND, ctypes.c_void_p)
_user32.GetWindowThreadProcessId.restype = types.DWORD


class WindowsInjector:
    """See ``injector.Injector``."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention
        self._layouts: dict[int, WindowsLayout] = {}

    def send(self, events: Sequence[InputEvent]) -> bool:
        """SendInput."""
        inputs = (_Input * len(events))(*map(_input, events))
        return bool(_user32.SendInput(len(events), inputs, ctypes.sizeof(_Input)) == len(events))

    def attention(self) -> None:
        """SendSAS."""
        try:
            self._attention.send()
        except (OSError, UnusablePolicy) as error:
            log.warning("Ctrl-Alt-Del not sent: %s", error)

    def modifiers_down(self) -> frozenset[Key]:
        """GetAsyncKeyState."""
        return frozenset(key for key in MODIFIERS if win32api.GetAsyncKeyState(key.vk) & _DOWN)

    def caps(self) -> bool:
        """GetKeyState."""
        return bool(win32api.GetKeyState(VK_CAPITAL) & _ON)

    def layout(self) -> Layout:
        """GetKeyboardLayout of the thread whose window has the focus."""
        info = _GuiThreadInfo(size=ctypes.sizeof(_GuiThreadInfo))
        thread = 0
        if _user32.GetGUIThreadInfo(0, ctypes.byref(info)):
            thread = _user32.GetWindowThreadProcessId(info.focus or info.active, None)
        # 0 would ask for our own thread's, which is the system's and not the customer's.
        hkl = win32api.GetKeyboardLayout(thread) if thread else 0
        if not hkl:
            return UnknownLayout(win32api.GetKeyboardLayout(0))
        if hkl not in self._layouts:
            self._layouts[hkl] = WindowsLayout(hkl)
        return self._layouts[hkl]

    def desktop_size(self) -> tuple[int, int]:
        """GetSystemMetrics."""
        width = win32api.GetSystemMetrics(win32con.SM_CXVIRTUALSCREEN)
        return width, win32api.GetSystemMetrics(win32con.SM_CYVIRTUALSCREEN)

    def buttons_swapped(self) -> bool:
        """GetSystemMetrics."""
        return bool(win32api.GetSystemMetrics(win32con.SM_SWAPBUTTON))


def _input(event: InputEvent) -> _Input:
    if isinstance(event, MouseEvent):
        mouse = _MouseInput(event.x, event.y, event.data & 0xFFFFFFFF, event.flags)
        return _Input(_MOUSE, _Either(mouse=mouse))
    flags = 0 if event.down else _KEY_UP
    if not isinstance(event, KeyEvent):
        return _Input(_KEYBOARD, _Either(keyboard=_KeyboardInput(0, event.unit, flags | _UNICODE)))
    vk, scan = event.key
    flags |= (_EXTENDED_KEY if scan & EXTENDED else 0) | (0 if vk else _SCAN_CODE)
    return _Input(_KEYBOARD, _Either(keyboard=_KeyboardInput(vk, scan & ~EXTENDED, flags)))
