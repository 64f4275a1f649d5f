"""Knows the app's file: is it there, is it what its description says, is it for this server, is it new enough.

The builder writes ``<file>.json`` beside the file. Nothing is served that differs from it. Not for building or signing.
"""

import asyncio
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from zuruf.server.origins import origin_of

DESCRIPTION_MAX = 16 * 1024
"""Bytes of the description; the builder writes a few hundred."""
FILE_MAX = 200 * 1024 * 1024
"""Bytes of the app; larger than any that the builder makes, and small enough to be hashed in a request."""
_CHUNK = 1024 * 1024
_log = structlog.get_logger(__name__)


class AppState(StrEnum):
    """Whether the app is served, and if not, why."""

    READY = "ready"
    MISSING = "missing"
    DAMAGED = "damaged"
    """File and description do not belong together, or one of them cannot be read."""
    OTHER_SERVER = "other_server"
    TOO_OLD = "too_old"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be http(s)://host[:port]")
    return origin_of(url)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable")
    return text


class AppDescription(BaseModel):
    """What the builder says of the file. ``server``: the origin built in. ``development``: not meant for customers."""

    model_config = ConfigDict(strict=True, frozen=True)

    version: Annotated[str, Field(max_length=40, pattern=r"^[0-9]+(\.[0-9]+){1,3}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(gt=0, le=FILE_MAX)]
    publisher: Annotated[str, Field(max_length=200), AfterValidator(_printable)]
    signed: bool
    server: Annotated[str, Field(max_length=300), AfterValidator(_origin)]
    development: bool

    @model_validator(mode="after")
    def _named_where_signed(self) -> Self:
        if self.signed is not bool(self.publisher.strip()):
            raise ValueError("a signature has a publisher, and nothing else has")
        return self


@dataclass(frozen=True)
class AppFile:
    """What is known of the app now. ``description`` is None where there is none that can be read."""

    state: AppState
    path: Path
    description: AppDescription | None = None
    status: os.stat_result | None = None

    @property
    def served(self) -> AppDescription | None:
        """The description, where customers get the file."""
        return self.description if self.state is AppState.READY else None


_Marks = tuple[tuple[int, int, int] | None, ...]


class AppDownloads:
    """Looks at the two files on every question, and reads them when they have changed."""

    def __init__(self, path: Path, public_url: str, version_ok: Callable[[str], bool]) -> None:
        self._path = path
        self._described = path.with_name(path.name + ".json")
        self._origin = origin_of(public_url)
        self._version_ok = version_ok
        self._lock = asyncio.Lock()
        self._marks: _Marks | None = None
        self._known = AppFile(AppState.MISSING, path)

    async def current(self) -> AppFile:
        """Return what is known of the app. A problem is logged once, when it is found."""
        async with self._lock:
            return await asyncio.to_thread(self._look)

    def _look(self) -> AppFile:
        marks = (_mark(self._path), _mark(self._described))
        if marks != self._marks:
            self._known = self._read()
            # What was written to while it was read is read again at the next question.
            self._marks = marks if marks == (_mark(self._path), _mark(self._described)) else None
        return self._known

    def _read(self) -> AppFile:
        try:
            status = self._path.stat()
        except OSError:
            return self._refused(AppState.MISSING, "there is no such file")
        try:
            description = self._description()
            self._verify(description, status)
        except (OSError, ValueError) as problem:
            return self._refused(AppState.DAMAGED, _reason(problem))
        if description.server != self._origin:
            reason = f"it is built for {description.server}, this server is {self._origin}"
            return self._refused(AppState.OTHER_SERVER, reason, description)
        if not self._version_ok(description.version):
            reason = f"version {description.version} is older than ZURUF_MINIMUM_APP_VERSION"
            return self._refused(AppState.TOO_OLD, reason, description)
        _log.info(
            "app.served", path=str(self._path), version=description.version, sha256=description.sha256,
            signed=description.signed, development=description.development,
        )  # fmt: skip
        return AppFile(AppState.READY, self._path, description, status)

    def _refused(self, state: AppState, reason: str, description: AppDescription | None = None) -> AppFile:
        # A server without an app is how one begins; an app that must not be served is a fault.
        say = _log.warning if state is AppState.MISSING else _log.error
        say("app.not_served", path=str(self._path), state=state.value, reason=reason)
        return AppFile(state, self._path, description)

    def _description(self) -> AppDescription:
        with self._described.open("rb") as file:
            text = file.read(DESCRIPTION_MAX + 1)
        if len(text) > DESCRIPTION_MAX:
            raise ValueError("the description is too long")
        return AppDescription.model_validate_json(text)

    def _verify(self, description: AppDescription, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is not a file")
        if status.st_size != description.size:
            raise ValueError(f"it has {status.st_size} bytes, described are {description.size}")
        digest = hashlib.sha256()
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != description.sha256:
            raise ValueError(f"its SHA-256 is {digest.hexdigest()}, described is {description.sha256}")


def _reason(problem: OSError | ValueError) -> str:
    if isinstance(problem, ValidationError):
        fields = sorted({".".join(map(str, error["loc"])) or "JSON" for error in problem.errors()})
        return f"the description is not valid: {', '.join(fields)}"
    if isinstance(problem, OSError):
        return f"{problem.filename}: {problem.strerror}"
    return str(problem)


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
