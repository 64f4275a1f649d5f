"""Counts wrong session passwords and decides when connections pause or close. Pure; times are the session's seconds."""

import msgspec

from zuruf.protocol.codes import Code
from zuruf.protocol.limits import (
    PASSWORD_PAUSE_S,
    PASSWORD_TRIES_BEFORE_PAUSE,
    PASSWORD_TRIES_PER_SESSION,
)


class TriesRecord(msgspec.Struct, frozen=True):
    """What is saved: tries without success in all, since the last pause, and until when the pause lasts."""

    in_session: int = 0
    in_round: int = 0
    paused_until_s: float = 0.0


class Refusal(msgspec.Struct, frozen=True):
    """Why no password is taken now, and after how many seconds it will be (0: only the customer can change it)."""

    code: Code
    retry_after_s: int


class PasswordTries:
    """A try is spent before the host's proof leaves and given back when the browser's proof is good."""

    def __init__(self, record: TriesRecord | None = None) -> None:
        self.record = record or TriesRecord()

    def refusal(self, now_s: float) -> Refusal | None:
        """Return why a password may not be tried now, or None."""
        if self.record.in_session >= PASSWORD_TRIES_PER_SESSION:
            return Refusal(Code.PASSWORD_CLOSED, 0)
        if now_s < self.record.paused_until_s:
            return Refusal(Code.PASSWORD_PAUSE, max(1, round(self.record.paused_until_s - now_s)))
        return None

    def spend(self, now_s: float) -> None:
        """Count one try; the tenth of a round begins the pause. Only allowed when ``refusal`` is None."""
        assert self.refusal(now_s) is None
        in_round = self.record.in_round + 1
        if self.record.in_round >= PASSWORD_TRIES_BEFORE_PAUSE:
            in_round = 1
        paused = in_round >= PASSWORD_TRIES_BEFORE_PAUSE
        self.record = TriesRecord(
            in_session=self.record.in_session + 1,
            in_round=in_round,
            paused_until_s=now_s + PASSWORD_PAUSE_S if paused else 0.0,
        )

    def give_back(self) -> None:
        """The try was the right password. A pause that it had begun is lifted."""
        in_round = max(0, self.record.in_round - 1)
        self.record = TriesRecord(in_session=max(0, self.record.in_session - 1), in_round=in_round)

    def allow_again(self) -> None:
        """The customer allows passwords again."""
        self.record = TriesRecord()
