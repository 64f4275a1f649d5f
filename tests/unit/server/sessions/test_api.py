"""REST of sessions: who may do what, and what is said to whom."""

import asyncio
import json

import httpx
import pytest

from tests.unit.server.conftest import NewClient, NewCompany, NewPerson, Person
from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.plans.policy import Plan
from zuruf.server.sessions.public_api import REFUSALS

ACTIONS = [
    ("end", None),
    ("code", None),
    ("pairing-ticket", None),
    ("invitation/resend", None),
    ("connections", {"tool": "remote_control"}),
    ("activation", {"run_id": "11111111-1111-1111-1111-111111111111", "host_key": "A" * 43}),
]


async def prepare(person: Person) -> dict[str, object]:
    answer = await person.client.post("/api/v1/sessions", json={"customer_email": "K@Kunde.test", "locale": "de"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_new_session_waits_for_its_customer(technician: Person) -> None:
    session = await prepare(technician)
    assert (session["state"], session["customer_email"], session["removal"]) == ("prepared", "k@kunde.test", "none")
    assert len(str(session["number"])) == 10
    assert str(session["link"]).endswith(f"/join/{session['number']}?lang=de")
    assert session["code"] == {"alive": False, "expires_at": None, "tries_left": 0}


@pytest.mark.parametrize(("action", "body"), ACTIONS)
async def test_a_session_of_another_company_does_not_exist(
    technician: Person, new_company: NewCompany, new_person: NewPerson, action: str, body: object
) -> None:
    session = await prepare(technician)
    stranger = await new_person(await new_company("Andere GmbH"), email="x@andere.test")
    answer = await stranger.client.post(f"/api/v1/sessions/{session['id']}/{action}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, Code.SESSION_NOT_FOUND)
    assert (await stranger.client.get(f"/api/v1/sessions/{session['id']}")).status_code == 404
    assert (await stranger.client.get("/api/v1/sessions")).json() == {"items": []}


@pytest.mark.parametrize(("action", "body"), ACTIONS)
async def test_a_colleague_may_look_and_nothing_more(
    technician: Person, company: CompanyView, new_person: NewPerson, action: str, body: object
) -> None:
    session = await prepare(technician)
    colleague = await new_person(company, email="c@hilfe.test")
    answer = await colleague.client.post(f"/api/v1/sessions/{session['id']}/{action}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, Code.FORBIDDEN)
    seen = (await colleague.client.get(f"/api/v1/sessions/{session['id']}")).json()
    assert (seen["id"], seen["state"], seen["code"]) == (session["id"], "prepared", session["code"])


@pytest.mark.parametrize(("action", "body"), ACTIONS[1:])
async def test_an_administrator_may_end_and_nothing_more(
    technician: Person, administrator: Person, action: str, body: object
) -> None:
    session = await prepare(technician)
    answer = await administrator.client.post(f"/api/v1/sessions/{session['id']}/{action}", json=body)
    assert answer.status_code == 403
    ended = await administrator.client.post(f"/api/v1/sessions/{session['id']}/end")
    assert (ended.json()["state"], ended.json()["end_reason"]) == ("ended", "cancelled")


@pytest.mark.parametrize(("action", "body"), ACTIONS)
async def test_nobody_without_a_sign_in_does_anything(
    technician: Person, new_client: NewClient, action: str, body: object
) -> None:
    session = await prepare(technician)
    answer = await new_client().post(f"/api/v1/sessions/{session['id']}/{action}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, Code.NOT_SIGNED_IN)


@pytest.mark.parametrize(("action", "body"), ACTIONS)
async def test_requests_from_another_origin_change_nothing(technician: Person, action: str, body: object) -> None:
    session = await prepare(technician)
    answer = await technician.client.post(
        f"/api/v1/sessions/{session['id']}/{action}", json=body, headers={"Origin": "http://elsewhere.test"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, Code.WRONG_ORIGIN)
    found = (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()
    assert (found["state"], found["code"]) == ("prepared", session["code"])


async def test_ending_twice_is_fine(technician: Person) -> None:
    session = await prepare(technician)
    first = await technician.client.post(f"/api/v1/sessions/{session['id']}/end")
    second = await technician.client.post(f"/api/v1/sessions/{session['id']}/end")
    # the invitation's way through the outbox goes on meanwhile; the life cycle does not move any more
    assert (second.status_code, second.json() | {"progress": None}) == (200, first.json() | {"progress": None})
    assert [s["id"] for s in (await technician.client.get("/api/v1/sessions?scope=history")).json()["items"]] == [
        session["id"]
    ]


async def test_a_code_is_alive_for_ten_minutes_and_five_tries(technician: Person) -> None:
    session = await prepare(technician)
    answer = (await technician.client.post(f"/api/v1/sessions/{session['id']}/code")).json()
    assert (answer["expires_at"], answer["tries_left"]) == ("2026-03-01T09:10:00Z", 5)


@pytest.mark.parametrize("action", ["code", "pairing-ticket", "invitation/resend", "connections"])
async def test_an_ended_session_takes_nothing_more(technician: Person, action: str) -> None:
    session = await prepare(technician)
    await technician.client.post(f"/api/v1/sessions/{session['id']}/end")
    answer = await technician.client.post(f"/api/v1/sessions/{session['id']}/{action}", json={"tool": "remote_control"})
    assert (answer.status_code, answer.json()["code"]) in [(409, Code.WRONG_STATE), (409, Code.SESSION_ENDED)]


async def test_a_tool_outside_the_plan_is_refused(new_company: NewCompany, new_person: NewPerson) -> None:
    person = await new_person(await new_company("Klein GmbH", plan=Plan.BASIC), email="k@klein.test")
    session = await prepare(person)
    answer = await person.client.post(f"/api/v1/sessions/{session['id']}/connections", json={"tool": "file_manager"})
    assert (answer.status_code, answer.json()["code"]) == (403, Code.TOOL_NOT_IN_PLAN)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"customer_email": "nobody", "locale": "de"},
        {"customer_email": "k@kunde.test", "locale": "fr"},
        {"customer_email": "k@kunde.test", "locale": "de", "note": "x" * 501},
        {"customer_email": "k@kunde.test", "locale": "de", "note": "a\x00b"},
        [],
        7,
    ],
    ids=range(7),
)
async def test_bad_input_is_refused_with_a_code(technician: Person, body: object) -> None:
    answer = await technician.client.post("/api/v1/sessions", json=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == Code.BAD_INPUT


@pytest.mark.parametrize(
    "before", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00", "yesterday"]
)
async def test_a_moment_outside_the_calendar_is_bad_input(technician: Person, before: str) -> None:
    answer = await technician.client.get("/api/v1/sessions", params={"scope": "history", "before": before})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == Code.BAD_INPUT


async def test_the_number_tells_who_calls_and_nothing_else(technician: Person, new_client: NewClient) -> None:
    session = await prepare(technician)
    facts = (await new_client().get(f"/api/v1/public/sessions/{session['number']}")).json()
    assert (facts["company"], facts["technician"], facts["state"]) == ("Hilfe GmbH", "Tina Technik", "open")
    assert "k@kunde.test" not in json.dumps(facts)


@pytest.mark.parametrize("number", ["0000000000", "123", "abc"])
async def test_an_unknown_number_is_answered_in_one_way(number: str, new_client: NewClient) -> None:
    answer = await new_client().get(f"/api/v1/public/sessions/{number}")
    assert answer.status_code in (400, 404, 422)


async def test_the_customers_steps_are_shown_and_end_nothing(technician: Person, new_client: NewClient) -> None:
    session = await prepare(technician)
    public, customer = f"/api/v1/public/sessions/{session['number']}", new_client()
    assert (await customer.post(f"{public}/opened")).status_code == 204
    refusal = {"kind": "refused", "code": "ZRF-502", "detail": "LogMeIn"}
    assert (await customer.post(f"{public}/app", json=refusal)).status_code == 204
    found = (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()
    assert found["state"] == "prepared"
    assert found["progress"]["link_opened_at"] == "2026-03-01T09:00:00Z"
    assert found["progress"]["refusal"] == {"code": "ZRF-502", "detail": "LogMeIn", "at": "2026-03-01T09:00:00Z"}
    assert (await customer.post(f"{public}/app", json={"kind": "started"})).status_code == 204
    found = (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()
    assert found["progress"]["refusal"] is None


@pytest.mark.parametrize("code", sorted(REFUSALS))
async def test_every_reason_of_an_app_is_shown(technician: Person, client: httpx.AsyncClient, code: str) -> None:
    session = await prepare(technician)
    path = f"/api/v1/public/sessions/{session['number']}/app"
    assert (await client.post(path, json={"kind": "refused", "code": code})).status_code == 204
    found = (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()
    assert (found["progress"]["refusal"]["code"], found["progress"]["refusal"]["detail"]) == (code, "")


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "refused", "code": "ZRF-502", "detail": "x" * 81},
        {"kind": "refused", "code": "ZRF-502", "detail": "Log\nMeIn"},
        {"kind": "refused", "code": "ZRF-502", "detail": "\u202eIeMgoL"},
        {"kind": "refused", "code": "ZRF-502", "detail": "\x00"},
        {"kind": "refused", "code": "ZRF-502", "detail": 7},
        {"kind": "refused", "code": "ZRF-502", "detail": None},
        {"kind": "refused", "code": "ZRF-101"},
        {"kind": "refused"},
        {"kind": "started", "code": "ZRF-502"},
        {"kind": "started", "detail": "LogMeIn"},
    ],
    ids=range(10),
)
async def test_an_app_that_says_anything_else_is_not_heard(
    technician: Person, client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    session = await prepare(technician)
    answer = await client.post(f"/api/v1/public/sessions/{session['number']}/app", json=body)
    assert answer.status_code in (400, 422)
    progress = (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()["progress"]
    assert (progress["refusal"], progress["app_started_at"]) == (None, None)


async def test_parallel_events_of_one_session_are_taken_one_after_the_other(
    technician: Person, new_client: NewClient
) -> None:
    session = await prepare(technician)
    public = f"/api/v1/public/sessions/{session['number']}"
    posts = [new_client().post(f"{public}/opened") for _ in range(5)]
    posts += [technician.client.post(f"/api/v1/sessions/{session['id']}/end") for _ in range(5)]
    posts += [new_client().post(f"{public}/app", json={"kind": "started"}) for _ in range(5)]
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} <= {200, 204}
    assert (await technician.client.get(f"/api/v1/sessions/{session['id']}")).json()["end_reason"] == "cancelled"


async def test_a_refusal_is_audited_once_a_code_and_only_codes_that_exist_are_taken(
    technician: Person, database: Database
) -> None:
    made = (
        await technician.client.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})
    ).json()
    path = f"/api/v1/public/sessions/{made['number']}/app"
    for code in ("ZRF-501", "ZRF-502") * 3:
        answer = await technician.client.post(path, json={"kind": "refused", "code": code})
        assert answer.status_code == 204
    assert (await technician.client.post(path, json={"kind": "refused", "code": "ZRF-599"})).status_code >= 400
    async with database.reading() as db:
        page = await audit.page(db, technician.company.id, before=None, limit=100)
    assert [record.event for record in page].count(AuditEvent.APP_REFUSED.value) == 2
