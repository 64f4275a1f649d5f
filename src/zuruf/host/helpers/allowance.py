"""How many messages somebody untrusted may send: a token bucket. Pure, the clock is passed in."""


class Allowance:
    """``burst`` at once, ``per_s`` in the long run."""

    def __init__(self, burst: int, per_s: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = float(burst)
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Count one message at this time, in seconds of any steady clock; False: it is one too many."""
        if self._at is not None:
            self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
