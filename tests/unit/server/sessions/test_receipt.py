"""The removal receipt: kept as it was signed, shown to those who may, harmless whatever stands in it."""

import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.unit.server.conftest import LiveServer, NewCompany, NewUser
from tests.unit.server.sessions.ends import Browser, Host, activate, told, unpack
from zuruf.protocol import control
from zuruf.protocol.codes import Code
from zuruf.protocol.signatures import public_key, report_transcript, verify
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.companies.service import CompanyView
from zuruf.server.sessions.receipt import read

RECEIPT = {
    "reason": "technician",
    "by": "technician",
    "at": "2026-03-01T10:00:00Z",
    "installed": ["program folder", "service", "scheduled task"],
    "removed": ["service", "scheduled task"],
    "finishing": ["program folder"],
}


async def removed(browser: Browser, host: Host, **detail: object) -> dict[str, Any]:
    session, ctl = await activate(browser, host)
    await browser.post(session["id"], "end")
    await told(ctl, control.End)
    await hand_in(ctl, host, session, **detail)
    return session


async def hand_in(ctl: ClientConnection, host: Host, session: dict[str, Any], **detail: object) -> None:
    await ctl.send(host.report(session["id"], "removed", **detail))
    assert (await told(ctl, control.ReportAccepted)).kind == "removed"


async def test_the_receipt_can_be_verified_by_whoever_keeps_it(browser: Browser, host: Host) -> None:
    session = await removed(browser, host, **RECEIPT)
    answer = await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")
    found = answer.json()
    key = unpack(found["host_key"])
    assert key == public_key(host.key)
    transcript = report_transcript(found["session_id"], "removed", found["detail"])
    assert verify(key, transcript, unpack(found["signature"]))
    assert not verify(key, transcript + b" ", unpack(found["signature"]))
    assert (json.loads(found["detail"]), found["facts"]) == (RECEIPT, RECEIPT)
    name = f"Zuruf-{session['number']}-removal-receipt.json"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_a_host_that_finishes_nothing_later_need_not_say_so(browser: Browser, host: Host) -> None:
    detail = {name: value for name, value in RECEIPT.items() if name != "finishing"}
    session = await removed(browser, host, **detail)
    found = (await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")).json()
    assert found["facts"] == detail | {"finishing": []}


async def test_the_receipt_stands_in_the_audit_log_as_it_was_signed(
    browser: Browser, host: Host, live_server: LiveServer, company: CompanyView
) -> None:
    session = await removed(browser, host, **RECEIPT)
    found = (await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")).json()
    async with live_server.context.database.reading() as db:
        page = await audit.page(db, company.id, before=None, limit=100)
    [record] = [record for record in page if record.event == AuditEvent.HOST_REMOVED.value]
    assert record.payload is not None
    assert record.payload["receipt"] == found["detail"]
    assert bytes.fromhex(str(record.payload["signature"])) == unpack(found["signature"])


async def test_there_is_no_receipt_before_the_host_has_removed_itself(browser: Browser, host: Host) -> None:
    session, _ = await activate(browser, host)
    for _ in range(2):
        answer = await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")
        assert (answer.status_code, answer.json()["code"]) == (404, Code.NOT_FOUND)
        await browser.post(session["id"], "end")


async def test_the_receipt_is_the_companys_own(
    browser: Browser, host: Host, live_server: LiveServer, new_company: NewCompany, new_user: NewUser
) -> None:
    session = await removed(browser, host, **RECEIPT)
    stranger = Browser(live_server)
    path = f"/api/v1/sessions/{session['id']}/receipt"
    assert (await stranger.http.get(path)).status_code == 401
    await new_user(await new_company("Andere GmbH"), email="x@andere.test")
    await stranger.sign_in("x@andere.test")
    assert (await stranger.http.get(path)).json()["code"] == Code.SESSION_NOT_FOUND
    await stranger.http.aclose()


async def test_a_second_receipt_is_accepted_and_changes_nothing(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await browser.post(session["id"], "end")
    await told(ctl, control.End)
    await hand_in(ctl, host, session, **RECEIPT)
    before = (await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")).json()
    await hand_in(ctl, host, session, **RECEIPT | {"removed": []})
    assert (await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")).json() == before


async def test_a_receipt_that_nobody_can_read_is_kept_all_the_same(browser: Browser, host: Host) -> None:
    session = await removed(browser, host, reason="technician", at=7, installed="all")
    found = (await browser.http.get(f"/api/v1/sessions/{session['id']}/receipt")).json()
    assert (found["facts"], json.loads(found["detail"])["at"]) == (None, 7)
    assert (await browser.session(session["id"]))["removal"] == "confirmed"


def test_what_a_receipt_says_is_shown_as_harmless_lines() -> None:
    facts = read(json.dumps(RECEIPT | {"by": "a\nb\u202ec\ud800", "removed": ["x" * 300]}))
    assert facts is not None
    assert (facts.by, len(facts.removed[0])) == ("a\ufffdb\ufffdc\ufffd", 200)
    assert facts.model_dump_json()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "[" * 8000, json.dumps(RECEIPT | {"installed": [[]]}), '{"at": 1e999}']
)
def test_what_is_no_receipt_is_none(text: str) -> None:
    assert read(text) is None
