"""The download as a customer's browser asks for it, and what users are told about the app."""

from datetime import timedelta

import httpx
import pytest

from tests.support.app_file import CONTENT, put_app
from tests.support.server import ManualClock
from tests.unit.server.conftest import ORIGIN, NewClient, NewCompany, NewPerson, Person
from zuruf.protocol.codes import Code
from zuruf.server.auth.limits import RULES
from zuruf.server.settings import Settings


async def prepare(person: Person) -> dict[str, object]:
    answer = await person.client.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
async def session(technician: Person) -> dict[str, object]:
    return await prepare(technician)


@pytest.fixture
def url(session: dict[str, object]) -> str:
    return f"/download/{session['number']}"


@pytest.fixture
def facts(settings: Settings) -> dict[str, object]:
    return put_app(settings.host_app, ORIGIN)


async def test_the_file_comes_under_a_name_with_the_number(
    session: dict[str, object], url: str, facts: dict[str, object], client: httpx.AsyncClient
) -> None:
    answer = await client.get(url)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    name = f"Zuruf-Support-Session-{session['number']}.exe"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-type"] == "application/vnd.microsoft.portable-executable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["etag"] == f'"{facts["sha256"]}"'


@pytest.mark.usefixtures("facts")
async def test_every_session_gets_the_same_bytes(
    url: str, new_company: NewCompany, new_person: NewPerson, client: httpx.AsyncClient
) -> None:
    other = await prepare(await new_person(await new_company("Andere GmbH"), email="x@andere.test"))
    first, second = await client.get(url), await client.get(f"/download/{other['number']}")
    assert first.headers["content-disposition"] != second.headers["content-disposition"]
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])


@pytest.mark.usefixtures("facts")
async def test_a_download_changes_nothing(session: dict[str, object], url: str, technician: Person) -> None:
    path = f"/api/v1/sessions/{session['id']}"

    async def standing() -> dict[str, object]:
        found = (await technician.client.get(path)).json()
        # the invitation's way through the outbox goes on meanwhile
        mail = {"mail_state": "", "mail_answer": ""}
        return dict(found) | {"progress": found["progress"] | mail}

    before = await standing()
    await technician.client.get(url)
    assert await standing() == before


@pytest.mark.usefixtures("facts")
async def test_asking_for_the_head_gives_the_length_without_the_file(url: str, client: httpx.AsyncClient) -> None:
    answer = await client.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


async def test_an_interrupted_download_goes_on_only_in_the_same_file(
    url: str, facts: dict[str, object], client: httpx.AsyncClient
) -> None:
    part = await client.get(url, headers={"Range": "bytes=1000-", "If-Range": f'"{facts["sha256"]}"'})
    assert (part.status_code, part.content) == (206, CONTENT[1000:])
    whole = await client.get(url, headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert (whole.status_code, whole.content) == (200, CONTENT)


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_unknown_number_leads_to_the_customers_page(method: str, client: httpx.AsyncClient) -> None:
    answer = await client.request(method, "/download/0000000000")
    assert (answer.status_code, answer.content) == (303, b"")
    assert answer.headers["location"] == "/join/0000000000"


@pytest.mark.usefixtures("facts")
async def test_an_ended_session_gives_no_file_any_more(
    session: dict[str, object], url: str, technician: Person, client: httpx.AsyncClient
) -> None:
    await technician.client.post(f"/api/v1/sessions/{session['id']}/end")
    answer = await client.get(url)
    assert (answer.status_code, answer.content) == (303, b"")
    assert (await client.get(f"/api/v1/public/sessions/{session['number']}")).json()["download"] is None


@pytest.mark.usefixtures("facts")
async def test_a_link_that_has_lapsed_gives_no_file_any_more(
    url: str, clock: ManualClock, client: httpx.AsyncClient
) -> None:
    clock.advance(timedelta(days=1))
    assert (await client.get(url)).status_code == 303


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("number", ["1", "12345678901", "abcdefghij", "١٢٣٤٥٦٧٨٩٠", "..%2f..%2fetc"])
async def test_what_is_no_number_is_no_address(number: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/download/{number}")).status_code in (404, 422)


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"server": "https://elsewhere.test"}, {"version": "0.0.1"}])
async def test_an_app_that_must_not_be_served_is_not(
    session: dict[str, object], url: str, settings: Settings, client: httpx.AsyncClient, change: dict[str, object]
) -> None:
    put_app(settings.host_app, **{"server": ORIGIN, **change})
    assert (await client.get(url)).status_code == 303
    assert (await client.get(f"/api/v1/public/sessions/{session['number']}")).json()["download"] is None


async def test_the_customers_page_is_told_what_the_file_is(
    session: dict[str, object], url: str, facts: dict[str, object], client: httpx.AsyncClient
) -> None:
    told = (await client.get(f"/api/v1/public/sessions/{session['number']}")).json()["download"]
    assert told == {
        "url": url,
        "name": f"Zuruf-Support-Session-{session['number']}.exe",
        **{name: facts[name] for name in ("sha256", "size", "publisher", "signed", "version")},
    }


@pytest.mark.usefixtures("facts")
async def test_one_network_cannot_download_without_end(url: str, client: httpx.AsyncClient) -> None:
    allowed = int(RULES["download_address"].split("/")[0])
    statuses = [(await client.head(url)).status_code for _ in range(allowed + 1)]
    assert statuses == [200] * allowed + [429]


async def test_users_are_told_whether_there_is_an_app(
    technician: Person, settings: Settings, new_client: NewClient
) -> None:
    missing = (await technician.client.get("/api/v1/app")).json()
    assert (missing["state"], missing["facts"]) == ("missing", None)
    facts = put_app(settings.host_app, ORIGIN, signed=False, publisher="", development=True)
    ready = (await technician.client.get("/api/v1/app")).json()
    assert (ready["state"], ready["facts"]) == ("ready", facts)
    put_app(settings.host_app, "https://elsewhere.test")
    other = (await technician.client.get("/api/v1/app")).json()
    assert (other["state"], other["facts"]["server"], other["public_url"]) == (
        "other_server", "https://elsewhere.test", ORIGIN,
    )  # fmt: skip
    stranger = await new_client().get("/api/v1/app")
    assert (stranger.status_code, stranger.json()["code"]) == (401, Code.NOT_SIGNED_IN)
