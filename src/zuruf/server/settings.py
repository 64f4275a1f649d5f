"""Every setting of the server, from ``ZURUF_…`` variables or a ``.env`` file. Not for per-company values."""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SmtpSettings(BaseSettings):
    """Outgoing mail. Without ``host``, mail goes to the outbox folder and the console says so."""

    model_config = SettingsConfigDict(env_prefix="ZURUF_SMTP_", env_file=".env", extra="ignore")

    host: str = ""
    port: int = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    security: str = Field(default="starttls", pattern="^(none|starttls|tls)$")
    sender: str = Field(default="Zuruf <zuruf@localhost>", pattern=r"^[^\r\n]+$")
    timeout_s: float = Field(default=20, gt=0, le=60)
    """For each step of the exchange; a whole attempt gets a minute."""


class Settings(BaseSettings):
    """Server settings; the defaults run on loopback with SQLite below ``data_dir``."""

    model_config = SettingsConfigDict(env_prefix="ZURUF_", env_file=".env", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    """SQLAlchemy URL (``sqlite+aiosqlite:///…`` or ``postgresql+asyncpg://…``); empty: SQLite in ``data_dir``."""
    public_url: str = "http://127.0.0.1:8080"
    """What browsers and hosts reach; its origin is the only one WebSockets and changing requests are taken from."""
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(default=8080, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    web_dir: Path | None = None
    """Built web files; default: the ones in the installation."""
    session_duration_s: int = Field(default=24 * 3600, ge=60, le=24 * 3600)
    link_lifetime_s: int = Field(default=24 * 3600, gt=0)
    web_session_lifetime_s: int = Field(default=12 * 3600, gt=0)
    """After this a user signs in again, whatever they do."""
    web_session_idle_s: int = Field(default=4 * 3600, gt=0)
    """After this without a request a user signs in again."""
    trusted_proxies: str = ""
    """Addresses or networks, comma-separated, whose ``X-Forwarded-For`` and ``-Proto`` are believed."""
    trusted_proxy: str | None = None
    """Refused: a former name, which would silently make every caller behind the proxy count as one."""
    metrics_token: SecretStr = SecretStr("")
    """Bearer token of ``/metrics``; empty: none, but on loopback, for direct callers on this machine."""
    audit_heads_file: Path = Path()
    """Where the heads of the audit chains are exported to; default: ``audit-heads.json`` in ``data_dir``."""
    minimum_app_version: str = "0.1.0"
    """Older apps are refused: in the customer's hands, when pairing, and on the control socket."""
    host_app: Path = Path("dist/Zuruf-Support-Session.exe")
    """The built app, with the builder's description beside it; where there is none, customers are told so."""
    log_json: bool = False
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must be http(s)://host[:port], without a path")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, text: str) -> str:
        try:
            networks = [str(ip_network(entry.strip())) for entry in text.split(",") if entry.strip()]
        except ValueError as error:
            raise ValueError("must be addresses or networks, comma-separated: 127.0.0.1, 10.0.0.0/8") from error
        return ",".join(networks)

    @field_validator("trusted_proxy")
    @classmethod
    def _former_name(cls, value: str | None) -> None:
        if value is not None:
            raise ValueError("does not exist; set ZURUF_TRUSTED_PROXIES to the proxy's address")

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together")
        return self

    @model_validator(mode="after")
    def _heads_in_data_dir(self) -> Self:
        if self.audit_heads_file == Path():
            self.audit_heads_file = self.data_dir / "audit-heads.json"
        return self

    @property
    def resolved_database_url(self) -> str:
        """``database_url``, or the SQLite file in ``data_dir``."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'zuruf.sqlite3'}"

    @property
    def outbox_dir(self) -> Path:
        """Where mail goes without SMTP."""
        return self.data_dir / "outbox"

    @property
    def on_loopback(self) -> bool:
        """Whether the public address is this machine's own: nobody else is meant to reach the server."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"
