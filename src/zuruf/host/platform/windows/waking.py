"""Wakes Tk's thread on Windows, where Tk cannot wait for file descriptors: with a window's message. Not for widgets.

The message arrives while Tcl runs. tkinter must not be called there, it would lose the interpreter's thread; Tcl itself
may be, so it is asked, through its C interface, to call the function as soon as it is back in its own loop.
Source: Tcl_Eval(3), ``tkapp.interpaddr``.
"""

import contextlib
import ctypes
import itertools
import tkinter as tk
from collections.abc import Callable
from typing import Any

import pywintypes
import win32api
import win32con
import win32gui as _module

# The stubs describe much of it otherwise than it is.
win32gui: Any = _module

_WAKE = win32con.WM_APP + 1
_HWND_MESSAGE = -3
_numbers = itertools.count()


class MessageWaker:
    """The ``Waker`` of Windows; made in Tk's thread, whose own loop delivers the messages."""

    def __init__(self, root: tk.Tk, call: Callable[[], None]) -> None:
        major, minor = str(tk.TclVersion).split(".")
        self._tcl = ctypes.CDLL(f"tcl{major}{minor}t")
        self._tcl.Tcl_Eval.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
        self._interpreter = root.tk.interpaddr()
        self._script = f"after 0 {root.register(call)}".encode()
        window_class = win32gui.WNDCLASS()
        window_class.lpszClassName = f"ZurufWaker{next(_numbers)}"
        window_class.hInstance = win32api.GetModuleHandle(None)
        window_class.lpfnWndProc = {_WAKE: self._woken}
        self._class = (window_class.lpszClassName, window_class.hInstance)
        win32gui.RegisterClass(window_class)
        self._window = win32gui.CreateWindow(
            window_class.lpszClassName, "", 0, 0, 0, 0, 0, _HWND_MESSAGE, 0, window_class.hInstance, None
        )

    def _woken(self, *_: int) -> int:
        self._tcl.Tcl_Eval(self._interpreter, self._script)
        return 0

    def wake(self) -> None:
        """Post the message; a full queue wakes as well."""
        with contextlib.suppress(pywintypes.error):
            win32gui.PostMessage(self._window, _WAKE, 0, 0)

    def close(self) -> None:
        """Destroy the window."""
        win32gui.DestroyWindow(self._window)
        win32gui.UnregisterClass(*self._class)
