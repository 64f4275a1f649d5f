"""The production server with two other adapters: a clock that the test moves, and fault points that kill.

usage: python -m tests.support.server_main OFFSET_FILE [FAULT_POINT]
At the fault point the process writes its name to OFFSET_FILE + ".killed" and ends by SIGKILL.
"""

import dataclasses
import os
import signal
import sys
from pathlib import Path

import uvicorn

from tests.support.held_clock import HeldOffset, HeldServerClock
from zuruf.server.adapters.embedded import embedded
from zuruf.server.app import create_app
from zuruf.server.cli import uvicorn_config
from zuruf.server.settings import Settings


class KillAt:
    def __init__(self, point: str, mark: Path) -> None:
        self._point = point
        self._mark = mark

    def reached(self, point: str) -> None:
        if point == self._point:
            self._mark.write_text(point)
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    offset = Path(sys.argv[1])
    settings = Settings()
    adapters = dataclasses.replace(embedded(settings), clock=HeldServerClock(HeldOffset(offset)))
    if len(sys.argv) > 2:
        mark = offset.with_name(offset.name + ".killed")
        adapters = dataclasses.replace(adapters, faults=KillAt(sys.argv[2], mark))
    uvicorn.Server(uvicorn_config(create_app(settings, adapters), settings)).run()


if __name__ == "__main__":
    main()
