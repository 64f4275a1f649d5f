"""Signing in and out, how long a web session lasts, and what is refused."""

import asyncio
import hashlib
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select, update

from tests.support.server import ManualClock
from tests.unit.server.conftest import ORIGIN, PASSWORD, NewClient, NewUser, Person
from zuruf.server.audit import service as audit
from zuruf.server.auth import service as auth
from zuruf.server.auth.limits import RULES, RateLimits
from zuruf.server.auth.models import WebSession
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.errors import TooMany, Unauthenticated
from zuruf.server.users import service as users
from zuruf.server.users.models import User

_ME = "/api/v1/auth/me"
_SIGN_IN = "/api/v1/auth/sign-in"
_EMAIL = "tina@hilfe.test"


async def _sign_in(client: httpx.AsyncClient, email: str = _EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await client.post(_SIGN_IN, json={"email": email, "password": password})


async def test_the_cookie_is_closed_to_scripts_and_other_sites(
    company: CompanyView, new_user: NewUser, client: httpx.AsyncClient
) -> None:
    await new_user(company)
    cookie = (await _sign_in(client)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # this server is not on https


async def test_only_the_hash_of_the_token_is_stored(technician: Person, database: Database) -> None:
    token = technician.client.cookies["zuruf_session"]
    async with database.reading() as db:
        (stored,) = await db.scalars(select(WebSession.token_hash))
    assert len(token) >= 43
    assert stored == hashlib.sha256(token.encode()).digest()


async def test_the_address_may_be_written_in_capitals(
    company: CompanyView, new_user: NewUser, client: httpx.AsyncClient
) -> None:
    await new_user(company)
    assert (await _sign_in(client, email=" TINA@Hilfe.test ")).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [(_EMAIL, "a wrong password"), ("nobody@hilfe.test", PASSWORD), ("no address", PASSWORD), (_EMAIL, "")],
)
async def test_wrong_credentials_look_alike(
    email: str, password: str, company: CompanyView, new_user: NewUser, client: httpx.AsyncClient
) -> None:
    await new_user(company)
    answer = await _sign_in(client, email, password)
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]) == (401, "ZRF-102", {})
    assert "set-cookie" not in answer.headers


async def test_a_disabled_user_can_neither_sign_in_nor_go_on(
    technician: Person, new_client: NewClient, database: Database, clock: ManualClock
) -> None:
    async with database.transaction() as db:
        await db.execute(update(User).values(disabled_at=clock.now()))
    assert (await _sign_in(new_client())).status_code == 401
    assert (await technician.client.get(_ME)).status_code == 401


async def test_without_a_cookie_nobody_is_signed_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(_ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "ZRF-101")


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 5000])
async def test_an_invented_token_opens_nothing(token: str, client: httpx.AsyncClient) -> None:
    client.cookies.set("zuruf_session", token)
    assert (await client.get(_ME)).status_code == 401


async def test_signing_out_ends_the_web_session_for_every_holder_of_the_token(
    technician: Person, client: httpx.AsyncClient
) -> None:
    client.cookies.set("zuruf_session", technician.client.cookies["zuruf_session"])
    assert (await client.get(_ME)).status_code == 200
    assert (await technician.client.post("/api/v1/auth/sign-out")).status_code == 204
    assert (await client.get(_ME)).status_code == 401


async def test_signing_in_again_ends_the_web_session_before(technician: Person, client: httpx.AsyncClient) -> None:
    before = technician.client.cookies["zuruf_session"]
    await _sign_in(technician.client)
    client.cookies.set("zuruf_session", before)
    assert technician.client.cookies["zuruf_session"] != before
    assert (await client.get(_ME)).status_code == 401
    assert (await technician.client.get(_ME)).status_code == 200


async def test_a_web_session_ends_after_idling(technician: Person, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=4))
    assert (await technician.client.get(_ME)).status_code == 401


async def test_requests_keep_a_web_session_alive_but_not_beyond_its_lifetime(
    technician: Person, clock: ManualClock
) -> None:
    answers = []
    for _ in range(4):
        clock.advance(timedelta(hours=3))
        answers.append((await technician.client.get(_ME)).status_code)
    assert answers == [200, 200, 200, 401]


async def test_being_streamed_to_keeps_no_web_session_alive(
    technician: Person, app: FastAPI, clock: ManualClock
) -> None:
    service = app.state.context.auth
    principal = await service.authenticate(technician.client.cookies["zuruf_session"])
    for valid in (True, True, False):
        clock.advance(timedelta(hours=1, minutes=20))
        assert await service.still_valid(principal) is valid


async def test_ending_all_of_a_users_web_sessions_leaves_the_others(
    technician: Person, administrator: Person, database: Database
) -> None:
    async with database.transaction() as db:
        await auth.end_all(db, technician.user.id)
    assert (await technician.client.get(_ME)).status_code == 401
    assert (await administrator.client.get(_ME)).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.test", ORIGIN + ".evil.test", ORIGIN + "/", ORIGIN.upper()]
)
async def test_a_changing_request_from_elsewhere_is_refused(origin: str | None, technician: Person) -> None:
    del technician.client.headers["Origin"]
    headers = {} if origin is None else {"Origin": origin}
    answer = await technician.client.post("/api/v1/auth/sign-out", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "ZRF-105")
    assert (await technician.client.get(_ME)).status_code == 200


async def test_every_changing_route_of_the_console_checks_the_origin(app: FastAPI, technician: Person) -> None:
    del technician.client.headers["Origin"]
    checked = []
    for path, operations in app.openapi()["paths"].items():
        for method in operations.keys() - {"get", "head"}:
            if path.startswith("/api/v1/public/"):
                continue
            url = path.replace("{session_id}", "0" * 36)
            answer = await technician.client.request(method, url, json={})
            assert answer.json()["code"] == "ZRF-105", path
            checked.append(path)
    assert len(checked) >= 9


async def test_guessing_at_an_account_is_slowed_down_also_for_the_right_password(
    company: CompanyView, new_user: NewUser, client: httpx.AsyncClient
) -> None:
    await new_user(company)
    codes = [(await _sign_in(client, password="wrong")).json()["code"] for _ in range(11)]
    assert codes == ["ZRF-102"] * 10 + ["ZRF-103"]
    answer = await _sign_in(client)
    assert answer.status_code == 429
    assert 0 < answer.json()["params"]["retry_after_s"] <= 300
    assert answer.headers["retry-after"] == str(answer.json()["params"]["retry_after_s"])


async def test_guessing_at_many_accounts_from_one_address_is_slowed_down(client: httpx.AsyncClient) -> None:
    codes = [(await _sign_in(client, email=f"not an address {n}")).json()["code"] for n in range(31)]
    assert codes == ["ZRF-102"] * 30 + ["ZRF-103"]


async def test_a_success_clears_the_count_of_the_account(
    company: CompanyView, new_user: NewUser, client: httpx.AsyncClient
) -> None:
    await new_user(company)
    for _ in range(2):
        for _ in range(7):
            assert (await _sign_in(client, password="wrong")).status_code == 401
        assert (await _sign_in(client)).status_code == 200


async def test_signing_in_failing_and_signing_out_are_audited(
    technician: Person, client: httpx.AsyncClient, database: Database
) -> None:
    await _sign_in(client, password="wrong")
    await technician.client.post("/api/v1/auth/sign-out")
    async with database.reading() as db:
        page = await audit.page(db, technician.company.id, before=None, limit=10)
    assert [record.event for record in page] == ["auth.signed_out", "auth.sign_in_failed", "auth.signed_in"]
    assert {record.payload["actor"] for record in page if record.payload} == {technician.user.id}


async def test_a_password_hashed_with_weaker_parameters_is_hashed_anew_at_sign_in(
    company: CompanyView, new_user: NewUser, client: httpx.AsyncClient, database: Database
) -> None:
    await new_user(company)
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    async with database.transaction() as db:
        await db.execute(update(User).values(password_hash=weak))
    assert (await _sign_in(client)).status_code == 200
    async with database.reading() as db:
        stored = await db.scalar(select(User.password_hash))
    assert stored is not None
    assert not PasswordHasher().check_needs_rehash(stored)
    assert (await _sign_in(client)).status_code == 200


class _ToldWhenVerified(RateLimits):
    """The count of an account is cleared right after its password was found to fit."""

    def __init__(self) -> None:
        super().__init__()
        self.verified = asyncio.Event()

    def clear(self, rule: str, key: str) -> None:
        super().clear(rule, key)
        self.verified.set()


def _service(database: Database, clock: ManualClock, limits: RateLimits) -> auth.AuthService:
    return auth.AuthService(database, clock, limits, lifetime=timedelta(hours=1), idle=timedelta(hours=1))


async def test_a_password_that_is_changed_during_the_sign_in_no_longer_signs_in(
    database: Database, clock: ManualClock, company: CompanyView, new_user: NewUser
) -> None:
    user = await new_user(company)
    limits = _ToldWhenVerified()
    async with asyncio.timeout(20):
        async with database.transaction() as db:
            await users.set_password(db, _EMAIL, "another password of twelve")
            await db.flush()
            signing_in = asyncio.create_task(_service(database, clock, limits).sign_in(_EMAIL, PASSWORD, "192.0.2.7"))
            await limits.verified.wait()
            await auth.end_all(db, user.id)
        with pytest.raises(Unauthenticated):
            await signing_in
    async with database.reading() as db:
        assert list(await db.scalars(select(WebSession.token_hash))) == []


async def test_a_stranger_elsewhere_locks_nobody_out_but_cannot_guess_for_ever(
    database: Database, clock: ManualClock, company: CompanyView, new_user: NewUser
) -> None:
    await new_user(company)
    service = _service(database, clock, RateLimits({**RULES, "sign_in_account_everywhere": "12/minute"}))
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            await service.sign_in(_EMAIL, "wrong", "192.0.2.7")
    with pytest.raises(TooMany):
        await service.sign_in(_EMAIL, "wrong", "192.0.2.7")
    await service.sign_in(_EMAIL, PASSWORD, "2001:db8::1")
    await service.sign_in(_EMAIL, PASSWORD, "2001:db8::2")
    with pytest.raises(TooMany):
        await service.sign_in(_EMAIL, PASSWORD, "2001:db8:1::")
