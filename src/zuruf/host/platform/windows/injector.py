"""What mouse and keyboard need of Windows, as a Protocol of values. The real one is ``input.py``."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from zuruf.host.platform.windows.decide import Layout
from zuruf.host.platform.windows.keys import Key


class KeyEvent(NamedTuple):
    """A key goes down or up."""

    key: Key
    down: bool


class UnitEvent(NamedTuple):
    """A UTF-16 code unit is handed over as if a key typed it (KEYEVENTF_UNICODE)."""

    unit: int
    down: bool


class MouseEvent(NamedTuple):
    """A MOUSEINPUT: MOUSEEVENTF flags, absolute position (0 to 65535 over the whole desktop), wheel or X button."""

    flags: int
    x: int = 0
    y: int = 0
    data: int = 0


InputEvent = KeyEvent | UnitEvent | MouseEvent


class Injector(Protocol):
    """Acts on the desktop that its thread is on."""

    def send(self, events: Sequence[InputEvent]) -> bool:
        """Insert the events, with nobody else's in between. False: Windows took none or only some of them."""
        ...

    def attention(self) -> None:
        """Do what Ctrl-Alt-Del does. Blocks for a moment; what Windows refuses is logged."""
        ...

    def modifiers_down(self) -> frozenset[Key]:
        """Return the modifier keys that are down, no matter who holds them."""
        ...

    def caps(self) -> bool:
        """Return whether CapsLock is on."""
        ...

    def layout(self) -> Layout:
        """Return the layout of the window that gets the keys."""
        ...

    def desktop_size(self) -> tuple[int, int]:
        """Return width and height of the whole desktop, in pixels."""
        ...

    def buttons_swapped(self) -> bool:
        """Return whether the left and the right button have changed places (Control Panel)."""
        ...
