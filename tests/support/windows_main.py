r"""The Windows app with a fault, for a build of its own: not imported by tests, but put into the bundle.

At the step that ``C:\zuruf-test\stop-at`` names, the process that is there ends itself without a word, or stands still
until somebody cuts the power; ``C:\zuruf-test\reached`` says so. It happens once. All else is the app as it is.
"""

import sys
import time
from pathlib import Path

import win32api

from zuruf.host import app, arguments, roles, start
from zuruf.host.platform.windows.language import user_language
from zuruf.host.removal.plan import InstallStep, RemovalStep

FOLDER = Path("C:/zuruf-test")
ORDER, REACHED = FOLDER / "stop-at", FOLDER / "reached"


def strike(step: InstallStep | RemovalStep) -> None:
    """Obey the order, if it is for this step."""
    try:
        wanted, fault = ORDER.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return
    if step != wanted:
        return
    ORDER.unlink()
    REACHED.write_text(step, encoding="ascii")
    while fault == "power":
        time.sleep(1)
    win32api.TerminateProcess(win32api.GetCurrentProcess(), 9)


def main() -> int:
    if sys.argv[1:2] == ["--service"]:
        return start.main()
    found = arguments.parse(sys.argv[1:], sys.argv[0], user_language())
    exit_code = roles.run_role(found)
    return app.start(app.compose(found, on_step=strike)) if exit_code is None else exit_code


if __name__ == "__main__":
    sys.exit(main())
