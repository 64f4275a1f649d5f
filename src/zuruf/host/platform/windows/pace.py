"""When to look at the screen again: GDI tells nothing of changes, so we have to look. Pure, the clock is passed in.

Often after input and while something changes, ever more rarely when nothing does, and not at all while the viewer does
not take what was found. Never more than half of one processor.
"""

FAST_S = 0.015
"""Between the starts of two looks; twice as often as a screen of 30 changes a second."""
SLOW_S = 0.1
_LIVELY_S = 0.5
"""How long after input something is expected to happen."""
_MOVING_S = 0.1
"""How long after a change the next one is expected; a blinking caret must not keep us busy for ever."""
_SLOWER = 1.5
_ANSWER_S = 0.004
"""How long a program takes to draw what a key or click does."""
_PATIENCE_S = 1.0
"""How long a change may wait for a slow viewer before the looking stops, so that the newest picture is ready."""


class Pace:
    """Times are seconds of one monotonic clock."""

    def __init__(self, now: float) -> None:
        self._lively_until = now + _LIVELY_S
        self._untaken_since: float | None = None
        self._interval = FAST_S
        self._rested = now
        self._next = now

    def looked(self, started: float, ended: float, *, changed: bool) -> None:
        """Take note of a look: how long it took and whether it found a change."""
        if changed:
            self._interval = FAST_S
            self._lively_until = max(self._lively_until, ended + _MOVING_S)
            if self._untaken_since is None:
                self._untaken_since = ended
        if ended >= self._lively_until:
            self._interval = min(self._interval * _SLOWER, SLOW_S)
        self._rested = ended + (ended - started)
        self._next = max(started + self._interval, self._rested)

    def stirred(self, now: float) -> None:
        """Take note of input: what it does to the picture will be seen shortly."""
        self._lively_until = now + _LIVELY_S
        self._interval = FAST_S
        self._next = max(min(self._next, now + _ANSWER_S), self._rested)

    def taken(self, now: float) -> None:
        """Take note that the viewer took what was found."""
        if self._untaken_since is not None and now - self._untaken_since >= _PATIENCE_S:
            self._next = now
        self._untaken_since = None

    def wait_s(self, now: float) -> float | None:
        """Return how long to wait before the next look. None: until the viewer takes what was found."""
        if self._untaken_since is not None and now - self._untaken_since >= _PATIENCE_S:
            return None
        return max(0.0, self._next - now)
