"""REST: the company's audit log, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.auth.dependencies import CurrentPrincipal
from zuruf.server.auth.service import Principal
from zuruf.server.errors import Forbidden
from zuruf.server.users.service import Role

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


class EntryOut(BaseModel):
    """One entry; ``details`` is null once erased."""

    seq: int
    at: datetime
    event: str
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


@router.get("")
async def page(
    request: Request,
    principal: CurrentPrincipal,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PageOut:
    """Return a page of the log."""
    company_id = _administrator(principal)
    async with request.app.state.context.database.transaction() as db:
        found = await audit.page(db, company_id, before=before, limit=limit)
    return PageOut(items=[EntryOut(seq=r.seq, at=r.at, event=r.event, details=r.payload) for r in found])


@router.get("/head")
async def head(request: Request, principal: CurrentPrincipal) -> HeadOut:
    """Return the head of the chain."""
    company_id = _administrator(principal)
    async with request.app.state.context.database.transaction() as db:
        seq, digest = await audit.head(db, company_id)
    return HeadOut(seq=seq, hash=digest.hex())
