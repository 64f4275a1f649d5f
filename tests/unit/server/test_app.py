"""The composition root joins parts that answer."""

import httpx

from tests.unit.server.conftest import LiveServer, Person


async def test_health_says_ok(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_live_server_answers_over_a_socket(live_server: LiveServer) -> None:
    async with httpx.AsyncClient(base_url=live_server.url) as client:
        assert (await client.get("/api/v1/health")).status_code == 200


async def test_me_tells_who_is_signed_in(technician: Person) -> None:
    me = (await technician.client.get("/api/v1/auth/me")).json()
    assert (me["user"]["name"], me["company"]["plan"]) == ("Tina Technik", "plus")
    assert me["entitlements"] == ["dashboard", "file_manager", "remote_control"]
