"""Gets the pinned parts of the Windows bundle from a Python package index: by name, file name and SHA-256.

Nothing of what is fetched is ever run here; source archives are opened as archives, their set-up code stays text.
"""

import hashlib
import json
import os
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urljoin, urlsplit

DEFAULT_INDEX = "https://pypi.org/simple"
INDEX_VARIABLES = ("ZURUF_PACKAGE_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
"""Where an operator may have named another index (PEP 691, JSON), the first that is set counts."""
_TIMEOUT_S = 60.0
_PIECE_BYTES = 1 << 20
_PAGE_MAX_BYTES = 64 << 20
_JSON = "application/vnd.pypi.simple.v1+json"


class FetchFailed(Exception):
    """A part could not be had, or is not what was pinned. The text is for the operator."""


@dataclass(frozen=True)
class Part:
    """One pinned file: ``kind`` is ``runtime``, ``tk`` or ``wheel``; ``python`` the minor version it is for."""

    package: str
    file: str
    sha256: str
    kind: str
    python: str


def pinned() -> list[Part]:
    """Return every part that ``data/windows.toml`` pins."""
    text = (resources.files(__package__) / "data" / "windows.toml").read_text(encoding="utf-8")
    return [Part(**entry) for entry in tomllib.loads(text)["part"]]


def index_address(environment: Mapping[str, str] = os.environ) -> str:
    """Return the address of the package index, without a slash at its end."""
    named = (environment.get(variable, "") for variable in INDEX_VARIABLES)
    return next((address for address in named if address), DEFAULT_INDEX).rstrip("/")


def fetch(parts: Iterable[Part], cache: Path, say: Callable[[str], None], index: str | None = None) -> dict[Part, Path]:
    """Return where each part is, fetched into ``cache`` unless it is there already. Raises FetchFailed.

    A file in the cache counts only when its hash is right; a half-fetched one never has its final name.
    """
    index = index or index_address()
    cache.mkdir(parents=True, exist_ok=True)
    return {part: _fetch(part, cache, say, index) for part in parts}


def _fetch(part: Part, cache: Path, say: Callable[[str], None], index: str) -> Path:
    target = cache / part.file
    if target.is_file() and sha256_of(target) == part.sha256:
        return target
    say(f"fetching {part.file}")
    fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with _open(_address_of(part, index)) as answer, fresh.open("wb") as file:
            while piece := answer.read(_PIECE_BYTES):
                file.write(piece)
        if sha256_of(fresh) != part.sha256:
            raise FetchFailed(f"{part.file} is not the pinned file: its SHA-256 differs")
        fresh.replace(target)
    except (OSError, ValueError) as error:
        raise FetchFailed(f"{part.file} could not be fetched from {index}: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _address_of(part: Part, index: str) -> str:
    page = f"{index}/{part.package.lower().replace('_', '-')}/"
    with _open(page, accept=_JSON) as answer:
        data = answer.read(_PAGE_MAX_BYTES + 1)
        base = answer.url
    if len(data) > _PAGE_MAX_BYTES:
        raise ValueError("the index's page is too long")
    for entry in json.loads(data)["files"]:
        if entry["filename"] == part.file:
            address: str = urljoin(base, str(entry["url"]))
            return address
    raise FetchFailed(f"{index} has no {part.file}")


def _open(address: str, accept: str = "*/*") -> "urllib.request._UrlopenRet":
    if urlsplit(address).scheme not in ("https", "http"):
        raise ValueError("not an http address")
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - checked above
    return urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 as hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
