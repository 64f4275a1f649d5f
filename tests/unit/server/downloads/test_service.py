"""What the server knows of the app's file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from tests.support.app_file import CONTENT, put_app
from zuruf.server.downloads.service import DESCRIPTION_MAX, AppDownloads, AppState

SERVER = "https://support.example.de"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Zuruf-Support-Session.exe"


@pytest.fixture
def downloads(path: Path) -> AppDownloads:
    return AppDownloads(path, SERVER, lambda version: version != "0.0.9")


async def test_a_file_that_is_as_described_is_served(downloads: AppDownloads, path: Path) -> None:
    facts = put_app(path, SERVER)
    app = await downloads.current()
    assert app.state is AppState.READY
    assert app.served is not None
    assert app.served.model_dump() == facts


async def test_no_file_is_no_app(downloads: AppDownloads) -> None:
    app = await downloads.current()
    assert (app.state, app.served) == (AppState.MISSING, None)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def _flip_unseen(path: Path) -> None:
    before = path.stat()
    _flip(path)  # in place: same inode and size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _delete(path: Path) -> None:
    path.unlink()


def _describe(text: bytes) -> Callable[[Path], object]:
    return lambda path: path.with_name(path.name + ".json").write_bytes(text)


@pytest.mark.parametrize(
    "damage",
    [
        _flip,
        lambda path: path.write_bytes(CONTENT + b"\0"),
        lambda path: path.with_name(path.name + ".json").unlink(),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: put_app(path, SERVER, sha256="0" * 64),
        lambda path: put_app(path, SERVER, sha256="../" * 3),
        lambda path: put_app(path, SERVER, version="newest"),
        lambda path: put_app(path, SERVER, publisher="Muster\u202egnp"),
        lambda path: put_app(path, SERVER, signed="yes"),
        lambda path: put_app(path, SERVER, signed=False),
        lambda path: put_app(path, SERVER, publisher=" "),
        lambda path: put_app(path, "ftp://support.example.de"),
        lambda path: put_app(path, "https://support.example.de:port"),
        _describe(b"[]"),
        _describe(b"{"),
        _describe(b" " * (DESCRIPTION_MAX + 1)),
        _describe(b"\xff"),
    ],
    ids=range(17),
)
async def test_what_does_not_belong_together_is_not_served_and_logged_once(
    downloads: AppDownloads, path: Path, damage: Callable[[Path], object]
) -> None:
    put_app(path, SERVER)
    damage(path)
    with structlog.testing.capture_logs() as logs:
        states = {(await downloads.current()).state for _ in range(3)}
    assert states == {AppState.DAMAGED}
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("app.not_served", "error")]


@pytest.mark.parametrize("server", ["https://support.example.com", "http://support.example.de", f"{SERVER}:444"])
async def test_an_app_for_another_server_is_not_served(downloads: AppDownloads, path: Path, server: str) -> None:
    put_app(path, server)
    app = await downloads.current()
    assert (app.state, app.served) == (AppState.OTHER_SERVER, None)


@pytest.mark.parametrize("server", [f"{SERVER}/", f"{SERVER}:443", "HTTPS://Support.Example.de"])
async def test_the_same_server_may_be_written_in_other_ways(downloads: AppDownloads, path: Path, server: str) -> None:
    put_app(path, server)
    assert (await downloads.current()).state is AppState.READY


async def test_an_app_below_the_minimum_version_is_not_served(downloads: AppDownloads, path: Path) -> None:
    put_app(path, SERVER, version="0.0.9")
    app = await downloads.current()
    assert (app.state, app.served) == (AppState.TOO_OLD, None)


async def test_a_new_build_is_seen_without_a_restart(downloads: AppDownloads, path: Path) -> None:
    put_app(path, SERVER)
    first = (await downloads.current()).served
    put_app(path, SERVER, CONTENT + b"more", version="0.2.0")
    second = (await downloads.current()).served
    assert first is not None
    assert second is not None
    assert (first.version, second.version) == ("0.1.0", "0.2.0")
    _delete(path)
    assert (await downloads.current()).state is AppState.MISSING


async def test_a_file_that_has_not_changed_is_not_read_again(downloads: AppDownloads, path: Path) -> None:
    put_app(path, SERVER)
    assert (await downloads.current()).state is AppState.READY
    _flip_unseen(path)
    assert (await downloads.current()).state is AppState.READY
    os.utime(path)
    assert (await downloads.current()).state is AppState.DAMAGED
