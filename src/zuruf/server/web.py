"""Serves the built web files and the security headers. Not for data: every page fetches that from the API."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

APPS = ("console", "viewer", "customer")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def default_web_dir() -> Path:
    """Where the web files are: beside the package when installed, in the repository otherwise."""
    packaged = Path(__file__).parent / "web_dist"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "web" / "dist"


class SecurityHeaders:
    """Adds the security headers to every answer (ASGI middleware)."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        sockets = origin.replace("http", "ws", 1)
        strict = _POLICY.format(sockets=sockets)
        self._policy = strict
        # The console's component library writes style elements at run time; scripts stay strict everywhere.
        self._console_policy = strict.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        self._https = origin.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through, adding headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        console = path == "/" or path.startswith("/console")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._console_policy if console else self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                headers.setdefault("Cache-Control", "no-store")
                if self._https:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, with_headers)


class _Assets(StaticFiles):
    """What the pages load. Below ``assets/`` names carry a hash of their content, so these files never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.endswith(".html"):  # pages have addresses of their own, with their own policy
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        forever = response.status_code in (200, 304) and path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        return response


def mount(app: FastAPI, web_dir: Path) -> None:
    """Add the pages and their files to the app."""
    for name in APPS:
        folder = web_dir / name
        app.mount(f"/assets/{name}", _Assets(directory=folder, check_dir=False), name=f"assets-{name}")

    def page(name: str) -> Response:
        index = web_dir / name / "index.html"
        if not index.is_file():
            return PlainTextResponse("The web files are not built; run `make web`.", status_code=503)
        return FileResponse(index, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})

    async def console() -> Response:
        return page("console")

    async def viewer() -> Response:
        return page("viewer")

    async def customer() -> Response:
        return page("customer")

    for path, endpoint in (
        ("/", console),
        ("/console", console),
        ("/console/{rest:path}", console),
        ("/connect/{session_id}", viewer),
        ("/join/{number}", customer),
    ):
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
