"""The built web files: which page stands where, what may be cached, and what is said when nothing is built."""

from pathlib import Path

import httpx
import pytest

from zuruf.server.settings import Settings

_PAGES = {"/": "console", "/console": "console", "/console/sessions/1": "console",
          "/connect/00000000-0000-4000-8000-000000000000": "viewer", "/join/1234567890": "customer"}  # fmt: skip


@pytest.fixture
def web(settings: Settings) -> Path:
    folder = settings.web_dir
    assert folder is not None
    for name in ("console", "viewer", "customer"):
        (folder / name / "assets").mkdir(parents=True)
        (folder / name / "index.html").write_text(f"<title>{name}</title>")
        (folder / name / "favicon.svg").write_text("<svg/>")
        (folder / name / "assets" / "index-a1b2.js").write_text("1")
    (folder / "secret.txt").write_text("outside of every app")
    return folder


@pytest.mark.parametrize("path", _PAGES)
async def test_every_page_stands_at_its_address_and_is_never_stored(
    path: str, web: Path, client: httpx.AsyncClient
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, f"<title>{_PAGES[path]}</title>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.head(path)).status_code == 200


@pytest.mark.parametrize("name", ["console", "viewer", "customer"])
async def test_files_with_a_hash_in_their_name_are_kept_for_good_and_others_asked_for(
    name: str, web: Path, client: httpx.AsyncClient
) -> None:
    hashed = await client.get(f"/assets/{name}/assets/index-a1b2.js")
    plain = await client.get(f"/assets/{name}/favicon.svg")
    assert (hashed.text, hashed.headers["cache-control"]) == ("1", "public, max-age=31536000, immutable")
    assert (plain.text, plain.headers["cache-control"]) == ("<svg/>", "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/console/index.html",
        "/assets/console/assets/gone.js",
        "/assets/other/x.js",
        "/assets/console/../secret.txt",
        "/assets/console/%2e%2e/secret.txt",
        "/assets/console/..%2fsecret.txt",
    ],
)
async def test_nothing_else_is_served(path: str, web: Path, client: httpx.AsyncClient) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "ZRF-904")
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("path", _PAGES)
async def test_where_nothing_is_built_it_says_what_to_do(path: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(path)
    assert answer.status_code == 503
    assert "make web" in answer.text


@pytest.mark.parametrize("path", ["/", "/join/1234567890"])
async def test_no_page_takes_anything_that_changes(path: str, web: Path, client: httpx.AsyncClient) -> None:
    assert (await client.post(path)).status_code == 405
