"""What every request goes through: ids, bounds, headers, logs, and one shape for everything that is wrong."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from tests.support.server import ManualClock, MemoryMailer
from tests.unit.server.conftest import ORIGIN, PASSWORD, NewClient, Person
from zuruf.server.adapters.embedded import Adapters, MemoryBus, NoFaults, OwnRelay
from zuruf.server.app import create_app
from zuruf.server.cli import configure_logging
from zuruf.server.origins import origin_of
from zuruf.server.requests import BODY_MAX
from zuruf.server.settings import Settings, SmtpSettings

_SIGN_IN = "/api/v1/auth/sign-in"


@pytest.fixture(params=[False, True], ids=["console", "json"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, configured as in production."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging(request.param)
    yield stream
    structlog.reset_defaults()


async def test_every_answer_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    ids = [(await client.get(path)).headers["x-request-id"] for path in ("/api/v1/health", "/nowhere", "/")]
    assert len(set(ids)) == 3


async def test_a_request_cannot_choose_its_id(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/health", headers={"X-Request-Id": "chosen"})
    assert answer.headers["x-request-id"] != "chosen"


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/nowhere", "/api/v1/auth/me", "/join/1", "/assets/x"])
async def test_every_answer_has_the_security_headers(path: str, client: httpx.AsyncClient) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers  # this server is not on https


async def test_on_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    origin = "https://hilfe.test"
    settings = Settings(_env_file=None, data_dir=tmp_path, public_url=origin, smtp=SmtpSettings(_env_file=None))
    adapters = Adapters(ManualClock(), MemoryBus(), MemoryMailer(), OwnRelay(origin), NoFaults())
    application = create_app(settings, adapters)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url=origin) as client:
        headers = (await client.get("/")).headers
    await application.state.context.database.close()
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "wss://hilfe.test" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "ZRF-904"),
        ("GET", "/api/v1/nowhere", 404, "ZRF-904"),
        ("PUT", "/api/v1/health", 405, "ZRF-904"),
        ("GET", "/api/v1/auth/me", 401, "ZRF-101"),
        ("GET", "/api/v1/public/sessions/x", 422, "ZRF-901"),
        ("GET", "/api/v1/public/sessions/1234567890", 404, "ZRF-201"),
    ],
)
async def test_whatever_is_wrong_has_one_shape(
    method: str, path: str, status: int, code: str, client: httpx.AsyncClient
) -> None:
    answer = await client.request(method, path)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert body.keys() == {"code", "message", "params"}
    assert body["message"].endswith(".")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"email": 1, "password": []}', b"\xff\xfe", b'{"email": "a"}']
)
async def test_a_body_that_does_not_fit_is_bad_input_and_is_not_repeated(
    body: bytes, client: httpx.AsyncClient
) -> None:
    answer = await client.post(_SIGN_IN, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "ZRF-901")
    assert answer.json()["params"].keys() == {"field"}


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_long_is_cut_off(chunked: bool, client: httpx.AsyncClient) -> None:
    taken = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b" " * 1024

    content = endless() if chunked else b" " * (BODY_MAX + 1)
    answer = await client.post(_SIGN_IN, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "ZRF-901")
    assert taken <= BODY_MAX // 1024 + 1


async def test_what_breaks_is_answered_and_logged_without_telling_the_caller(
    app: FastAPI, client: httpx.AsyncClient, log: io.StringIO
) -> None:
    @app.get("/api/v1/broken")
    async def broken() -> None:
        password = "canary-in-a-variable"
        raise LookupError(len(password))

    # Pages come last, so that no address of theirs hides this one.
    answer = await client.get("/api/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "ZRF-903")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "LookupError" not in answer.text
    assert "LookupError" in log.getvalue()
    assert answer.headers["x-request-id"] in log.getvalue()
    assert "canary-in-a-variable" not in log.getvalue().replace('password = "canary-in-a-variable"', "")


async def test_the_log_has_one_line_a_request_and_no_secret(
    technician: Person, new_client: NewClient, log: io.StringIO
) -> None:
    await new_client().post(f"{_SIGN_IN}?canary=query", json={"email": "tina@hilfe.test", "password": PASSWORD})
    await technician.client.get("/api/v1/auth/me?canary=query")
    lines = [line for line in log.getvalue().splitlines() if "took_ms" in line]
    assert len(lines) == 2
    for secret in (PASSWORD, "tina@hilfe.test", "canary", technician.client.cookies["zuruf_session"]):
        assert secret not in log.getvalue()


def _change_settings(app: FastAPI, **values: object) -> None:
    app.state.context.settings = app.state.context.settings.model_copy(update=values)


async def test_metrics_count_requests_and_open_sessions(app: FastAPI, client: httpx.AsyncClient) -> None:
    _change_settings(app, public_url="http://127.0.0.1:8080")
    await client.get("/nowhere")
    answer = await client.get("/metrics")
    assert 'zuruf_http_requests_total{method="GET",status="404"} 1.0' in answer.text
    assert "zuruf_open_sessions 0.0" in answer.text


async def test_metrics_are_closed_to_other_machines_and_to_what_a_proxy_passes_on(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    _change_settings(app, public_url="http://127.0.0.1:8080")
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as elsewhere:
        assert (await elsewhere.get("/metrics")).status_code == 403
    assert (await client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})).status_code == 403


async def test_without_a_token_a_public_server_gives_its_metrics_to_nobody(client: httpx.AsyncClient) -> None:
    assert (await client.get("/metrics")).status_code == 403


async def test_with_a_token_metrics_are_for_its_holders_only(app: FastAPI) -> None:
    _change_settings(app, metrics_token=SecretStr("t0ken"))
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        answers = [
            (await client.get("/metrics", headers=headers)).status_code
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer t0ken"})
        ]
    assert answers == [403, 403, 200]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://hilfe.test", "https://hilfe.test"),
        ("https://hilfe.test:443", "https://hilfe.test"),
        ("http://hilfe.test:80/", "http://hilfe.test"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://HILFE.test:8443", "https://hilfe.test:8443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_origin_is_what_browsers_send(url: str, origin: str) -> None:
    assert origin_of(url) == origin
