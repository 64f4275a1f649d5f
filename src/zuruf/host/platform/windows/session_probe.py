"""Looks which sessions there are and who is signed in."""

import os
from typing import Any

import pywintypes
import win32ts

from zuruf.host.platform.windows.errors import windows_errors
from zuruf.host.platform.windows.sessions import Session

_terminal_services: Any = win32ts
_NO_CONSOLE = 0xFFFFFFFF


def console() -> int | None:
    """Return the session at the computer's own screen; None while one goes and the next has not come."""
    session = int(_terminal_services.WTSGetActiveConsoleSessionId())
    return None if session == _NO_CONSOLE else session


def sessions() -> list[Session]:
    """Return the sessions there are. Without the terminal services that list them, the console's is the only one."""
    try:
        found = [
            (int(entry["SessionId"]), entry["State"] == win32ts.WTSActive) for entry in win32ts.WTSEnumerateSessions()
        ]
    except pywintypes.error:
        found = []
    if not found and (only := console()) is not None:
        found = [(only, True)]
    return [Session(number, active, _user(number)) for number, active in found]


@windows_errors()
def own_session() -> int:
    """Return the session this process is in."""
    return int(_terminal_services.ProcessIdToSessionId(os.getpid()))


def own_user() -> str:
    """Return who is signed in to the session this process is in, whoever the process runs as."""
    return _user(own_session())


def _user(session: int) -> str:
    try:
        name, domain = (
            _terminal_services.WTSQuerySessionInformation(None, session, what)
            for what in (win32ts.WTSUserName, win32ts.WTSDomainName)
        )
    except pywintypes.error:
        return ""
    return f"{domain}\\{name}" if name else ""
