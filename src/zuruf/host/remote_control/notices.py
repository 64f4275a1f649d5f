"""What happened on the desktop and is still to be told to the viewer: always the newest state, never a queue."""

import asyncio
from collections import deque

_PONGS_MAX = 16


class Notices:
    """A ``desktop.DesktopListener`` that keeps what it hears until the sender takes it."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        """Set whenever there may be something to send."""
        self.damage = True
        self.size = True
        self.cursor = True
        self.rights = True
        self.whole_picture = True
        self.clipboard: str | None = None
        self.pongs: deque[int] = deque(maxlen=_PONGS_MAX)
        self.lost_reason: str | None = None
        self._exchanged: str | None = None

    def damaged(self) -> None:
        """Pixels changed."""
        self.damage = True
        self.changed.set()

    def resized(self) -> None:
        """The screen has another size."""
        self.size = True
        self.changed.set()

    def cursor_changed(self) -> None:
        """The pointer has another shape."""
        self.cursor = True
        self.changed.set()

    def clipboard_changed(self, text: str) -> None:
        """The customer's clipboard has another text than both ends know already."""
        if text != self._exchanged:
            self._exchanged = text
            self.clipboard = text
            self.changed.set()

    def lost(self, reason: str) -> None:
        """The desktop is gone."""
        self.lost_reason = reason
        self.changed.set()

    def clipboard_received(self, text: str) -> bool:
        """Note the viewer's text; False: both ends know it already."""
        if text == self._exchanged:
            return False
        self._exchanged = text
        self.clipboard = None
        return True

    def rights_changed(self) -> None:
        """The customer allows something else."""
        self.rights = True
        self.changed.set()

    def pong(self, token: int) -> None:
        """The viewer asks how long the way is; beyond a few unanswered ones the oldest is dropped."""
        self.pongs.append(token)
        self.changed.set()

    def refresh(self) -> None:
        """The viewer wants the whole picture."""
        self.whole_picture = True
        self.changed.set()
