"""The server's parts for tests: settings, adapters, the app with its life span, users, signed-in clients."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from tests.support.server import Faults, ManualClock, MemoryMailer
from zuruf.server.adapters.embedded import Adapters, MemoryBus, OwnRelay
from zuruf.server.app import Context, create_app
from zuruf.server.audit import service as audit
from zuruf.server.cli import uvicorn_config
from zuruf.server.companies import service as companies
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.plans.policy import Plan
from zuruf.server.settings import Settings, SmtpSettings
from zuruf.server.users import service as users
from zuruf.server.users.service import Role, UserView

ORIGIN = "http://zuruf.test"
PASSWORD = "a password of twelve"


@dataclass(frozen=True)
class Person:
    """A user, their company, and a client that is signed in as them."""

    user: UserView
    company: CompanyView
    client: httpx.AsyncClient


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    yield found
    await found.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        database_url=database_url,
        public_url=ORIGIN,
        web_dir=tmp_path / "web",
        host_app=tmp_path / "app" / "Zuruf-Support-Session.exe",
        smtp=SmtpSettings(_env_file=None),
    )


@pytest.fixture
def adapters(clock: ManualClock, mailer: MemoryMailer, faults: Faults) -> Adapters:
    return Adapters(clock, MemoryBus(), mailer, OwnRelay(ORIGIN), faults)


@pytest.fixture
async def app(settings: Settings, adapters: Adapters) -> AsyncIterator[FastAPI]:
    """The server with its worker running."""
    application = create_app(settings, adapters)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def context(app: FastAPI) -> Context:
    found: Context = app.state.context
    return found


NewClient = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def new_client(app: FastAPI) -> AsyncIterator[NewClient]:
    """Make clients of the app, each with cookies of its own and our Origin."""
    clients: list[httpx.AsyncClient] = []

    def make() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        clients.append(httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def client(new_client: NewClient) -> httpx.AsyncClient:
    """A client that nobody has signed in with."""
    return new_client()


NewCompany = Callable[..., Awaitable[CompanyView]]
NewUser = Callable[..., Awaitable[UserView]]
NewPerson = Callable[..., Awaitable[Person]]


@pytest.fixture
def new_company(database: Database, clock: ManualClock) -> NewCompany:
    """Create a company with its audit chain."""

    async def make(name: str = "Hilfe GmbH", plan: Plan = Plan.PLUS, insight: bool = False) -> CompanyView:
        async with database.transaction() as db:
            made = await companies.create(db, name=name, locale="de", plan=plan, insight=insight, now=clock.now())
            await audit.start_chain(db, made.id)
            return made

    return make


@pytest.fixture
async def company(new_company: NewCompany) -> CompanyView:
    return await new_company()


@pytest.fixture
def new_user(database: Database, clock: ManualClock) -> NewUser:
    """Create a user whose password is ``PASSWORD``."""

    async def make(
        company: CompanyView, email: str = "tina@hilfe.test", name: str = "Tina Technik", role: Role = Role.TECHNICIAN
    ) -> UserView:
        async with database.transaction() as db:
            return await users.create(
                db, company_id=company.id, email=email, name=name, role=role, locale="de",
                password=PASSWORD, now=clock.now(),
            )  # fmt: skip

    return make


@pytest.fixture
def new_person(new_user: NewUser, new_client: NewClient) -> NewPerson:
    """Create a user and sign in as them."""

    async def make(company: CompanyView, email: str = "tina@hilfe.test", **values: object) -> Person:
        user = await new_user(company, email=email, **values)
        client = new_client()
        answer = await client.post("/api/v1/auth/sign-in", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Person(user, company, client)

    return make


@pytest.fixture
async def technician(new_person: NewPerson, company: CompanyView) -> Person:
    return await new_person(company)


@pytest.fixture
async def administrator(new_person: NewPerson, company: CompanyView) -> Person:
    return await new_person(company, email="ada@hilfe.test", name="Ada Amtlich", role=Role.ADMINISTRATOR)


@dataclass(frozen=True)
class LiveServer:
    """A real uvicorn on loopback, run as ``zuruf serve`` runs it."""

    url: str
    app: FastAPI
    context: Context

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1)


LiveServerFactory = Callable[[Settings, Adapters], AbstractAsyncContextManager[LiveServer]]


@asynccontextmanager
async def run_live(settings: Settings, adapters: Adapters) -> AsyncIterator[LiveServer]:
    """Serve on a free port until the context is left; the public address is that port's."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = settings.model_copy(update={"public_url": url})
    adapters = Adapters(adapters.clock, adapters.bus, adapters.mailer, OwnRelay(url), adapters.faults)
    application = create_app(settings, adapters)
    server = uvicorn.Server(uvicorn_config(application, settings))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        yield LiveServer(url, application, application.state.context)
    finally:
        server.should_exit = True
        await serving
        listener.close()


@pytest.fixture
def live_server_factory() -> LiveServerFactory:
    """Start servers with settings and adapters of the test's choice."""
    return run_live


@pytest.fixture
async def live_server(settings: Settings, adapters: Adapters) -> AsyncIterator[LiveServer]:
    async with run_live(settings, adapters) as server:
        yield server
