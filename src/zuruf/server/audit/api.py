"""REST: the company's audit log, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.service import Record
from zuruf.server.auth.dependencies import CurrentPrincipal
from zuruf.server.auth.service import Principal
from zuruf.server.errors import Forbidden
from zuruf.server.users import service as users
from zuruf.server.users.service import Role

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


class EntryOut(BaseModel):
    """One entry; ``actor`` (a user's id, ``customer``, ``host`` or ``system``) and the rest are null once erased."""

    seq: int
    at: datetime
    event: str
    actor: str | None
    actor_name: str | None
    session_number: str | None
    details: dict[str, object] | None


class PageOut(BaseModel):
    """Entries, newest first."""

    items: list[EntryOut]


class HeadOut(BaseModel):
    """The newest link; keep it elsewhere, and a cut tail shows."""

    seq: int
    hash: str


def _administrator(principal: Principal) -> str:
    if principal.user.role is not Role.ADMINISTRATOR:
        raise Forbidden(Code.FORBIDDEN)
    return principal.company.id


def _entry(record: Record, names: dict[str, str]) -> EntryOut:
    if record.payload is None:
        return EntryOut(
            seq=record.seq, at=record.at, event=record.event,
            actor=None, actor_name=None, session_number=None, details=None,
        )  # fmt: skip
    actor, number = str(record.payload["actor"]), record.payload.get("number")
    return EntryOut(
        seq=record.seq,
        at=record.at,
        event=record.event,
        actor=actor,
        actor_name=names.get(actor),
        session_number=str(number) if number is not None else None,
        details={key: value for key, value in record.payload.items() if key not in ("actor", "number")},
    )


@router.get("")
async def page(
    request: Request,
    principal: CurrentPrincipal,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PageOut:
    """Return a page of the log."""
    company_id = _administrator(principal)
    async with request.app.state.context.database.reading() as db:
        found = await audit.page(db, company_id, before=before, limit=limit)
        names = await users.names(db, {str(record.payload["actor"]) for record in found if record.payload})
    return PageOut(items=[_entry(record, names) for record in found])


@router.get("/head")
async def head(request: Request, principal: CurrentPrincipal) -> HeadOut:
    """Return the head of the chain."""
    company_id = _administrator(principal)
    async with request.app.state.context.database.reading() as db:
        seq, digest = await audit.head(db, company_id)
    return HeadOut(seq=seq, hash=digest.hex())
