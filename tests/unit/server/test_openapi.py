"""Schemathesis over the whole API, run as in production: nothing breaks, every answer is as OpenAPI says."""

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import DATABASES
from tests.support.postgres import PostgresCluster
from tests.support.server import MemoryMailer
from tests.unit.server.conftest import PASSWORD
from zuruf.server.adapters.embedded import Adapters, MemoryBus, NoFaults, OwnRelay, SystemClock
from zuruf.server.app import create_app
from zuruf.server.audit import service as audit
from zuruf.server.auth.limits import RULES, RateLimits
from zuruf.server.cli import uvicorn_config
from zuruf.server.companies import service as companies
from zuruf.server.db import Database
from zuruf.server.plans.policy import Plan
from zuruf.server.settings import Settings, SmtpSettings
from zuruf.server.users import service as users
from zuruf.server.users.service import Role

_CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
_ENDLESS = "/api/v1/events"
_EMAIL = "ada@hilfe.test"


@dataclass(frozen=True)
class Served:
    """A server, somebody signed in, and a session of theirs."""

    app: FastAPI
    url: str
    token: str
    session_id: str
    number: str


async def _administrator(url: str) -> None:
    database, now = Database(url), SystemClock().now()
    async with database.transaction() as db:
        company = await companies.create(db, name="Hilfe", locale="de", plan=Plan.PREMIER, insight=False, now=now)
        await audit.start_chain(db, company.id)
        await users.create(
            db, company_id=company.id, email=_EMAIL, name="Ada", role=Role.ADMINISTRATOR, locale="de",
            password=PASSWORD, now=now,
        )  # fmt: skip
    await database.close()


@pytest.fixture(scope="module", params=DATABASES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "zuruf.sqlite3")
        database_url = f"sqlite+aiosqlite:///{folder / 'zuruf.sqlite3'}"
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
        database_url = cluster.url(cluster.create(request.getfixturevalue("postgres_template")))
    asyncio.run(_administrator(database_url))
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    made = Settings(
        _env_file=None, data_dir=folder, database_url=database_url, public_url=url, web_dir=folder,
        smtp=SmtpSettings(_env_file=None),
    )  # fmt: skip
    adapters = Adapters(SystemClock(), MemoryBus(), MemoryMailer(), OwnRelay(url), NoFaults())
    app = create_app(made, adapters, RateLimits(dict.fromkeys(RULES, "1000000/minute")))
    server = uvicorn.Server(uvicorn_config(app, made))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        with httpx.Client(base_url=url, headers={"Origin": url}) as client:
            client.post("/api/v1/auth/sign-in", json={"email": _EMAIL, "password": PASSWORD}).raise_for_status()
            answer = client.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})
            session = answer.raise_for_status().json()
            yield Served(app, url, client.cookies["zuruf_session"], session["id"], session["number"])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _operations(served: Served) -> list[Any]:
    schema = schemathesis.openapi.from_dict(served.app.openapi())
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.path != _ENDLESS]


def _takes_input(operation: Any) -> bool:
    return any(len(list(part)) > 0 for part in (operation.path_parameters, operation.query, operation.body))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_input_breaks_the_api_or_gets_an_answer_that_is_not_described(mode: GenerationMode, served: Served) -> None:
    called = set()
    for operation in _operations(served):
        if mode is GenerationMode.NEGATIVE and not _takes_input(operation):
            continue  # there is nothing to get wrong
        bounds = settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))

        @bounds
        @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans(), signed_in=st.booleans())
        def call(case: schemathesis.Case, known: bool, signed_in: bool) -> None:
            if known and case.path_parameters:
                names = {"session_id": served.session_id, "number": served.number}
                case.path_parameters.update({n: v for n, v in names.items() if n in case.path_parameters})
            headers = {"Origin": served.url}
            if signed_in and case.operation.path != "/api/v1/auth/sign-out":
                case.cookies = {"zuruf_session": served.token}
            case.call_and_validate(base_url=served.url, headers=headers, checks=_CHECKS)

        call()
        called.add(operation.label)
    assert len(called) >= 12


def test_the_document_describes_every_route_of_the_api(served: Served) -> None:
    document = httpx.get(f"{served.url}/api/openapi.json").json()
    routed = {route.path for route in served.app.routes if getattr(route, "path", "").startswith("/api/v1")}
    assert routed <= document["paths"].keys()
    assert document["paths"]["/api/v1/auth/me"]["get"]["security"] == [{"web session": []}]
    error = document["paths"]["/api/v1/auth/me"]["get"]["responses"]["401"]["content"]["application/json"]["schema"]
    assert error == {"$ref": "#/components/schemas/ErrorOut"}
