"""Every setting of the server, from ``ZURUF_…`` variables or a ``.env`` file. Not for per-company values."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SmtpSettings(BaseSettings):
    """Outgoing mail. Without ``host``, mail goes to the outbox folder and the console says so."""

    model_config = SettingsConfigDict(env_prefix="ZURUF_SMTP_", extra="ignore")

    host: str = ""
    port: int = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    security: str = Field(default="starttls", pattern="^(none|starttls|tls)$")
    sender: str = "Zuruf <zuruf@localhost>"
    timeout_s: float = 20


class Settings(BaseSettings):
    """Server settings; the defaults run on loopback with SQLite below ``data_dir``."""

    model_config = SettingsConfigDict(env_prefix="ZURUF_", env_file=".env", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    """SQLAlchemy URL (``sqlite+aiosqlite:///…`` or ``postgresql+asyncpg://…``); empty: SQLite in ``data_dir``."""
    public_url: str = "http://127.0.0.1:8080"
    """What browsers and hosts reach; its origin is the only one WebSockets and changing requests are taken from."""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    web_dir: Path | None = None
    """Built web files; default: the ones in the installation."""
    session_duration_s: int = 24 * 3600
    link_lifetime_s: int = 24 * 3600
    web_session_lifetime_s: int = 12 * 3600
    trusted_proxy: bool = False
    minimum_app_version: str = "0.1.0"
    log_json: bool = False
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)

    @property
    def resolved_database_url(self) -> str:
        """``database_url``, or the SQLite file in ``data_dir``."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'zuruf.sqlite3'}"

    @property
    def outbox_dir(self) -> Path:
        """Where mail goes without SMTP."""
        return self.data_dir / "outbox"
