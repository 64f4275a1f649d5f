"""Windows' own programs, by absolute path and without a shell. A return code is no proof: they lie at times."""

import logging
import subprocess
from collections.abc import Sequence
from typing import Protocol

log = logging.getLogger(__name__)

_CREATE_NO_WINDOW = 0x08000000
_TIMEOUT_S = 20.0


class Commands(Protocol):
    """Runs programs."""

    def run(self, command: Sequence[str]) -> int:
        """Run it to its end and return its exit code. Raises OSError where it does not run or does not end."""
        ...


class SystemCommands:
    """This computer's."""

    def run(self, command: Sequence[str]) -> int:
        """See ``Commands.run``."""
        try:
            done = subprocess.run(  # noqa: S603 - absolute paths of Windows' own, no data of others
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_TIMEOUT_S,
                check=False,
                creationflags=_CREATE_NO_WINDOW,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{command[0]} does not end") from error
        return done.returncode
