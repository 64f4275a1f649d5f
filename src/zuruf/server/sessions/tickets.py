"""Tickets: short-lived, one-use admission to a socket. The raw value leaves this module once and is never stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.limits import TICKET_LENGTH, TICKET_LIFETIME_S
from zuruf.server.sessions.models import Ticket

LIFETIME = timedelta(seconds=TICKET_LIFETIME_S)


class TicketRole(StrEnum):
    """Which socket, and which end of it."""

    PAIRING = "pairing"
    VIEWER = "viewer"
    HOST = "host"


@dataclass(frozen=True)
class Admission:
    """What a ticket that was taken admits to."""

    role: TicketRole
    session_id: str
    user_id: str
    connection_id: str | None


def _hash(ticket: bytes) -> bytes:
    return hashlib.sha256(ticket).digest()


async def issue(db: AsyncSession, admission: Admission, now: datetime) -> bytes:
    """Return a fresh ticket of 32 bytes."""
    ticket = secrets.token_bytes(TICKET_LENGTH)
    await db.execute(delete(Ticket).where(Ticket.expires_at <= now))
    db.add(
        Ticket(
            hash=_hash(ticket),
            role=admission.role.value,
            session_id=admission.session_id,
            user_id=admission.user_id,
            connection_id=admission.connection_id,
            expires_at=now + LIFETIME,
        )
    )
    await db.flush()
    return ticket


async def known(db: AsyncSession, ticket: bytes, role: TicketRole, now: datetime) -> bool:
    """Say whether ``consume`` may have something to take; takes nothing."""
    found = await db.get(Ticket, _hash(ticket))
    return found is not None and found.role == role.value and found.expires_at > now


async def consume(db: AsyncSession, ticket: bytes, role: TicketRole, now: datetime) -> Admission | None:
    """Take the ticket, once; None for a used, unknown or lapsed one, or one for another role."""
    digest = _hash(ticket)
    found = await db.get(Ticket, digest)
    if found is None or found.role != role.value or found.expires_at <= now:
        return None
    admission = Admission(role, found.session_id, found.user_id, found.connection_id)
    db.expunge(found)
    result = await db.execute(delete(Ticket).where(Ticket.hash == digest))
    return admission if getattr(result, "rowcount", 0) == 1 else None


async def void_host(db: AsyncSession, connection_id: str) -> bool:
    """Void the host's ticket of a connection; False where it has been used."""
    unused = delete(Ticket).where(Ticket.connection_id == connection_id, Ticket.role == TicketRole.HOST.value)
    return bool(getattr(await db.execute(unused), "rowcount", 0))


async def void(db: AsyncSession, session_id: str) -> None:
    """Void every ticket of a session."""
    await db.execute(delete(Ticket).where(Ticket.session_id == session_id))
