"""``zuruf`` at the command line: what its commands do, and that ``serve`` is a process that starts and stops."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from click.testing import Result
from typer.testing import CliRunner

from tests.support.postgres import PostgresCluster
from zuruf.server.cli import app

_PASSWORD = "canary password of the CLI"
Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name in [name for name in os.environ if name.startswith("ZURUF_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return {"ZURUF_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def zuruf(environment: dict[str, str]) -> Iterator[Run]:
    """Run a command in an empty folder; ``text`` is its standard input. What it does not catch, fails the test."""

    def run(*arguments: str, text: str = "", **variables: str) -> Result:
        return CliRunner().invoke(app, arguments, input=text, env=environment | variables, catch_exceptions=False)

    yield run
    structlog.reset_defaults()


def _user(zuruf: Run, text: str = f"{_PASSWORD}\n", **more: str) -> Result:
    return zuruf(
        "user", "create", "--company", "Hilfe GmbH", "--email", "tina@hilfe.test", "--name", "Tina",
        "--role", "administrator", text=text, **more,
    )  # fmt: skip


@pytest.fixture
def company(zuruf: Run) -> str:
    done = zuruf("company", "create", "Hilfe GmbH", "--plan", "plus")
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


def test_a_company_and_its_first_administrator_are_made_and_audited(zuruf: Run, company: str) -> None:
    made = _user(zuruf)
    assert made.exit_code == 0, made.stderr
    verified = zuruf("audit", "verify")
    assert (verified.exit_code, verified.stdout) == (0, f"{company}: 2 entries, sound\n")


def test_a_password_is_stored_as_its_argon2_hash_only(zuruf: Run, company: str, tmp_path: Path) -> None:
    _user(zuruf)
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    (found,) = set(re.findall(rb"\$argon2id\$v=19\$[\w,=]+\$[\w+/]{22}\$[\w+/]{43}", stored))
    assert PasswordHasher().verify(found.decode(), _PASSWORD)
    assert _PASSWORD.encode() not in stored


def test_no_command_takes_a_password_as_an_argument(zuruf: Run) -> None:
    for command in (("user", "create"), ("user", "set-password")):
        shown = zuruf(*command, "--help").stdout
        assert "Usage" in shown
        assert "--password" not in shown


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "short\n"}, "ZRF-901"),
        ({"text": ""}, "ZRF-901"),
        ({"text": "x" * 300 + "\n"}, "ZRF-901"),
    ],
)
def test_a_password_that_does_not_do_is_refused(change: dict[str, str], message: str, zuruf: Run, company: str) -> None:
    done = _user(zuruf, **change)
    assert done.exit_code == 1
    assert message in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("company", "create", "Hilfe GmbH"),
        ("company", "create", "   "),
        ("company", "create", "two\nlines"),
        ("company", "create", "x" * 121),
        ("user", "set-password", "nobody@hilfe.test"),
        ("user", "create", "--company", "Unknown", "--email", "a@b.test", "--name", "A"),
        ("user", "create", "--company", "Hilfe GmbH", "--email", "no address", "--name", "A"),
        ("user", "create", "--company", "Hilfe GmbH", "--email", "a@b.test", "--name", "a\tb"),
        ("user", "create", "--company", "Hilfe GmbH", "--email", "a@b.test", "--name", "A", "--locale", "fr"),
        ("company", "create", "Neue GmbH", "--locale", "fr"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line_and_changes_nothing(
    arguments: tuple[str, ...], zuruf: Run, company: str
) -> None:
    done = zuruf(*arguments, text=f"{_PASSWORD}\n")
    assert done.exit_code in (1, 2)
    assert zuruf("audit", "verify").stdout == f"{company}: 1 entries, sound\n"


def test_an_address_is_taken_once(zuruf: Run, company: str) -> None:
    assert _user(zuruf).exit_code == 0
    again = _user(zuruf)
    assert again.exit_code == 1
    assert "taken" in again.stderr


def test_a_setting_that_is_wrong_is_named(zuruf: Run) -> None:
    wrong = {
        "ZURUF_PUBLIC_URL": "ftp://hilfe.test",
        "ZURUF_LISTEN_PORT": "70000",
        "ZURUF_SMTP_SECURITY": "perhaps",
    }
    for name, value in wrong.items():
        done = zuruf("audit", "verify", **{name: value})
        assert done.exit_code == 2
        assert name in done.stderr


def test_an_altered_log_fails_the_verification(zuruf: Run, company: str, tmp_path: Path) -> None:
    heads = tmp_path / "data" / "audit-heads.json"
    heads.write_text(json.dumps({company: [7, "00" * 32], "gone": [1, "00" * 32]}))
    done = zuruf("audit", "verify")
    assert done.exit_code == 1
    assert "the tail was cut or rewritten" in done.stdout
    assert "gone: the whole chain is gone" in done.stdout


def test_a_database_of_a_newer_program_is_left_alone(zuruf: Run, company: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "data" / "zuruf.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("serve",), ("db", "upgrade"), ("audit", "verify")):
        done = zuruf(*command)
        assert done.exit_code == 1
        assert "newer Zuruf" in done.stderr


def test_a_postgresql_schema_is_upgraded_only_when_asked(zuruf: Run, postgres_cluster: PostgresCluster) -> None:
    name = postgres_cluster.create()
    url = {"ZURUF_DATABASE_URL": postgres_cluster.url(name)}
    refused = zuruf("serve", **url)
    assert refused.exit_code == 1
    assert "zuruf db upgrade" in refused.stderr
    assert zuruf("db", "upgrade", **url).exit_code == 0
    assert zuruf("company", "create", "Hilfe GmbH", **url).exit_code == 0
    postgres_cluster.drop(name)


def test_a_database_that_is_away_is_named_without_a_traceback(zuruf: Run, tmp_path: Path) -> None:
    done = zuruf("db", "upgrade", ZURUF_DATABASE_URL=f"postgresql+asyncpg://a@/b?host={tmp_path}")
    assert done.exit_code == 1
    assert "database cannot be used" in done.stderr


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def test_serving_answers_until_told_to_stop_and_then_ends_cleanly(
    tmp_path: Path, environment: dict[str, str], zuruf: Run, company: str
) -> None:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "zuruf.server.cli", "serve"], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env=os.environ | environment | {"ZURUF_LISTEN_PORT": str(port), "ZURUF_PUBLIC_URL": url},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{url}/api/v1/health", timeout=5) as answer:
                    assert json.load(answer) == {"status": "ok"}
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log
    assert company in json.loads((tmp_path / "data" / "audit-heads.json").read_text())
