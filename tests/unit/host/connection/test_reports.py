"""Reports wait until they are accepted."""

import json

from zuruf.host.connection.reports import PendingReports, signed
from zuruf.protocol.signatures import new_private_key, public_key, report_transcript, verify

KEY, SESSION = new_private_key(), "0" * 36


def test_the_signature_covers_session_kind_and_detail() -> None:
    report = signed(KEY, SESSION, "ended", {"reason": "customer"})
    assert json.loads(report.detail) == {"reason": "customer"}
    key = public_key(KEY)
    assert verify(key, report_transcript(SESSION, "ended", report.detail), report.signature)
    assert not verify(key, report_transcript(SESSION, "removed", report.detail), report.signature)
    assert not verify(key, report_transcript("1" * 36, "ended", report.detail), report.signature)


def test_reports_keep_their_order_and_only_the_accepted_one_goes() -> None:
    pending = PendingReports([])
    for kind in ("active", "ended", "removed"):
        assert pending.add(signed(KEY, SESSION, kind, {}))
    assert pending.accepted("ended")
    assert not pending.accepted("ended")
    assert [report.kind for report in pending.all] == ["active", "removed"]


def test_the_first_report_of_a_kind_is_the_one_that_counts() -> None:
    first = signed(KEY, SESSION, "ended", {"reason": "customer"})
    pending = PendingReports([first])
    assert not pending.add(signed(KEY, SESSION, "ended", {"reason": "expired"}))
    assert pending.all == [first]
