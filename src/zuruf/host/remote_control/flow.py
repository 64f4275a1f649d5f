"""When the next frame may be sent: few under way, and no more than a screen shows. Pure, the clock is passed in."""

from collections import deque

from zuruf.protocol.codec import ProtocolError

FRAMES_UNDER_WAY_MAX = 2
FRAME_INTERVAL_S = 1 / 60


class Flow:
    """Counts frames. Two may go at once, so that the answer to a key never waits; the mean is 60 a second at most."""

    def __init__(self, frames_before: int = 0) -> None:
        """``frames_before``: what another process may have sent on this connection; no Ack is waited for."""
        self._sent = frames_before
        self._acknowledged = frames_before
        self._starts: deque[float] = deque([float("-inf")] * FRAMES_UNDER_WAY_MAX, maxlen=FRAMES_UNDER_WAY_MAX)

    @property
    def open(self) -> bool:
        """Whether the viewer is ready for another frame."""
        return self._sent - self._acknowledged < FRAMES_UNDER_WAY_MAX

    def wait_s(self, now: float) -> float:
        """Return how long to wait before the next frame, so that no more are made than are shown."""
        return max(0.0, self._starts[0] + FRAMES_UNDER_WAY_MAX * FRAME_INTERVAL_S - now)

    def begin(self, now: float) -> int:
        """Return the number of a new frame."""
        self._starts.append(now)
        self._sent += 1
        return self._sent

    def acknowledge(self, frame: int) -> None:
        """Take note of an Ack. Raises ProtocolError for a frame that was never sent."""
        if not 0 <= frame <= self._sent:
            raise ProtocolError(f"acknowledged frame {frame} of {self._sent}")
        self._acknowledged = max(self._acknowledged, frame)
