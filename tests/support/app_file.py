"""An app's file with its description, as the builder leaves them. The bytes are no program."""

import hashlib
import json
from pathlib import Path

CONTENT = b"MZ" + bytes(range(256)) * 1500


def put_app(path: Path, server: str, content: bytes = CONTENT, **facts: object) -> dict[str, object]:
    """Write file and description; return the description. ``facts`` replace what it says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    described: dict[str, object] = {
        "version": "0.1.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "publisher": "Muster IT GmbH",
        "signed": True,
        "server": server,
        "development": False,
        **facts,
    }
    path.write_bytes(content)
    path.with_name(path.name + ".json").write_text(json.dumps(described))
    return described
