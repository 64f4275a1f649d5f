"""One connection's use of an X display: assembles screen, input and clipboard on an X connection of their own."""

import xcffib
import xcffib.xtest

from zuruf.host.platform.desktop import DesktopListener, NoScreen
from zuruf.host.platform.x11.clipboard import X11Clipboard
from zuruf.host.platform.x11.display import Display
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
        self.key = self._keyboard.key
        self.type_text = self._keyboard.type_text
        self.close = self._keyboard.close

    def release_all(self) -> None:
        """Release every key and button."""
        self._pointer.release_all()
        self._keyboard.release_all()


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
                self.input.release_all()
                await self.input.close()
        except xcffib.XcffibException:
            # The server went away first; there is nothing left to release.
            pass
        finally:
            self.screen.close()
            self._display.close()
