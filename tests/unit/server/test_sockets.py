"""What sockets without admission cost everyone else: little."""

import asyncio

import pytest
from sqlalchemy import update
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.unit.server.conftest import LiveServer, Person
from zuruf.server.app import Context
from zuruf.server.auth.limits import RULES
from zuruf.server.db import Database
from zuruf.server.sessions.models import Session
from zuruf.server.sessions.tickets import TicketRole

PATHS = ("/ws/console/pairing", "/ws/host/pairing", "/ws/host/control", "/ws/relay")


@pytest.mark.parametrize("path", PATHS)
async def test_an_address_that_opens_too_many_sockets_is_refused_before_any_is_accepted(
    live_server: LiveServer, path: str
) -> None:
    for _ in range(int(RULES["socket_address"].split("/")[0])):
        live_server.context.limits.hit("socket_address", "127.0.0.1")
    origin = live_server.url if "console" in path else None
    with pytest.raises(InvalidStatus) as refused:
        await connect(live_server.ws_url + path, origin=origin)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


async def test_reading_and_asking_without_a_ticket_wait_for_no_writer(
    context: Context, technician: Person, database: Database
) -> None:
    prepared = (
        await technician.client.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})
    ).json()
    sessions, session_id = context.sessions, prepared["id"]
    async with database.transaction() as writer, asyncio.timeout(10):
        await writer.execute(update(Session).values(note="held"))
        row = await sessions.row(session_id)
        by_number = await sessions.row_by_number(prepared["number"])
        assert row is not None
        assert by_number is not None
        assert row.number == by_number.number == prepared["number"]
        assert (await sessions.public_facts(prepared["number"])).open
        assert await sessions.company_view(technician.company.id, session_id) is not None
        assert (await technician.client.get(f"/api/v1/sessions/{session_id}")).status_code == 200
        assert (await technician.client.get(f"/api/v1/sessions/{session_id}/invitation")).status_code == 200
        for scope in ("open", "history"):
            assert (await technician.client.get("/api/v1/sessions", params={"scope": scope})).status_code == 200
        assert await sessions.count_open() == 1
        assert await context.connections.refusal("none") is None
        assert await sessions.admit(bytes(32), TicketRole.VIEWER) is None
