"""The limits hold under parallel requests, on both databases."""

import asyncio
from datetime import timedelta

import httpx

from tests.support.server import ManualClock
from tests.unit.server.conftest import PASSWORD, NewPerson, Person
from zuruf.server.app import Context
from zuruf.server.companies import service as companies
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database


async def prepare(person: Person) -> httpx.Response:
    return await person.client.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})


async def limits(database: Database, company: CompanyView, *, per_user: int, per_company: int) -> None:
    async with database.transaction() as db:
        await companies.set_limits(db, company.id, per_user=per_user, per_company=per_company)


async def test_twenty_requests_of_one_user_at_once_make_one_session(technician: Person) -> None:
    answers = await asyncio.gather(*(prepare(technician) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"ZRF-202"}


async def test_many_users_of_a_company_at_once_make_five_sessions(company: CompanyView, new_person: NewPerson) -> None:
    people = [await new_person(company, email=f"t{number}@hilfe.test") for number in range(10)]
    answers = await asyncio.gather(*(prepare(person) for person in people for _ in range(2)))
    assert [answer.status_code for answer in answers].count(201) == 5
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert {answer["code"] for answer in refused} == {"ZRF-202", "ZRF-203"}
    assert {answer["params"]["limit"] for answer in refused if answer["code"] == "ZRF-203"} == {5}


async def test_the_end_gives_the_place_back(technician: Person) -> None:
    first = (await prepare(technician)).json()
    assert (await prepare(technician)).status_code == 409
    await technician.client.post(f"/api/v1/sessions/{first['id']}/end")
    assert (await prepare(technician)).status_code == 201


async def test_a_lapsed_link_gives_the_place_back(technician: Person, context: Context, clock: ManualClock) -> None:
    first = (await prepare(technician)).json()
    clock.advance(timedelta(hours=24))
    await context.sessions.timer({"session_id": first["id"], "timer": "link"}, 1)
    signed_in = {"email": technician.user.email, "password": PASSWORD}
    await technician.client.post("/api/v1/auth/sign-in", json=signed_in)
    assert (await prepare(technician)).status_code == 201


async def test_a_higher_limit_makes_room(technician: Person, database: Database, company: CompanyView) -> None:
    await prepare(technician)
    await limits(database, company, per_user=2, per_company=5)
    assert [(await prepare(technician)).status_code for _ in range(2)] == [201, 409]


async def test_a_lower_limit_ends_nothing_and_admits_nothing_new(
    technician: Person, database: Database, company: CompanyView
) -> None:
    await limits(database, company, per_user=3, per_company=5)
    made = [(await prepare(technician)).json() for _ in range(3)]
    await limits(database, company, per_user=1, per_company=1)
    open_now = (await technician.client.get("/api/v1/sessions")).json()["items"]
    assert {item["id"] for item in open_now} == {item["id"] for item in made}
    for item in made[:2]:
        await technician.client.post(f"/api/v1/sessions/{item['id']}/end")
        assert (await prepare(technician)).status_code == 409
    await technician.client.post(f"/api/v1/sessions/{made[2]['id']}/end")
    assert (await prepare(technician)).status_code == 201


async def test_ends_and_beginnings_at_once_leave_no_place_lost(company: CompanyView, new_person: NewPerson) -> None:
    people = [await new_person(company, email=f"t{number}@hilfe.test") for number in range(5)]

    async def churn(person: Person) -> None:
        for _ in range(4):
            made = await prepare(person)
            assert made.status_code == 201, made.text
            ended = await person.client.post(f"/api/v1/sessions/{made.json()['id']}/end")
            assert ended.json()["state"] == "ended"

    await asyncio.gather(*(churn(person) for person in people))
    answers = await asyncio.gather(*(prepare(person) for person in people))
    assert [answer.status_code for answer in answers] == [201] * 5
