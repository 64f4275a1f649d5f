"""Keeps a thread on the desktop the customer sees: the usual one, or the secure one (UAC, lock screen, sign-in).

A thread with windows or hooks cannot change its desktop, so the threads that look and act have none.
"""

import ctypes
from typing import Any

import pywintypes
import win32service

_windows: Any = ctypes

# The stubs know neither what this returns nor the type of a desktop.
_name_of: Any = win32service.GetUserObjectInformation
_UOI_NAME = 2
_ACCESS = 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0020 | 0x0040 | 0x0080 | 0x0100
"""Everything a desktop has to give (DESKTOP_READOBJECTS to DESKTOP_SWITCHDESKTOP); playing input back needs most."""
_PER_MONITOR_AWARE_V2 = -4


class InputDesktop:
    """Belongs to the thread that calls ``follow``."""

    def __init__(self) -> None:
        self.name = ""
        """Where the thread is now: ``Default``, or ``Winlogon`` for the secure desktop."""
        self._desktop: Any = None

    def follow(self) -> bool:
        """Go where input goes now. False: it cannot be opened at the moment, the thread stays where it was."""
        try:
            name = _name_of(win32service.OpenInputDesktop(0, False, _ACCESS), _UOI_NAME)
            if name != self.name:
                desktop = win32service.OpenDesktop(name, 0, False, _ACCESS)
                desktop.SetThreadDesktop()
                # The desktop of before is closed by its handle's end, now that no thread is on it.
                self._desktop, self.name = desktop, name
                _see_real_pixels()
        except pywintypes.error as e:
            import logging

            logging.getLogger("x").warning("FOLLOW %s", e)
            return False
        return True


def _see_real_pixels() -> None:
    """Have this thread count in the pixels of every monitor, whatever scale its user set."""
    set_context = getattr(_windows.WinDLL("user32"), "SetThreadDpiAwarenessContext", None)
    if set_context is not None:
        set_context.argtypes, set_context.restype = (ctypes.c_void_p,), ctypes.c_void_p
        set_context(_PER_MONITOR_AWARE_V2)
