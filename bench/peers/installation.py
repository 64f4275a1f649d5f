"""A production server and a host on a given X display, with one active session, for measuring from outside.

usage: python -m bench.peers.installation FOLDER   (DISPLAY is the host's screen)
Prints one JSON line with what a viewer needs, then waits for the end of its input and stops everything.
"""

import json
import os
import sys
import threading
from pathlib import Path

from tests.support import flow
from tests.support.processes import Program, ServerProgram, eventually

EMAIL = "jana@muster.example"
PASSWORD = "mond-tisch-regen-fuchs"
CODE = b"314159265"


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    server = ServerProgram(folder, {})
    host: Program | None = None
    try:
        flow.seed_sqlite(server.data_dir, EMAIL)
        server.start()
        technician = flow.Technician(server.url, EMAIL)
        session = technician.prepare()
        technician.post(session["id"], "code")
        ready = threading.Event()
        vouching = threading.Thread(target=flow.vouch, args=(technician, session, CODE, PASSWORD, ready.set))
        host = Program(
            [
                sys.executable, "-m", "zuruf.host.app", "--cli", "--server", server.url, "--number", session["number"],
                "--data-dir", str(folder / "state"),
            ],
            folder / "host.log",
            {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "DISPLAY": os.environ["DISPLAY"]},
        )  # fmt: skip
        host.line("zuruf: code_needed")
        vouching.start()
        assert ready.wait(20), "the technician's socket is not open"
        host.say(CODE.decode())
        vouching.join()
        eventually(lambda: technician.session(session["id"])["state"] == "active", "session is active")
        assert server.program is not None
        print(
            json.dumps(
                {
                    "url": server.url,
                    "port": server.port,
                    "email": EMAIL,
                    "account_password": flow.ACCOUNT,
                    "session": session["id"],
                    "password": PASSWORD,
                    "host_pid": host.process.pid,
                    "server_pid": server.program.process.pid,
                }
            ),
            flush=True,
        )
        sys.stdin.read()
        technician.close()
    finally:
        if host is not None:
            host.stop()
        server.stop()


if __name__ == "__main__":
    main()
