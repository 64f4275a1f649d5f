"""The app's file for customers, and what users are told about it. Changes nothing."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from pydantic import BaseModel

from zuruf.server.auth.dependencies import Address, CurrentPrincipal
from zuruf.server.auth.limits import network_of
from zuruf.server.downloads.service import AppDownloads, AppFile, AppState
from zuruf.server.errors import NotFound

router = APIRouter()

_MEDIA_TYPE = "application/vnd.microsoft.portable-executable"


class DownloadOut(BaseModel):
    """The Support Session app's file, as the customer gets it."""

    url: str
    name: str
    sha256: str
    size: int
    publisher: str
    signed: bool
    version: str


class AppFactsOut(BaseModel):
    """What the builder said of the file. ``server``: the address that is built in."""

    version: str
    sha256: str
    size: int
    publisher: str
    signed: bool
    development: bool
    server: str


class AppOut(BaseModel):
    """Whether customers get the app, and if not, why. ``facts`` is null where no description can be read."""

    state: AppState
    facts: AppFactsOut | None
    minimum_version: str
    public_url: str


def file_name(number: str) -> str:
    """Return the name under which a session's customer gets the file: how the app learns the number."""
    return f"Zuruf-Support-Session-{number}.exe"


def download_out(app: AppFile, number: str) -> DownloadOut | None:
    """Return what the customer's page says of the file, or None where it is not served."""
    found = app.served
    if found is None:
        return None
    return DownloadOut(
        url=f"/download/{number}",
        name=file_name(number),
        sha256=found.sha256,
        size=found.size,
        publisher=found.publisher,
        signed=found.signed,
        version=found.version,
    )


@router.get("/api/v1/app", tags=["operations"])
async def app_facts(request: Request, _principal: CurrentPrincipal) -> AppOut:
    """Say whether this server has an app for customers."""
    context = request.app.state.context
    downloads: AppDownloads = context.downloads
    app = await downloads.current()
    facts = None
    if app.description is not None:
        facts = AppFactsOut(**app.description.model_dump())
    settings = context.settings
    return AppOut(
        state=app.state, facts=facts, minimum_version=settings.minimum_app_version, public_url=settings.public_url
    )


@router.api_route("/download/{number}", methods=["GET", "HEAD"], include_in_schema=False)
async def download(
    request: Request, number: Annotated[str, Path(pattern=r"^[0-9]{10}$")], address: Address
) -> Response:
    """Return the file, the same bytes for every number. Where there is none, the customer's page says why."""
    context = request.app.state.context
    context.limits.hit("download_address", network_of(address))
    downloads: AppDownloads = context.downloads
    app = await downloads.current()
    try:
        open_now = (await context.sessions.public_facts(number)).open
    except NotFound:
        open_now = False
    if app.served is None or not open_now:
        return RedirectResponse(f"/join/{number}", status_code=303)
    return FileResponse(
        app.path,
        media_type=_MEDIA_TYPE,
        filename=file_name(number),
        stat_result=app.status,
        headers={"ETag": f'"{app.served.sha256}"'},
    )
