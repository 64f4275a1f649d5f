"""When the service starts the resident again, and after how long. Pure; ``service`` does it."""

from zuruf.host.exit_codes import EXIT_OVER

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0
"""A resident that ran this long was well: what ended it counts as the first failure again."""


class Supervision:
    """Decides after each end of the resident."""

    def __init__(self) -> None:
        self._pause_s = FIRST_PAUSE_S

    def pause_s(self, exit_code: int, ran_s: float) -> float | None:
        """Return how many seconds to wait before the next start; None: the session is over, nothing is to start."""
        if exit_code == EXIT_OVER:
            return None
        if ran_s >= STEADY_S:
            self._pause_s = FIRST_PAUSE_S
        pause_s = self._pause_s
        self._pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return pause_s
