"""A session as the console sees it (JSON of the API). Read only."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.server.invitations import service as invitations
from zuruf.server.sessions.models import Connection, Session
from zuruf.server.sessions.store import data_of
from zuruf.server.users import service as users


class OwnerOut(BaseModel):
    """Whose session it is."""

    id: str
    name: str


class ConnectionOut(BaseModel):
    """A connection that is open now."""

    id: str
    tool: str
    since: datetime


class RefusalOut(BaseModel):
    """Why the app did not go on, as it said itself. ``detail``: what it found, unverified; to be shown as text."""

    code: str
    detail: str
    at: datetime


class ProgressOut(BaseModel):
    """What the customer has done so far."""

    mail_state: str
    mail_answer: str
    link_opened_at: datetime | None
    app_started_at: datetime | None
    code_entered_at: datetime | None
    refusal: RefusalOut | None


class CodeOut(BaseModel):
    """Whether a security code may be typed. The code itself is known to the technician's browser only."""

    alive: bool
    expires_at: datetime | None
    tries_left: int


class HostOut(BaseModel):
    """The customer's PC, as it describes itself."""

    hostname: str
    system: str
    app_version: str


class SessionOut(BaseModel):
    """Everything the console shows of a session."""

    id: str
    number: str
    state: str
    customer_email: str
    locale: str
    note: str
    owner: OwnerOut
    prepared_at: datetime
    link_expires_at: datetime
    activated_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    host_online: bool
    connections: list[ConnectionOut]
    removal: str
    progress: ProgressOut
    code: CodeOut
    host: HostOut | None
    link: str
    duration_s: int


async def view_all(db: AsyncSession, rows: list[Session], now: datetime) -> list[SessionOut]:
    """Return the views of these sessions, in order."""
    ids = [row.id for row in rows]
    mails = await invitations.states(db, ids)
    owners = await users.names(db, {row.user_id for row in rows})
    open_now: dict[str, list[ConnectionOut]] = {}
    query = select(Connection).where(
        Connection.session_id.in_(ids), Connection.opened_at.is_not(None), Connection.closed_at.is_(None)
    )
    for connection in await db.scalars(query):
        assert connection.opened_at is not None
        open_now.setdefault(connection.session_id, []).append(
            ConnectionOut(id=connection.id, tool=connection.tool, since=connection.opened_at)
        )
    return [_view(row, now, mails[row.id], owners[row.user_id], open_now.get(row.id, [])) for row in rows]


async def view(db: AsyncSession, row: Session, now: datetime) -> SessionOut:
    """Return one view."""
    return (await view_all(db, [row], now))[0]


def _view(
    row: Session,
    now: datetime,
    mail: tuple[invitations.InvitationState, str, str],
    owner: str,
    connections: list[ConnectionOut],
) -> SessionOut:
    assert row.prepared_at is not None
    assert row.link_expires_at is not None
    alive = data_of(row).code_alive(now)
    refusal = None
    if row.refusal_code is not None and row.refusal_at is not None:
        refusal = RefusalOut(code=row.refusal_code, detail=row.refusal_detail or "", at=row.refusal_at)
    host = None
    if row.hostname is not None:
        host = HostOut(hostname=row.hostname, system=row.system or "", app_version=row.app_version or "")
    return SessionOut(
        id=row.id,
        number=row.number,
        state=row.state,
        customer_email=row.customer_email,
        locale=row.locale,
        note=row.note,
        owner=OwnerOut(id=row.user_id, name=owner),
        prepared_at=row.prepared_at,
        link_expires_at=row.link_expires_at,
        activated_at=row.activated_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        host_online=row.host_online,
        connections=connections,
        removal=row.removal,
        progress=ProgressOut(
            mail_state=mail[0].value,
            mail_answer=mail[1],
            link_opened_at=row.link_opened_at,
            app_started_at=row.app_started_at,
            code_entered_at=row.code_entered_at,
            refusal=refusal,
        ),
        code=CodeOut(
            alive=alive,
            expires_at=row.code_expires_at if alive else None,
            tries_left=row.code_tries_left if alive else 0,
        ),
        host=host,
        link=mail[2],
        duration_s=row.duration_s,
    )
