"""What needs no sign-in: the customer's page and the app before pairing. Informational, rate-limited, ends nothing."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, Field

from zuruf.protocol.codes import Code
from zuruf.server.auth.dependencies import Address
from zuruf.server.auth.limits import network_of
from zuruf.server.downloads.api import DownloadOut, download_out
from zuruf.server.errors import ServerError
from zuruf.server.sessions import events as e

router = APIRouter(prefix="/api/v1/public/sessions", tags=["public"])

Number = Annotated[str, Field(pattern=r"^[0-9]{10}$")]


class PublicOut(BaseModel):
    """Who calls, and whether the session still waits."""

    session_id: str
    number: str
    company: str
    technician: str
    locale: str
    state: Literal["open", "ended"]
    link_expires_at: datetime
    download: DownloadOut | None
    minimum_app_version: str


REFUSALS = frozenset(code for code in Code if code.startswith("ZRF-5")) | {Code.APP_TOO_OLD}
"""What the app may give as the reason for not going on."""


def _refusal(code: Code) -> Code:
    if code not in REFUSALS:
        raise ValueError("not a refusal")
    return code


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable")
    return text


class AppEventIn(BaseModel):
    """What the app says of itself before pairing."""

    kind: Literal["started", "refused"]
    code: Annotated[Code, AfterValidator(_refusal)] | None = None
    detail: Annotated[str, Field(max_length=80), AfterValidator(_printable)] = ""
    """What it found, such as the name of the other host software. Anybody who knows the number can say anything."""


@router.get("/{number}")
async def facts(request: Request, number: Number, address: Address) -> PublicOut:
    """Return what the number tells. Changes nothing."""
    context = request.app.state.context
    context.limits.hit("public_address", network_of(address))
    found = await context.sessions.public_facts(number)
    return PublicOut(
        session_id=found.session_id,
        number=found.number,
        company=found.company,
        technician=found.technician,
        locale=found.locale,
        state="open" if found.open else "ended",
        link_expires_at=found.link_expires_at,
        download=download_out(await context.downloads.current(), found.number) if found.open else None,
        minimum_app_version=context.settings.minimum_app_version,
    )


@router.post("/{number}/opened", status_code=204)
async def opened(request: Request, number: Number, address: Address) -> None:
    """The page's script says that a person has the page before them."""
    context = request.app.state.context
    context.limits.hit("public_address", network_of(address))
    context.limits.hit("app_event_number", number)
    await context.sessions.customer_event(number, e.LinkOpened())


@router.post("/{number}/app", status_code=204)
async def app_event(request: Request, number: Number, body: AppEventIn, address: Address) -> None:
    """The app was started, or does not go on."""
    context = request.app.state.context
    context.limits.hit("public_address", network_of(address))
    context.limits.hit("app_event_number", number)
    if (body.kind == "refused") is (body.code is None):
        raise ServerError(Code.BAD_INPUT, field="code")
    if body.code is None and body.detail:
        raise ServerError(Code.BAD_INPUT, field="detail")
    event = e.AppStarted() if body.code is None else e.AppRefused(body.code.value, body.detail)
    await context.sessions.customer_event(number, event)
