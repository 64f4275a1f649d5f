"""The customer's desktop as remote control sees it: picture, input, clipboard, in small Protocols. Not for the rest.

Everything belongs to the event loop's thread. Coordinates and sizes are in pixels of the whole desktop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class NoScreen(Exception):
    """There is no desktop to see or to control; the text says what is missing, for logs."""


class Rect(NamedTuple):
    """A rectangle of pixels; ``width`` and ``height`` are at least 1."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class CursorShape:
    """Pointer shape; ``rgba`` is not premultiplied, width × height × 4 bytes. 0 × 0: no pointer is shown."""

    width: int
    height: int
    hot_x: int
    hot_y: int
    rgba: bytes


class DesktopListener(Protocol):
    """Told by a desktop what happened; returns at once."""

    def damaged(self) -> None:
        """Pixels changed since the last ``Screen.take_damage``; not told again before the next one."""
        ...

    def resized(self) -> None:
        """``Screen.size`` changed; all earlier damage is void."""
        ...

    def cursor_changed(self) -> None:
        """The pointer has another shape."""
        ...

    def clipboard_changed(self, text: str) -> None:
        """Somebody on the customer's computer copied this text. Never told about our own ``set_text``."""
        ...

    def lost(self, reason: str) -> None:
        """The desktop is gone (the X server ended, the user signed out); nothing works from now on."""
        ...


class Screen(Protocol):
    """Reads the picture."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        ...

    def take_damage(self) -> list[Rect]:
        """Return what changed since the last call; may claim too much, never too little."""
        ...

    def read(self, areas: Sequence[Rect]) -> list[bytes]:
        """Return the present pixels of each area, rows from the top without gaps: B, G, R and a byte without meaning.

        Areas beyond the screen are the caller's mistake; a screen that shrank meanwhile gives black there.
        """
        ...

    def cursor(self) -> CursorShape:
        """Return the pointer's present shape."""
        ...


class Input(Protocol):
    """Acts as mouse and keyboard. ``button``, ``code`` and ``key`` are as in the DOM's MouseEvent and KeyboardEvent.

    What waits may be cancelled at every wait: nothing is pressed or typed after that.
    """

    def move(self, x: int, y: int) -> None:
        """Move the pointer; positions beyond the screen are moved to its edge."""
        ...

    def button(self, button: int, down: bool) -> None:
        """Press or release a button: 0 left, 1 middle, 2 right, 3 back, 4 forward. Repeatable."""
        ...

    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel by whole notches, positive is right and down."""
        ...

    async def key(self, code: str, key: str, down: bool) -> None:
        """Press or release a key: by the character where ``key`` is one, else by its position ``code``."""
        ...

    async def type_text(self, text: str) -> None:
        """Type characters, whatever the keyboard layout. Waits at every character, so that somebody can stop it."""
        ...

    def release_all(self) -> None:
        """Release every key and button that this object holds. Repeatable."""
        ...


class Clipboard(Protocol):
    """Text of the customer's clipboard; its changes reach ``DesktopListener.clipboard_changed``."""

    def watch(self, wanted: bool) -> None:
        """Begin or stop reading the text at every change. Nothing is read before the first call."""
        ...

    def set_text(self, text: str) -> None:
        """Make this the clipboard's text."""
        ...


class Desktop(Protocol):
    """One use of the desktop, by one connection."""

    @property
    def screen(self) -> Screen:
        """The picture."""
        ...

    @property
    def input(self) -> Input:
        """Mouse and keyboard."""
        ...

    @property
    def clipboard(self) -> Clipboard:
        """The clipboard."""
        ...

    async def close(self) -> None:
        """Release what is held, undo what was changed for typing, and let go. Repeatable."""
        ...
