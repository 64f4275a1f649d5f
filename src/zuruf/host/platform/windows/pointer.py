"""The mouse: what SendInput has to be given for it. Remembers what it holds. Imports nothing of Windows.

Source: MOUSEINPUT (winuser.h).
"""

from zuruf.host.platform.windows.injector import Injector, MouseEvent

MOVE, ABSOLUTE, VIRTUAL_DESK = 0x0001, 0x8000, 0x4000
WHEEL, HORIZONTAL_WHEEL = 0x0800, 0x1000
_X_DOWN, _X_UP = 0x0080, 0x0100
_NOTCH = 120
_LEFT, _RIGHT = 0, 2
_BUTTONS = (
    (0x0002, 0x0004, 0),
    (0x0020, 0x0040, 0),
    (0x0008, 0x0010, 0),
    (_X_DOWN, _X_UP, 1),
    (_X_DOWN, _X_UP, 2),
)
"""For each MouseEvent.button: flags that press and release it, and which X button it is."""
_FULL = 0x10000


class Pointer:
    """Moves, presses, turns. For one thread."""

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        self._held: dict[int, int] = {}

    def move(self, x: int, y: int) -> None:
        """Move to the position, in pixels from the desktop's upper left corner; beyond the edge means at the edge."""
        width, height = self._injector.desktop_size()
        place = MOVE | ABSOLUTE | VIRTUAL_DESK
        self._injector.send([MouseEvent(place, absolute(x, width), absolute(y, height))])

    def button(self, button: int, down: bool) -> None:
        """Press or release, unless it is so already."""
        if not down:
            self._release([button])
        elif button not in self._held:
            # What counts is what the button does: for a left-handed customer the first one is on the right.
            swapped = button in (_LEFT, _RIGHT) and self._injector.buttons_swapped()
            physical = _LEFT + _RIGHT - button if swapped else button
            press, _release, data = _BUTTONS[physical]
            if self._injector.send([MouseEvent(press, data=data)]):
                self._held[button] = physical

    def wheel(self, dx: int, dy: int) -> None:
        """Turn by whole notches; Windows counts upwards where the DOM counts downwards."""
        events = [MouseEvent(WHEEL, data=-_NOTCH if dy > 0 else _NOTCH)] * abs(dy)
        events += [MouseEvent(HORIZONTAL_WHEEL, data=_NOTCH if dx > 0 else -_NOTCH)] * abs(dx)
        if events:
            self._injector.send(events)

    def release_all(self) -> None:
        """Release every held button."""
        self._release(sorted(self._held))

    def _release(self, buttons: list[int]) -> None:
        events = []
        for button in buttons:
            physical = self._held.pop(button, None)
            if physical is not None:
                _press, release, data = _BUTTONS[physical]
                events.append(MouseEvent(release, data=data))
        if events:
            self._injector.send(events)


def absolute(position: int, size: int) -> int:
    """Return the coordinate of MOUSEINPUT that Windows turns back into exactly this pixel of ``size``.

    Windows takes coordinate × size / 65536; one more than the quotient is right whether it cuts or rounds.
    """
    inside = min(max(position, 0), size - 1)
    return inside * _FULL // size + 1
