"""The customer's desktop around the window: theme, scaling, high contrast, language, icon beside the clock, foreground.

That windows are drawn in each monitor's own scaling is said by the program's manifest, not here.
"""

import contextlib
import ctypes
import tkinter as tk
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

import pywintypes
import win32con
import win32gui

from zuruf.host.data_files import ICONS
from zuruf.host.platform.windows.accessibility import Annotations
from zuruf.host.platform.windows.tray import TrayIcon
from zuruf.host.platform.windows.waking import MessageWaker
from zuruf.host.ui.accessibility import Accessibility
from zuruf.host.ui.orders import Waker
from zuruf.host.ui.tray import OpenTray, Tray, TrayChoice

_windows: Any = ctypes
_user32 = _windows.WinDLL("user32")
_kernel32 = _windows.WinDLL("kernel32")

_SPI_GETHIGHCONTRAST, _HCF_HIGHCONTRASTON = 0x42, 0x1


class _HighContrast(ctypes.Structure):
    _fields_ = (("size", wintypes.UINT), ("flags", wintypes.DWORD), ("scheme", wintypes.LPWSTR))


class WindowsWindowSystem:
    """The ``WindowSystem`` of Windows. Make it in Tk's thread."""

    theme = "vista"

    def __init__(self, *, tray: bool = True) -> None:
        """``tray``: whether the window may live on as an icon beside the clock."""
        self.accessibility: Accessibility = Annotations()
        self.open_tray: OpenTray | None = _open_tray if tray else None

    def dpi(self, window_id: int) -> float | None:
        """Return the dots per inch of the monitor that the window is on."""
        found = int(_user32.GetDpiForWindow(win32gui.GetAncestor(window_id, win32con.GA_ROOT)))
        return float(found) if found else None

    def high_contrast(self) -> bool:
        """Whether the customer has turned a contrast theme on."""
        setting = _HighContrast()
        setting.size = ctypes.sizeof(setting)
        found = _user32.SystemParametersInfoW(_SPI_GETHIGHCONTRAST, setting.size, ctypes.byref(setting), 0)
        return bool(found) and bool(setting.flags & _HCF_HIGHCONTRASTON)

    def waker(self, root: tk.Tk, call: Callable[[], None]) -> Waker:
        """Return a hidden window that Tk's loop delivers messages to."""
        return MessageWaker(root, call)

    def dress(self, root: tk.Tk) -> None:
        """Give the title bar the icon that the customer finds beside the clock."""
        with contextlib.suppress(tk.TclError):
            root.tk.call("wm", "iconbitmap", root, "-default", str(ICONS / "active.ico"))

    def to_front(self, window_id: int) -> None:
        """Ask for the foreground; Windows gives it to a program that the customer has just started or used."""
        with contextlib.suppress(pywintypes.error):
            win32gui.SetForegroundWindow(win32gui.GetAncestor(window_id, win32con.GA_ROOT))


def _open_tray(chosen: Callable[[TrayChoice], None]) -> Tray:
    return TrayIcon(ICONS, chosen)
