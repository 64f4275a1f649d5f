"""What the window needs from the system's desktop beyond Tk, as a Protocol. Adapter: ``platform/windows/look.py``."""

import sys
import tkinter as tk
from collections.abc import Callable
from typing import Protocol

from zuruf.host.ui.accessibility import Accessibility, Silent
from zuruf.host.ui.orders import Waker
from zuruf.host.ui.tray import OpenTray


class WindowSystem(Protocol):
    """The desktop around the window. Everything is called in Tk's thread."""

    theme: str
    """The ttk theme that looks like the system's programs."""
    accessibility: Accessibility
    open_tray: OpenTray | None
    """None: there is no place beside a clock, a closed window is minimised instead."""

    def dpi(self, window_id: int) -> float | None:
        """Return the dots per inch of the monitor that a window is on; None: as Tk found out."""
        ...

    def high_contrast(self) -> bool:
        """Whether the customer needs the system's own colours and no others."""
        ...

    def waker(self, root: tk.Tk, call: Callable[[], None]) -> Waker:
        """Return what has ``call`` called in Tk's thread."""
        ...

    def dress(self, root: tk.Tk) -> None:
        """Give the window the app's icon, where it does not have it anyway."""
        ...

    def to_front(self, window_id: int) -> None:
        """Give a top-level window the keyboard, as far as the system lets a program do that."""
        ...


class PlainWindowSystem:
    """X11: what Tk itself can do."""

    theme = "clam"
    open_tray: OpenTray | None = None

    def __init__(self) -> None:
        self.accessibility: Accessibility = Silent()

    def dpi(self, window_id: int) -> float | None:
        """Leave it to Tk."""
        return None

    def high_contrast(self) -> bool:
        """Return False: ttk's own theme has colours of its own in any case."""
        return False

    def waker(self, root: tk.Tk, call: Callable[[], None]) -> Waker:
        """Return a pipe that Tk waits for."""
        if sys.platform != "win32":
            from zuruf.host.ui.pipe_waker import PipeWaker

            return PipeWaker(root, call)
        raise NotImplementedError("Windows has a window system of its own")

    def dress(self, root: tk.Tk) -> None:
        """Leave it to the window manager."""

    def to_front(self, window_id: int) -> None:
        """Leave it to the window manager."""
