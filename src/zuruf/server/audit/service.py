"""Appending to the audit log, reading, erasing, verifying and exporting its head."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.server.audit.chain import GENESIS, Finding, Link, commit, link_hash, verify
from zuruf.server.audit.events import AuditEvent
from zuruf.server.audit.models import AuditEntry, AuditHead, AuditPayload


@dataclass(frozen=True)
class Record:
    """An entry for a reader; ``payload`` is None once erased."""

    seq: int
    at: datetime
    event: str
    payload: dict[str, object] | None


async def _locked_head(db: AsyncSession, company_id: str) -> AuditHead:
    # What this session has read before the lock may be stale by now.
    query = select(AuditHead).where(AuditHead.company_id == company_id).with_for_update()
    head = await db.scalar(query.execution_options(populate_existing=True))
    if head is None:
        raise LookupError(f"no audit chain for company {company_id}")
    return head


async def start_chain(db: AsyncSession, company_id: str) -> None:
    """Begin the chain of a new company; done in the transaction that creates it."""
    db.add(AuditHead(company_id=company_id, seq=0, hash=GENESIS))
    await db.flush()


async def record(
    db: AsyncSession,
    *,
    company_id: str,
    event: AuditEvent,
    actor: str,
    now: datetime,
    session_id: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one entry in the caller's transaction. ``actor`` is a user's id, ``customer``, ``host`` or ``system``."""
    head = await _locked_head(db, company_id)
    salt = secrets.token_bytes(32)
    content = {**(details or {}), "actor": actor, "session": session_id}
    payload = json.dumps(content, ensure_ascii=False, sort_keys=True)
    seq, commitment = head.seq + 1, commit(salt, payload)
    entry = AuditEntry(
        company_id=company_id,
        seq=seq,
        at=now,
        event=event.value,
        commitment=commitment,
        previous=head.hash,
        hash=link_hash(company_id, seq, now, event.value, commitment, head.hash),
    )
    db.add(entry)
    await db.flush()
    db.add(AuditPayload(entry_id=entry.id, salt=salt, session_id=session_id, payload=payload))
    head.seq, head.hash = seq, entry.hash
    await db.flush()


async def erase(db: AsyncSession, *, company_id: str, session_id: str, actor: str, now: datetime) -> int:
    """Delete the payloads of one session and return how many; the erasure itself is recorded without them."""
    ids = select(AuditEntry.id).where(AuditEntry.company_id == company_id)
    result = await db.execute(
        delete(AuditPayload).where(AuditPayload.session_id == session_id, AuditPayload.entry_id.in_(ids))
    )
    erased = int(getattr(result, "rowcount", 0))
    await record(
        db, company_id=company_id, event=AuditEvent.PAYLOAD_ERASED, actor=actor, now=now, details={"erased": erased}
    )
    return erased


async def page(db: AsyncSession, company_id: str, *, before: int | None, limit: int) -> list[Record]:
    """Return entries newest first, older than ``before`` where given."""
    query = (
        select(AuditEntry, AuditPayload.payload)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.company_id == company_id)
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    rows = (await db.execute(query)).all()
    return [Record(e.seq, e.at, e.event, json.loads(p) if p is not None else None) for e, p in rows]


async def head(db: AsyncSession, company_id: str) -> tuple[int, bytes]:
    """Return sequence number and hash of the newest entry."""
    found = await db.get(AuditHead, company_id)
    return (found.seq, found.hash) if found is not None else (0, GENESIS)


async def links(db: AsyncSession, company_id: str) -> list[Link]:
    """Return the whole chain of a company in order."""
    query = (
        select(AuditEntry, AuditPayload)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.company_id == company_id)
        .order_by(AuditEntry.seq)
    )
    return [
        Link(
            e.company_id,
            e.seq,
            e.at,
            e.event,
            e.commitment,
            e.previous,
            e.hash,
            p.salt if p is not None else None,
            p.payload if p is not None else None,
        )
        for e, p in (await db.execute(query)).all()
    ]


async def verify_company(db: AsyncSession, company_id: str, exported: tuple[int, bytes] | None) -> list[Finding]:
    """Return what is wrong with a company's chain, held against the database's and the exported head."""
    locked = await _locked_head(db, company_id)
    chain = await links(db, company_id)
    findings = verify(chain, (locked.seq, locked.hash))
    if exported is not None:
        findings += [finding for finding in verify(chain, exported) if finding not in findings]
    return findings


async def heads_to_export(
    db: AsyncSession, exported: dict[str, tuple[int, bytes]]
) -> tuple[dict[str, tuple[int, bytes]], list[str]]:
    """Return the heads to write over ``exported``, and the companies whose chain no longer holds its exported head.

    For those the old head stays: writing the new one would wipe out the only sign of a cut or rewritten tail.
    """
    heads, broken = dict(exported), []
    for company_id, newest in (await all_heads(db)).items():
        known = exported.get(company_id, (0, GENESIS))
        if known[0] and await _hash_at(db, company_id, known[0]) != known[1]:
            broken.append(company_id)
        else:
            heads[company_id] = newest
    return heads, broken + sorted(exported.keys() - (await all_heads(db)).keys())


async def _hash_at(db: AsyncSession, company_id: str, seq: int) -> bytes | None:
    return await db.scalar(select(AuditEntry.hash).where(AuditEntry.company_id == company_id, AuditEntry.seq == seq))


def write_heads(path: Path, heads: dict[str, tuple[int, bytes]]) -> None:
    """Write the heads to a file, replaced in one step, to be copied where the database's owner cannot reach."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps({key: [seq, digest.hex()] for key, (seq, digest) in heads.items()}, indent=1))
    temporary.replace(path)


def read_heads(path: Path) -> dict[str, tuple[int, bytes]]:
    """Read what ``write_heads`` wrote; empty where there is no file yet."""
    if not path.exists():
        return {}
    return {key: (int(seq), bytes.fromhex(digest)) for key, (seq, digest) in json.loads(path.read_text()).items()}


async def refusal_recorded(db: AsyncSession, session_id: str, code: str) -> bool:
    """Say whether this session's log already tells that the app refused with this code."""
    query = select(AuditPayload.payload).join(AuditEntry, AuditEntry.id == AuditPayload.entry_id)
    mine = query.where(AuditPayload.session_id == session_id, AuditEntry.event == AuditEvent.APP_REFUSED.value)
    return any(json.loads(payload).get("code") == code for payload in await db.scalars(mine))


async def all_heads(db: AsyncSession) -> dict[str, tuple[int, bytes]]:
    """Return every company's head."""
    return {row.company_id: (row.seq, row.hash) for row in await db.scalars(select(AuditHead))}
