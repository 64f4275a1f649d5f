"""Who may read the log, and what they get."""

import json

from fastapi import FastAPI

from tests.support.server import ManualClock
from tests.unit.server.conftest import NewCompany, NewPerson, Person
from zuruf.server.adapters.embedded import Adapters
from zuruf.server.app import create_app
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.settings import Settings
from zuruf.server.users.service import Role


async def test_an_administrator_reads_who_did_what(administrator: Person) -> None:
    (entry,) = (await administrator.client.get("/api/v1/audit")).json()["items"]
    assert (entry["seq"], entry["event"], entry["actor"]) == (1, "auth.signed_in", administrator.user.id)
    assert entry["actor_name"] == "Ada Amtlich"
    assert entry["details"]["address"] == "127.0.0.1"


async def test_a_technician_reads_nothing(technician: Person) -> None:
    for path in ("/api/v1/audit", "/api/v1/audit/head"):
        answer = await technician.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "ZRF-104")


async def test_pages_go_back_in_time(administrator: Person, technician: Person) -> None:
    newest = (await administrator.client.get("/api/v1/audit?limit=1")).json()["items"]
    older = (await administrator.client.get(f"/api/v1/audit?before={newest[0]['seq']}")).json()["items"]
    assert [entry["seq"] for entry in newest + older] == [2, 1]


async def test_no_company_sees_anothers_log(
    administrator: Person, new_company: NewCompany, new_person: NewPerson
) -> None:
    other = await new_person(await new_company("Andere AG"), email="x@andere.test", role=Role.ADMINISTRATOR)
    (entry,) = (await other.client.get("/api/v1/audit")).json()["items"]
    assert entry["actor"] == other.user.id


async def test_the_head_is_that_of_the_newest_entry(administrator: Person, app: FastAPI) -> None:
    head = (await administrator.client.get("/api/v1/audit/head")).json()
    async with app.state.context.database.reading() as db:
        seq, digest = await audit.head(db, administrator.company.id)
    assert head == {"seq": seq, "hash": digest.hex()}


async def test_stopping_the_server_exports_the_heads(
    settings: Settings, adapters: Adapters, database: Database, company: CompanyView, clock: ManualClock
) -> None:
    application = create_app(settings, adapters)
    async with application.router.lifespan_context(application):
        await clock.until_sleeping(3)  # the two workers, and the export that has just been made
        async with database.transaction() as db:
            await audit.record(db, company_id=company.id, event=AuditEvent.SIGNED_IN, actor="system", now=clock.now())
            seq, digest = await audit.head(db, company.id)
    assert json.loads(settings.audit_heads_file.read_text())[company.id] == [seq, digest.hex()]
