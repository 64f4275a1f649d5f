"""How long to wait before dialling again: soon at first, then longer, never all hosts at the same moment. Pure."""

import random
from collections.abc import Callable

FIRST_S = 0.5
CAP_S = 30.0
STABLE_S = 10.0
"""A connection that lasted this long was a good one: the waits begin anew."""


class Backoff:
    """Exponential waits with jitter: each between half of and the whole of its step."""

    def __init__(self, uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._uniform = uniform
        self._failures = 0

    def next_wait_s(self) -> float:
        """Seconds to wait before the next attempt."""
        step_s = min(CAP_S, FIRST_S * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return self._uniform(step_s / 2, step_s)

    def lasted(self, seconds: float) -> None:
        """Tell how long the last connection held."""
        if seconds >= STABLE_S:
            self.reset()

    def reset(self) -> None:
        """Begin the waits anew."""
        self._failures = 0
