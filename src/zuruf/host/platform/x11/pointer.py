"""The mouse through XTEST."""

from typing import Any

from xcffib.xproto import ButtonPressEvent, ButtonReleaseEvent, MotionNotifyEvent

from zuruf.host.platform.x11.display import Display, connected

_BUTTONS = (1, 2, 3, 8, 9)
"""X button of each MouseEvent.button."""
_UP, _DOWN, _LEFT, _RIGHT = 4, 5, 6, 7
_PRESS, _RELEASE, _MOTION = (
    ButtonPressEvent.event_number,
    ButtonReleaseEvent.event_number,
    MotionNotifyEvent.event_number,
)


class Pointer:
    """Moves, presses, turns; remembers what it holds."""

    def __init__(self, display: Display, xtest: Any) -> None:
        self._display = display
        self._xtest = xtest
        self._held: set[int] = set()

    @connected()
    def move(self, x: int, y: int) -> None:
        """Move to the position; the server keeps it on the screen."""
        self._xtest.FakeInput(_MOTION, 0, 0, self._display.root, x, y, 0)
        self._display.flush()

    @connected()
    def button(self, button: int, down: bool) -> None:
        """Press or release, unless it is so already."""
        detail = _BUTTONS[button]
        if down == (detail in self._held):
            return
        if down:
            self._held.add(detail)
        else:
            self._held.discard(detail)
        self._fake(_PRESS if down else _RELEASE, detail)
        self._display.flush()

    @connected()
    def wheel(self, dx: int, dy: int) -> None:
        """Click the wheel's buttons, one click a notch."""
        for notches, backward, forward in ((dy, _UP, _DOWN), (dx, _LEFT, _RIGHT)):
            for _ in range(abs(notches)):
                detail = forward if notches > 0 else backward
                self._fake(_PRESS, detail)
                self._fake(_RELEASE, detail)
        self._display.flush()

    @connected()
    def release_all(self) -> None:
        """Release every held button."""
        for detail in sorted(self._held):
            self._fake(_RELEASE, detail)
        self._held.clear()
        self._display.flush()

    def _fake(self, kind: int, detail: int) -> None:
        self._xtest.FakeInput(kind, detail, 0, 0, 0, 0, 0)
