"""The app's description, ``<app>.json`` beside the app: what the server reads before it serves. Not for judging it.

The server's side of it is ``zuruf.server.downloads``.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from zuruf.installer.bundle import BuiltIn
from zuruf.installer.fetch import sha256_of

_DESCRIPTION_MAX = 16 * 1024


class NotDescribed(Exception):
    """An app's description is missing, cannot be read, or is another file's. The text is for the operator."""


@dataclass(frozen=True)
class Facts:
    """What was built in, as far as the server has to know it."""

    version: str
    server: str
    development: bool

    @classmethod
    def of(cls, built_in: BuiltIn) -> Self:
        """Return the facts of what is built in."""
        return cls(built_in.version, built_in.server, built_in.development)


def description_of(app: Path) -> Path:
    """Return where an app's description is."""
    return app.with_name(app.name + ".json")


def write(app: Path, facts: Facts, publisher: str = "") -> None:
    """Describe an app that is in its place. ``publisher``: whose signature it carries; empty for none."""
    known = {
        **asdict(facts),
        "sha256": sha256_of(app),
        "size": app.stat().st_size,
        "publisher": publisher,
        "signed": bool(publisher),
    }
    described = description_of(app)
    fresh = described.with_name(described.name + ".new")
    fresh.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(described)


def read(app: Path) -> Facts:
    """Return what an app's description says of it. Raises NotDescribed, also when it describes other bytes."""
    described = description_of(app)
    try:
        if described.stat().st_size > _DESCRIPTION_MAX:
            raise ValueError
        known = json.loads(described.read_text(encoding="utf-8"))
        facts = Facts(str(known["version"]), str(known["server"]), known["development"] is not False)
        sha256 = known["sha256"]
    except FileNotFoundError:
        raise NotDescribed(f"{described} is missing; build writes it, keep it beside the app") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotDescribed(f"{described} cannot be read") from None
    if sha256 != sha256_of(app):
        raise NotDescribed(f"{app} is not the file that {described.name} describes: its SHA-256 differs")
    return facts
