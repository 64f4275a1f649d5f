"""One connection's use of an X display: assembles screen, input and clipboard on an X connection of their own."""

import xcffib
import xcffib.xtest

from zuruf.host.platform.desktop import DesktopListener, NoScreen
from zuruf.host.platform.x11.clipboard import X11Clipboard
from zuruf.host.platform.x11.display import Display, connected
from zuruf.host.platform.x11.keyboard import Keyboard
from zuruf.host.platform.x11.pointer import Pointer
from zuruf.host.platform.x11.screen import X11Screen


class X11Input:
    """Mouse and keyboard, see ``desktop.Input``."""

    def __init__(self, display: Display) -> None:
        xtest = display.extension(xcffib.xtest, "XTEST")
        self._pointer = Pointer(display, xtest)
        self._keyboard = Keyboard(display, xtest)
        self.move = self._pointer.move
        self.button = self._pointer.button
        self.wheel = self._pointer.wheel

    async def key(self, code: str, key: str, down: bool) -> None:
        """Press or release a key."""
        with connected():
            await self._keyboard.key(code, key, down)

    async def type_text(self, text: str) -> None:
        """Type characters."""
        with connected():
            await self._keyboard.type_text(text)

    @connected()
    def release_all(self) -> None:
        """Release every key and button."""
        self._pointer.release_all()
        self._keyboard.release_all()

    async def close(self) -> None:
        """Release everything and give borrowed keys back."""
        with connected():
            self._pointer.release_all()
            await self._keyboard.close()


class X11Desktop:
    """See ``desktop.Desktop``. Raises NoScreen, naming what the X server lacks."""

    def __init__(self, display_name: str | None, listener: DesktopListener) -> None:
        self._display = Display(display_name, listener.lost)
        try:
            self.screen = X11Screen(self._display, listener)
            self.input = X11Input(self._display)
            self.clipboard = X11Clipboard(self._display, listener)
        except xcffib.XcffibException as error:
            self._display.close()
            raise NoScreen(f"the X server refused: {error!r}") from error
        except NoScreen:
            self._display.close()
            raise
        self._display.flush()

    async def close(self) -> None:
        """Release, give back, leave. Repeatable."""
        try:
            if not self._display.closed:
                await self.input.close()
        except NoScreen:
            # The server went away first; there is nothing left to release.
            pass
        finally:
            self.screen.close()
            self._display.close()
