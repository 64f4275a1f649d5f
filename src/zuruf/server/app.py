"""The composition root: which parts there are and how they are joined. Read this first.

settings, adapters ─▶ Context ─▶ routers (users' and public REST, live events, the app's file)
                             ├─▶ sockets: pairing (app, console), control (host), relay (both ends)
                             └─▶ workers: timers; invitations
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import select
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from zuruf.protocol.codes import Code
from zuruf.server import errors_http, web
from zuruf.server.adapters.embedded import Adapters
from zuruf.server.audit import api as audit_api
from zuruf.server.audit import service as audit
from zuruf.server.auth import api as auth_api
from zuruf.server.auth.dependencies import client_address
from zuruf.server.auth.limits import RateLimits
from zuruf.server.auth.service import AuthService
from zuruf.server.db import Database
from zuruf.server.downloads import api as downloads_api
from zuruf.server.downloads.service import AppDownloads
from zuruf.server.errors import Forbidden
from zuruf.server.invitations.service import JOB_KIND, InvitationSender
from zuruf.server.jobs.worker import Worker
from zuruf.server.origins import origin_of
from zuruf.server.relay.hub import RelayHub
from zuruf.server.requests import Requests
from zuruf.server.sessions import api as sessions_api
from zuruf.server.sessions import live, public_api
from zuruf.server.sessions.connections import ConnectionService
from zuruf.server.sessions.host_control import HostControl
from zuruf.server.sessions.pairing_broker import PairingBroker
from zuruf.server.sessions.service import SessionService
from zuruf.server.sessions.store import TIMER_JOB
from zuruf.server.settings import Settings
from zuruf.server.sockets import SocketLimit
from zuruf.server.versions import at_least

_EXPORT_INTERVAL_S = 60.0
_LAST_JOB_S = 5.0
"""How long a mail that is being sent may take when the server is asked to stop."""
_log = structlog.get_logger(__name__)


@dataclass
class Context:
    """Everything that a request may need; ``request.app.state.context``."""

    settings: Settings
    adapters: Adapters
    database: Database
    limits: RateLimits
    origin: str
    auth: AuthService
    sessions: SessionService
    connections: ConnectionService
    worker: Worker
    mail_worker: Worker
    downloads: AppDownloads
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def create_app(settings: Settings, adapters: Adapters, limits: RateLimits | None = None) -> FastAPI:
    """Return the server as an ASGI app. The database's schema must be there already."""
    database = Database(settings.resolved_database_url)
    limits = limits or RateLimits()
    clock, bus, faults = adapters.clock, adapters.bus, adapters.faults
    origin = origin_of(settings.public_url)
    sessions = SessionService(
        database, clock, bus, faults,
        public_url=settings.public_url,
        duration_s=settings.session_duration_s,
        link_lifetime_s=settings.link_lifetime_s,
    )  # fmt: skip
    connections = ConnectionService(database, clock, bus, adapters.relay_directory, faults, sessions)
    sender = InvitationSender(
        database, clock, adapters.mailer, faults,
        domain=urlsplit(settings.public_url).hostname or "zuruf", changed=sessions.changed,
    )  # fmt: skip
    worker = Worker(database, clock, faults)
    worker.register(TIMER_JOB, sessions.timer)
    # A mail server that takes its time must not hold up the end of a session.
    mail_worker = Worker(database, clock, faults)
    mail_worker.register(JOB_KIND, sender.run)
    auth = AuthService(
        database, clock, limits,
        lifetime=timedelta(seconds=settings.web_session_lifetime_s),
        idle=timedelta(seconds=settings.web_session_idle_s),
    )  # fmt: skip

    def version_ok(version: str) -> bool:
        return at_least(version, settings.minimum_app_version)

    downloads = AppDownloads(settings.host_app, settings.public_url, version_ok)
    context = Context(
        settings, adapters, database, limits, origin, auth, sessions, connections, worker, mail_worker, downloads
    )
    broker = PairingBroker(sessions, clock, bus, limits, faults, origin=origin, version_ok=version_ok)
    control = HostControl(sessions, connections, bus, version_ok)
    relay = RelayHub(sessions, connections, clock, bus, faults, origin=origin)

    app = FastAPI(
        title="Zuruf", version="1", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        lifespan=lambda _: _lifespan(context),
    )  # fmt: skip
    app.state.context = context
    app.add_middleware(Requests, registry=context.metrics)
    app.add_middleware(web.SecurityHeaders, origin=origin)
    errors_http.install(app)
    routers = (
        auth_api.router, sessions_api.router, public_api.router, live.router, audit_api.router, downloads_api.router,
    )  # fmt: skip
    for router in routers:
        app.include_router(router, responses=errors_http.RESPONSES)
    sockets: dict[str, Callable[..., Any]] = {
        "/ws/console/pairing": broker.serve_console,
        "/ws/host/pairing": broker.serve_app,
        "/ws/host/control": control.serve,
        "/ws/relay": _asgi(relay),
    }
    limited = [Middleware(SocketLimit, limits=limits)]
    app.routes.extend(WebSocketRoute(path, endpoint, middleware=limited) for path, endpoint in sockets.items())
    _operations(app, context)
    web.mount(app, settings.web_dir or web.default_web_dir())
    return app


def _asgi(relay: RelayHub) -> type:
    class Endpoint:
        """WebSocketRoute takes a bare ASGI endpoint only as a class; one instance serves one socket."""

        def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
            self._serve = relay(scope, receive, send)

        def __await__(self):  # type: ignore[no-untyped-def]
            return self._serve.__await__()

    return Endpoint


def _operations(app: FastAPI, context: Context) -> None:
    online = Gauge("zuruf_open_sessions", "Sessions that hold a slot", registry=context.metrics)

    @app.get("/api/v1/health", tags=["operations"])
    async def health() -> dict[str, str]:
        """Say that the server and its database answer."""
        async with context.database.reading() as db:
            await db.execute(select(1))
        return {"status": "ok"}

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        _require_operator(request, context.settings)
        online.set(await context.sessions.count_open())
        return Response(generate_latest(context.metrics), media_type="text/plain; version=0.0.4")


def _require_operator(request: Request, settings: Settings) -> None:
    """Raise Forbidden unless the caller has the token; on loopback, where there is none, callers on this machine may.

    Elsewhere a proxy on this machine, which need not add a header, would make every caller look like one.
    """
    token = settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "")
        allowed = hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    else:
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        local = client_address(request) in ("127.0.0.1", "::1")
        allowed = settings.on_loopback and local and not forwarded
    if not allowed:
        raise Forbidden(Code.FORBIDDEN)


@asynccontextmanager
async def _lifespan(context: Context) -> AsyncIterator[None]:
    await context.sessions.recover()
    await context.connections.recover()
    await context.downloads.current()  # says in the log at once whether customers get the app
    workers = (context.worker, context.mail_worker)
    work = {asyncio.create_task(worker.run()) for worker in workers}
    export = asyncio.create_task(_export_heads(context))
    try:
        yield
    finally:
        context.stopping.set()
        for worker in workers:
            worker.stop()
        export.cancel()
        await asyncio.wait(work, timeout=_LAST_JOB_S)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, export, return_exceptions=True)
        await _export_heads_once(context)
        await context.database.close()


async def _export_heads(context: Context) -> None:
    """Write the audit heads beside the database, to be copied where its owner cannot reach."""
    while True:
        try:
            await _export_heads_once(context)
        except Exception:  # noqa: BLE001 - a full disk or an absent database must not end the exports for good
            _log.exception("audit.export_failed")
        await context.adapters.clock.sleep(_EXPORT_INTERVAL_S)


async def _export_heads_once(context: Context) -> None:
    path = context.settings.audit_heads_file
    exported = await asyncio.to_thread(audit.read_heads, path)
    async with context.database.reading() as db:
        heads, broken = await audit.heads_to_export(db, exported)
    for company_id in broken:
        _log.error("audit.chain_broken", company=company_id)
    await asyncio.to_thread(audit.write_heads, path, heads)
