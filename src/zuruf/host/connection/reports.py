"""The signed reports the server has not accepted yet: kept in order, repeated until accepted. Pure."""

import msgspec

from zuruf.protocol.control import Report
from zuruf.protocol.signatures import report_transcript, sign

ACTIVE, ENDED, REMOVED = "active", "ended", "removed"


def signed(private_key: bytes, session_id: str, kind: str, detail: dict[str, object]) -> Report:
    """Return a report with the host's signature. ``detail`` becomes JSON."""
    text = msgspec.json.encode(detail).decode()
    return Report(kind=kind, detail=text, signature=sign(private_key, report_transcript(session_id, kind, text)))


class PendingReports:
    """At most one report of a kind; the first one written is the one that counts."""

    def __init__(self, reports: list[Report]) -> None:
        self._reports = list(reports)

    @property
    def all(self) -> list[Report]:
        """What to send after each welcome, oldest first."""
        return list(self._reports)

    def add(self, report: Report) -> bool:
        """Keep a report until it is accepted. False when one of its kind waits already."""
        if any(known.kind == report.kind for known in self._reports):
            return False
        self._reports.append(report)
        return True

    def accepted(self, kind: str) -> bool:
        """Forget the report of this kind. False when there was none."""
        before = len(self._reports)
        self._reports = [report for report in self._reports if report.kind != kind]
        return len(self._reports) < before
