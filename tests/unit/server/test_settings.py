"""Settings: where they come from, and what is refused at the start rather than found out later."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from zuruf.server.settings import Settings, SmtpSettings


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_dot_env_file_sets_the_server_and_its_mail(tmp_path: Path) -> None:
    lines = ["ZURUF_PUBLIC_URL=https://hilfe.test/", "ZURUF_SMTP_HOST=mail.test", "ZURUF_SMTP_PASSWORD=canary"]
    (tmp_path / ".env").write_text("\n".join(lines))
    settings = Settings()
    assert (settings.public_url, settings.smtp.host) == ("https://hilfe.test", "mail.test")
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    "values",
    [
        {"public_url": "hilfe.test"},
        {"public_url": "ftp://hilfe.test"},
        {"public_url": "https://"},
        {"public_url": "https://hilfe.test/below"},
        {"public_url": "https://hilfe.test?x"},
        {"tls_certificate": Path("cert.pem")},
        {"tls_key": Path("key.pem")},
        {"listen_port": 65536},
        {"session_duration_s": 0},
        {"web_session_idle_s": 0},
        {"trusted_proxies": "true"},
        {"trusted_proxies": "*"},
    ],
)
def test_what_cannot_work_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{"security": "maybe"}, {"timeout_s": 0}, {"sender": "a\nBcc: b@c.test"}])
def test_mail_settings_that_cannot_work_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SmtpSettings(**values)  # type: ignore[arg-type]


def test_the_database_stands_in_the_data_folder_unless_another_is_named() -> None:
    assert Settings(data_dir=Path("/data")).resolved_database_url == "sqlite+aiosqlite:////data/zuruf.sqlite3"
    assert Settings(database_url="postgresql+asyncpg://a@/b").resolved_database_url == "postgresql+asyncpg://a@/b"


def test_the_former_name_of_the_proxies_is_refused_with_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZURUF_TRUSTED_PROXY", "false")
    with pytest.raises(ValidationError, match="ZURUF_TRUSTED_PROXIES"):
        Settings()


def test_proxies_are_addresses_and_networks() -> None:
    assert Settings(trusted_proxies="127.0.0.1, 10.0.0.0/8,::1").trusted_proxies == "127.0.0.1/32,10.0.0.0/8,::1/128"
    assert Settings().trusted_proxies == ""


def test_the_audit_heads_stand_in_the_data_folder_unless_another_file_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings(data_dir=Path("/data")).audit_heads_file == Path("/data/audit-heads.json")
    monkeypatch.setenv("ZURUF_AUDIT_HEADS_FILE", "/elsewhere/heads.json")
    assert Settings().audit_heads_file == Path("/elsewhere/heads.json")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]", True),
        ("http://localhost:1", True),
        ("https://hilfe.test", False),
        ("http://192.0.2.7", False),
    ],
)
def test_loopback_is_recognised(url: str, local: bool) -> None:
    assert Settings(public_url=url).on_loopback is local
