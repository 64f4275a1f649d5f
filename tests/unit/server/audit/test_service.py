"""The log as it stands in the database."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from tests.support.server import ManualClock
from tests.unit.server.conftest import NewCompany
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database


async def _record(database: Database, company: CompanyView, clock: ManualClock, number: int = 0, **more: str) -> None:
    async with database.transaction() as db:
        await audit.record(
            db, company_id=company.id, event=AuditEvent.SIGNED_IN, actor="system", now=clock.now(),
            details={"n": number}, **more,
        )  # fmt: skip


async def _findings(database: Database, company: CompanyView, exported: tuple[int, bytes] | None = None) -> list[str]:
    async with database.transaction() as db:
        return [finding.problem for finding in await audit.verify_company(db, company.id, exported)]


async def _run(database: Database, statement: str) -> int:
    async with database.transaction() as db:
        return (await db.execute(text(statement))).rowcount


async def test_parallel_appends_make_one_sound_chain(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    await asyncio.gather(*(_record(database, company, clock, n) for n in range(12)))
    async with database.reading() as db:
        page = await audit.page(db, company.id, before=None, limit=100)
    assert [record.seq for record in page] == list(range(12, 0, -1))
    assert {record.payload["n"] for record in page if record.payload} == set(range(12))
    assert await _findings(database, company) == []


async def test_an_append_after_reading_the_head_follows_the_newest_link(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    async with database.transaction() as db:
        await audit.head(db, company.id)
        for _ in range(2):
            await audit.record(db, company_id=company.id, event=AuditEvent.SIGNED_IN, actor="system", now=clock.now())
    assert await _findings(database, company) == []


async def test_an_entry_of_a_transaction_that_fails_was_never_there(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    try:
        async with database.transaction() as db:
            await audit.record(db, company_id=company.id, event=AuditEvent.SIGNED_IN, actor="system", now=clock.now())
            raise LookupError
    except LookupError:
        pass
    async with database.reading() as db:
        assert await audit.head(db, company.id) == (0, bytes(32))


async def test_details_cannot_speak_for_another_actor(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    async with database.transaction() as db:
        await audit.record(
            db, company_id=company.id, event=AuditEvent.SIGNED_IN, actor="host", now=clock.now(),
            details={"actor": "system", "session": "another"},
        )  # fmt: skip
        (record,) = await audit.page(db, company.id, before=None, limit=1)
    assert record.payload == {"actor": "host", "session": None}


async def test_erasing_a_session_takes_its_payloads_and_no_others(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    await _record(database, company, clock, 1, session_id="s1")
    await _record(database, company, clock, 2, session_id="s2")
    async with database.transaction() as db:
        erased = await audit.erase(db, company_id=company.id, session_id="s1", actor="system", now=clock.now())
    async with database.reading() as db:
        page = await audit.page(db, company.id, before=None, limit=10)
    assert erased == 1
    assert [record.event for record in page] == ["audit.payload_erased", "auth.signed_in", "auth.signed_in"]
    assert page[2].payload is None
    assert page[1].payload is not None
    assert await _findings(database, company) == []


async def test_erasing_reaches_into_no_other_company(
    database: Database, company: CompanyView, new_company: NewCompany, clock: ManualClock
) -> None:
    other = await new_company("Andere AG")
    await _record(database, company, clock, 1, session_id="s1")
    async with database.transaction() as db:
        assert await audit.erase(db, company_id=other.id, session_id="s1", actor="system", now=clock.now()) == 0
        (record,) = await audit.page(db, company.id, before=None, limit=10)
    assert record.payload is not None


async def test_what_is_changed_in_the_database_is_found(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    for number in range(3):
        await _record(database, company, clock, number)
    assert await _run(database, "UPDATE audit_entries SET event = 'auth.signed_out' WHERE seq = 2") == 1
    assert await _findings(database, company) == ["was altered"]


async def test_a_changed_payload_is_found(database: Database, company: CompanyView, clock: ManualClock) -> None:
    await _record(database, company, clock)
    assert await _run(database, """UPDATE audit_payloads SET payload = '{"actor": "host"}'""") == 1
    assert await _findings(database, company) == ["payload was altered"]


async def test_a_tail_cut_with_the_head_moved_back_is_found_by_the_exported_head(
    database: Database, company: CompanyView, clock: ManualClock
) -> None:
    for number in range(3):
        await _record(database, company, clock, number)
    async with database.reading() as db:
        exported = await audit.head(db, company.id)
    await _run(database, "DELETE FROM audit_payloads WHERE entry_id IN (SELECT id FROM audit_entries WHERE seq = 3)")
    await _run(database, "DELETE FROM audit_entries WHERE seq = 3")
    await _run(database, "UPDATE audit_heads SET seq = 2, hash = (SELECT hash FROM audit_entries WHERE seq = 2)")
    assert await _findings(database, company) == []
    assert await _findings(database, company, exported) != []


async def test_an_export_goes_on_while_the_chain_holds_and_never_goes_back(
    database: Database, company: CompanyView, clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "heads.json"

    async def export() -> list[str]:
        async with database.reading() as db:
            heads, broken = await audit.heads_to_export(db, audit.read_heads(path))
        audit.write_heads(path, heads)
        return broken

    assert audit.read_heads(path) == {}
    for number in range(2):
        await _record(database, company, clock, number)
        assert await export() == []
        assert audit.read_heads(path)[company.id][0] == number + 1
    kept = audit.read_heads(path)
    await _run(database, "UPDATE audit_entries SET hash = previous WHERE seq = 2")
    assert await export() == [company.id]
    assert audit.read_heads(path) == kept


async def test_a_company_whose_chain_is_gone_is_reported(database: Database, tmp_path: Path) -> None:
    async with database.reading() as db:
        heads, broken = await audit.heads_to_export(db, {"gone": (4, bytes(32))})
    assert (heads, broken) == ({"gone": (4, bytes(32))}, ["gone"])
