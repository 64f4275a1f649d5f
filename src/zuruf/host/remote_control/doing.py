"""Tells the customer what the technician does at the moment: seeing, controlling, exchanging the clipboard."""

import asyncio

from zuruf.host.connection.channel import Activity
from zuruf.host.consent.activity import CLIPBOARD, CONTROLLING, IDLE, VIEWING

LASTING_S = 3.0
"""Input and clipboard are shown this long after the last of them."""


class Doing:
    """Reports changes only; a single timer runs while there is input, none otherwise."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._told = IDLE
        self._quiet = IDLE
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def viewing(self, allowed: bool) -> None:
        """The technician sees the screen, or no more."""
        self._quiet = VIEWING if allowed else IDLE
        if self._timer is None:
            self._tell(self._quiet)

    def controlling(self) -> None:
        """The technician moves, clicks or types."""
        self._lasting(CONTROLLING)

    def clipboard(self) -> None:
        """A text went from one clipboard to the other."""
        self._lasting(CLIPBOARD)

    def stop(self) -> None:
        """The connection is over."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._tell(IDLE)

    def _lasting(self, activity: str) -> None:
        loop = asyncio.get_running_loop()
        self._tell(activity)
        self._until = loop.time() + LASTING_S
        if self._timer is None:
            self._timer = loop.call_at(self._until, self._perhaps_over)

    def _perhaps_over(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._until:
            self._timer = loop.call_at(self._until, self._perhaps_over)
        else:
            self._timer = None
            self._tell(self._quiet)

    def _tell(self, activity: str) -> None:
        if activity != self._told:
            self._told = activity
            self._activity(activity)
