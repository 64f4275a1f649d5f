"""One use of the customer's desktop: assembles screen, input and clipboard, each on a thread of its own."""

import ctypes
from collections.abc import Callable
from typing import Any

from zuruf.host.platform.desktop import DesktopListener
from zuruf.host.platform.windows.capture import GdiSource
from zuruf.host.platform.windows.clipboard import WatchedClipboard
from zuruf.host.platform.windows.clipboard_access import SystemClipboard
from zuruf.host.platform.windows.input import WindowsInjector
from zuruf.host.platform.windows.input_desktop import InputDesktop
from zuruf.host.platform.windows.keyboard import Keyboard
from zuruf.host.platform.windows.pointer import Pointer
from zuruf.host.platform.windows.sas import Attention
from zuruf.host.platform.windows.screen import PolledScreen
from zuruf.host.platform.windows.worker import Worker

_windows: Any = ctypes

_PATIENCE_S = 2.0
_TIMER_MS = 1
"""Without it Windows wakes waiting threads every 15.6 ms only, and every wait is rounded up to that."""


class WindowsInput:
    """Mouse and keyboard, see ``desktop.Input``. ``stirred`` is called after everything that may change the picture."""

    def __init__(self, attention: Attention, stirred: Callable[[], None]) -> None:
        injector = WindowsInjector(attention)
        self._pointer = Pointer(injector)
        self._keyboard = Keyboard(injector)
        self._stirred = stirred
        self._worker = Worker("zuruf input", InputDesktop().follow)

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self._post(lambda: self._pointer.move(x, y))

    def button(self, button: int, down: bool) -> None:
        """Press or release a button."""
        self._post(lambda: self._pointer.button(button, down))

    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel."""
        self._post(lambda: self._pointer.wheel(dx, dy))

    async def key(self, code: str, key: str, down: bool) -> None:
        """Press or release a key."""
        await self._run(lambda: self._keyboard.key(code, key, down))

    async def type_text(self, text: str) -> None:
        """Type characters; those that cannot be typed are left out."""
        for character in text.replace("\r\n", "\n"):
            await self._type(character)

    def release_all(self) -> None:
        """Release every key and button."""
        self._post(self._pointer.release_all)
        self._post(self._keyboard.release_all)

    async def close(self) -> None:
        """Release everything and end. Repeatable."""
        self.release_all()
        await self._worker.close(_PATIENCE_S)

    async def _type(self, character: str) -> None:
        await self._run(lambda: self._keyboard.type_character(character))

    def _post(self, action: Callable[[], None]) -> None:
        self._worker.post(lambda: self._act(action))

    async def _run(self, action: Callable[[], None]) -> None:
        await self._worker.run(lambda: self._act(action))

    def _act(self, action: Callable[[], None]) -> None:
        action()
        self._stirred()


class WindowsDesktop:
    """See ``desktop.Desktop``. ``attention`` sends Ctrl-Alt-Del. Raises NoScreen where no picture can be taken."""

    def __init__(self, listener: DesktopListener, attention: Attention) -> None:
        self._timer = _windows.WinDLL("winmm")
        self._closed = False
        access = SystemClipboard()
        self.screen = PolledScreen(GdiSource, listener)
        self.input = WindowsInput(attention, self.screen.stir)
        self.clipboard = WatchedClipboard(access, listener)
        self._timer.timeBeginPeriod(_TIMER_MS)

    async def close(self) -> None:
        """Release, let go, end the threads. Repeatable."""
        if self._closed:
            return
        self._closed = True
        try:
            await self.input.close()
            await self.clipboard.close(_PATIENCE_S)
            await self.screen.close(_PATIENCE_S)
        finally:
            self._timer.timeEndPeriod(_TIMER_MS)
