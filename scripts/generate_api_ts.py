"""Writes the console's API types from the server's OpenAPI document; ``--check`` only says whether they are current.

usage: python -m scripts.generate_api_ts [--check]
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from zuruf.server.adapters.embedded import embedded
from zuruf.server.app import create_app
from zuruf.server.settings import Settings

WEB = Path(__file__).parents[1] / "web"
TARGET = WEB / "console" / "generated" / "api.d.ts"


def generated() -> str:
    """Return the types as they should be."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        document, types = Path(folder) / "openapi.json", Path(folder) / "api.d.ts"
        document.write_text(json.dumps(create_app(settings, embedded(settings)).openapi()))
        command = ["npx", "openapi-typescript", str(document), "-o", str(types)]
        subprocess.run(command, cwd=WEB, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return types.read_text()


def main() -> int:
    """Write or check; return the exit code."""
    wanted = generated()
    if "--check" not in sys.argv:
        TARGET.write_text(wanted)
        return 0
    if TARGET.read_text() == wanted:
        return 0
    print("web/console/generated/api.d.ts is out of date: python -m scripts.generate_api_ts", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
