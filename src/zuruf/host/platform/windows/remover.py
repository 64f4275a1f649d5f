r"""The command lines that take the app away after its last process has ended. Pure: text from checked paths.

The remover is Windows' own ``cmd.exe`` with everything on its command line, so that no file of ours is in use. It
stops and deletes the service, deletes the folder, and tries again until both are gone; then it takes away what would
have finished the work had it been killed: the scheduled task and the RunOnce value. Given up after two minutes, it
leaves both for the next try. Everything is named by its absolute path; nothing that a person chose is in the text.
"""

import re
from pathlib import PureWindowsPath
from typing import NamedTuple

from zuruf.host.platform.windows.names import (
    RUN_ONCE_KEY,
    SERVICE,
    SERVICES_KEY,
    SESSION_FOLDER,
    is_program_folder,
)

RUN_ONCE_MAX = 260
"""Characters that Windows takes of a RunOnce value."""
ALIVE_WITHIN_S = 200
"""A resident that lives saves its state every minute, see ``clock.MARK_INTERVAL_S``."""
_TRIES = 60
_GENTLE_TRIES = 12
"""So long the service may stop by itself; after that its process is ended, and every one of ours with it."""

_PLAIN = re.compile(r"[A-Za-z]:\\[A-Za-z0-9 ()._\\-]+")
"""Paths that mean nothing else to cmd.exe, in quotes or (without a space) outside of them."""


class NotOurs(ValueError):
    """This folder may not be deleted, or its path would not survive a command line."""


class Places(NamedTuple):
    """Where things are on this computer."""

    system: PureWindowsPath
    """Windows' own programs: ``C:\\Windows\\System32``."""
    program_files: PureWindowsPath
    folder: PureWindowsPath
    """What is to be deleted."""
    name: str = SERVICE
    """What service, scheduled task and RunOnce value are called."""

    def checked(self) -> "Places":
        """Return itself. Raises NotOurs unless the folder is one that the app was unpacked into."""
        if not is_program_folder(self.folder, self.program_files) or _PLAIN.fullmatch(str(self.folder)) is None:
            raise NotOurs(f"not a folder of this app: {self.folder}")
        if _PLAIN.fullmatch(str(self.system)) is None or " " in str(self.system):
            raise NotOurs(f"not a system folder: {self.system}")
        return self


def interpreter(places: Places) -> str:
    """Return the program that the command lines are for."""
    return str(places.checked().system / "cmd.exe")


def remover_arguments(places: Places) -> str:
    """Return what ``interpreter`` has to be given to remove everything. Raises NotOurs."""
    return f"/d /q /v:off /c {_removal(places)}"


def guard_arguments(places: Places) -> str:
    """Return the same for the dead man's switch, which spares a resident that lives: it knows the time better.

    A state file that is written gets Windows' archive attribute; the switch takes it away and looks again later.
    """
    system, folder = places.checked().system, places.folder
    state = folder / SESSION_FOLDER / "state.json"
    wait = _wait(system, ALIVE_WITHIN_S)
    return (
        f'/d /q /v:off /c {system}\\attrib.exe -a "{state}" >nul 2>&1 & {wait} & '
        f'dir /b /a:a "{state}" >nul 2>&1 & if errorlevel 1 ({_removal(places)})'
    )


def run_once(places: Places) -> str:
    """Return the whole command line that finishes the removal when somebody signs in. Raises NotOurs."""
    system, folder = places.checked().system, places.folder
    line = (
        f"{interpreter(places)} /d /c cd /d {system}&sc stop {places.name}&sc delete {places.name}&ping -n 5 127.1"
        f'&rd /s /q "{folder}"&schtasks /delete /f /tn {places.name}'
    )
    if len(line) > RUN_ONCE_MAX:
        raise NotOurs(f"too long for a RunOnce value: {folder}")
    return line


def run_once_without_service(places: Places) -> str:
    """Return the command line that deletes the folder when somebody signs in and no service has come of it."""
    system, folder = places.checked().system, places.folder
    line = (
        f"{interpreter(places)} /d /c {system}\\reg.exe query HKLM\\{SERVICES_KEY}\\{places.name}"
        f'&if errorlevel 1 rd /s /q "{folder}"'
    )
    if len(line) > RUN_ONCE_MAX:
        raise NotOurs(f"too long for a RunOnce value: {folder}")
    return line


def _removal(places: Places) -> str:
    system, folder = places.checked().system, places.folder
    quiet = ">nul 2>&1"
    return (
        f"for /l %i in (1,1,{_TRIES}) do ("
        f"{_wait(system, 1)} & "
        f"{system}\\sc.exe stop {places.name} {quiet} & "
        f"{system}\\sc.exe delete {places.name} {quiet} & "
        f'(if %i gtr {_GENTLE_TRIES} {system}\\taskkill.exe /f /fi "SERVICES eq {places.name}" {quiet}) & '
        f'rd /s /q "{folder}" {quiet} & '
        f'if not exist "{folder}" ({system}\\reg.exe query HKLM\\{SERVICES_KEY}\\{places.name} {quiet} & '
        "if errorlevel 1 ("
        f"{system}\\schtasks.exe /delete /f /tn {places.name} {quiet} & "
        f"{system}\\reg.exe delete HKLM\\{RUN_ONCE_KEY} /v {places.name} /f {quiet} & exit)))"
    )


def _wait(system: PureWindowsPath, seconds: int) -> str:
    # The one program of Windows that waits without a console to read from: a second between two pings.
    return f"{system}\\ping.exe -n {seconds + 1} 127.0.0.1 >nul"
