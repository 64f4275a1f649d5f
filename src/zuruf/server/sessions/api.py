"""REST for the console: sessions, invitations, codes, tickets, connections. Live updates: see ``live.py``."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Literal, NoReturn

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from zuruf.protocol.codes import Code
from zuruf.server.auth.dependencies import CurrentPrincipal, SameOrigin
from zuruf.server.errors import ServerError
from zuruf.server.invitations.service import InvitationView
from zuruf.server.plans.policy import Tool
from zuruf.server.sessions.connections import ConnectionService
from zuruf.server.sessions.receipt import ReceiptFacts
from zuruf.server.sessions.receipt import read as read_receipt
from zuruf.server.sessions.service import SessionService
from zuruf.server.sessions.views import SessionOut

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])

SessionId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Locale = Literal["de", "en"]


RECEIPT_SIGNED = "Ed25519 over lv_cat('zuruf report', '1', session_id, 'removed', detail); see docs/protocol.md"


class SessionList(BaseModel):
    """A page of sessions."""

    items: list[SessionOut]


class PrepareIn(BaseModel):
    """A new session. There is no password here, and there never is."""

    customer_email: Annotated[str, Field(max_length=254)]
    locale: Locale
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


class InvitationOut(BaseModel):
    """The invitation's mail and what became of it."""

    state: str
    recipient: str
    attempts: int
    answer: str
    link: str
    subject: str
    text: str
    local_outbox: bool


class CodeIssuedOut(BaseModel):
    """A code is alive."""

    expires_at: datetime
    tries_left: int


class TicketOut(BaseModel):
    """Admission to a socket, base64url."""

    ticket: str


class ActivationIn(BaseModel):
    """The host's public key that the browser has verified, base64url."""

    run_id: SessionId
    host_key: Annotated[str, Field(min_length=43, max_length=44)]


class ConnectIn(BaseModel):
    """Which tool."""

    tool: Tool


class ConnectionTicketOut(BaseModel):
    """Where the viewer dials and with what; ``session_id`` and ``host_key`` go into the handshake."""

    connection_id: str
    session_id: str
    session_number: str
    ticket: str
    relay_url: str
    epoch: int
    host_key: str


class ReceiptOut(BaseModel):
    """A removal receipt as the host signed it, and what is needed to verify it; binary values are base64url.

    ``facts`` is ``detail`` as read for people, null where it cannot be read.
    """

    session_id: str
    number: str
    detail: str
    signature: str
    host_key: str
    signed: str = RECEIPT_SIGNED
    facts: ReceiptFacts | None


def _service(request: Request) -> SessionService:
    service: SessionService = request.app.state.context.sessions
    return service


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC. Raises ServerError where it has no zone, or leaves the calendar on the way there."""
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo is not None else _bad("before")
    except OverflowError:
        return _bad("before")


def _bad(field: str) -> NoReturn:
    raise ServerError(Code.BAD_INPUT, field=field)


def _bytes(text: str, length: int) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ServerError(Code.BAD_INPUT, field="host_key") from error
    if len(data) != length:
        raise ServerError(Code.BAD_INPUT, field="host_key")
    return data


def _invitation(request: Request, found: InvitationView) -> InvitationOut:
    return InvitationOut(
        state=found.state.value,
        recipient=found.recipient,
        attempts=found.attempts,
        answer=found.answer,
        link=found.link,
        subject=found.text.subject,
        text=found.text.text,
        local_outbox=request.app.state.context.adapters.mailer.local_outbox,
    )


@router.get("")
async def list_sessions(
    request: Request,
    principal: CurrentPrincipal,
    scope: Literal["open", "history"] = "open",
    before: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SessionList:
    """Return the company's open sessions, or its history."""
    if scope == "open":
        return SessionList(items=await _service(request).list_open(principal))
    return SessionList(items=await _service(request).list_history(principal, _utc(before), limit))


@router.post("", status_code=201, dependencies=[SameOrigin])
async def prepare(request: Request, principal: CurrentPrincipal, body: PrepareIn) -> SessionOut:
    """Prepare a session and send the invitation."""
    return await _service(request).prepare(
        principal, customer_email=body.customer_email, locale=body.locale, note=body.note
    )


@router.get("/{session_id}")
async def get_session(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> SessionOut:
    """Return one session."""
    return await _service(request).get(principal, session_id)


@router.get("/{session_id}/receipt")
async def receipt(
    request: Request, response: Response, principal: CurrentPrincipal, session_id: SessionId
) -> ReceiptOut:
    """Return the removal receipt, as a file to keep."""
    found = await _service(request).receipt(principal, session_id)
    name = f"Zuruf-{found.number}-removal-receipt.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return ReceiptOut(
        session_id=found.session_id,
        number=found.number,
        detail=found.detail,
        signature=_text(found.signature),
        host_key=_text(found.host_key),
        facts=read_receipt(found.detail),
    )


@router.post("/{session_id}/end", dependencies=[SameOrigin])
async def end(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> SessionOut:
    """End or cancel a session."""
    return await _service(request).end(principal, session_id)


@router.get("/{session_id}/invitation")
async def invitation(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> InvitationOut:
    """Return the invitation."""
    return _invitation(request, await _service(request).invitation(principal, session_id))


@router.post("/{session_id}/invitation/resend", dependencies=[SameOrigin])
async def resend(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> InvitationOut:
    """Send the invitation once more."""
    context = request.app.state.context
    context.limits.hit("resend_session", session_id)
    found = await _service(request).resend(principal, session_id)
    return _invitation(request, found)


@router.post("/{session_id}/code", dependencies=[SameOrigin])
async def issue_code(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> CodeIssuedOut:
    """Say that a new code is alive. Which one stays in the browser."""
    found = await _service(request).issue_code(principal, session_id)
    assert found.code.expires_at is not None
    return CodeIssuedOut(expires_at=found.code.expires_at, tries_left=found.code.tries_left)


@router.post("/{session_id}/pairing-ticket", dependencies=[SameOrigin])
async def pairing_ticket(request: Request, principal: CurrentPrincipal, session_id: SessionId) -> TicketOut:
    """Return a ticket for the pairing socket."""
    return TicketOut(ticket=_text(await _service(request).pairing_ticket(principal, session_id)))


@router.post("/{session_id}/activation", dependencies=[SameOrigin])
async def activate(
    request: Request, principal: CurrentPrincipal, session_id: SessionId, body: ActivationIn
) -> SessionOut:
    """Register the host's key."""
    return await _service(request).register_key(principal, session_id, body.run_id, _bytes(body.host_key, 32))


@router.post("/{session_id}/connections", dependencies=[SameOrigin])
async def connect(
    request: Request, principal: CurrentPrincipal, session_id: SessionId, body: ConnectIn
) -> ConnectionTicketOut:
    """Open a connection."""
    connections: ConnectionService = request.app.state.context.connections
    found = await connections.connect(principal, session_id, body.tool)
    return ConnectionTicketOut(
        connection_id=found.connection_id,
        session_id=found.session_id,
        session_number=found.session_number,
        ticket=_text(found.ticket),
        relay_url=found.relay_url,
        epoch=found.epoch,
        host_key=_text(found.host_key),
    )
