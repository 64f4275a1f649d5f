"""Starts the app's other processes: where, as whom, and so that none outlives the one that started it.

Each child has a job object of its own that ends it when the starting process ends, however that happens. A job of
their own, not one for all: the processes of a job have to be in one desktop session.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pywintypes
import win32api
import win32con
import win32event
import win32job
import win32process
import win32profile
import win32security
import win32ts
import winerror

from zuruf.host.platform.windows.errors import windows_errors

INTERACTIVE_DESKTOP = r"WinSta0\Default"
_FOREVER_MS = -1


class Child:
    """A started process, bound to this one."""

    def __init__(self, process: Any, job: Any, pid: int) -> None:
        self.pid = pid
        self.process = process
        """Its handle: as long as it is open, the process id belongs to no other."""
        self._job = job

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it has ended; whether it has, within ``timeout_s`` seconds."""
        milliseconds = _FOREVER_MS if timeout_s is None else int(timeout_s * 1000)
        return bool(win32event.WaitForSingleObject(self.process, milliseconds) == win32event.WAIT_OBJECT_0)

    def exit_code(self) -> int:
        """Its exit code, once it has ended."""
        return win32process.GetExitCodeProcess(self.process)

    def kill(self) -> None:
        """End it and everything it started at once. Repeatable."""
        self._job.Close()


@windows_errors()
def start_child(command: Sequence[str], startup: Any = None) -> Child:
    """Start a process as whoever this one is; ``startup``: STARTUPINFO whose handles it gets. Raises OSError."""
    inherits = startup is not None
    return _bound(
        lambda flags: win32process.CreateProcess(
            None,
            subprocess.list2cmdline(command),
            None,
            None,
            inherits,
            flags,
            None,
            _folder(command),
            startup or win32process.STARTUPINFO(),
        )
    )


@windows_errors()
def start_as_user(command: Sequence[str], session: int) -> Child:
    """Start a process on the desktop of whoever is signed in to the session, with no more than their own rights.

    Only the system may. Raises OSError.
    """
    return _start_with(win32ts.WTSQueryUserToken(session), command)


@windows_errors()
def start_as_system(command: Sequence[str], session: int) -> Child:
    """Start a process in the session with this process's own rights, the system's. Raises OSError."""
    own = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.MAXIMUM_ALLOWED)
    token = win32security.DuplicateTokenEx(
        own, win32security.SecurityImpersonation, win32con.MAXIMUM_ALLOWED, win32security.TokenPrimary
    )
    win32security.SetTokenInformation(token, win32security.TokenSessionId, session)
    return _start_with(token, command)


@windows_errors()
def user_sid(session: int) -> str:
    """Return the security identifier of whoever is signed in to the session. Raises OSError."""
    return _sid(win32ts.WTSQueryUserToken(session))


@windows_errors()
def own_sid() -> str:
    """Return the security identifier this process runs as. Raises OSError."""
    return _sid(win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY))


def _sid(token: int) -> str:
    user, _attributes = win32security.GetTokenInformation(token, win32security.TokenUser)
    return win32security.ConvertSidToStringSid(user)


@windows_errors()
def start_detached(command_line: str, folder: Path) -> None:
    """Start a process that outlives this one and has no window. Raises OSError."""
    _created(
        lambda flags: win32process.CreateProcess(
            None, command_line, None, None, False, flags, None, str(folder), win32process.STARTUPINFO()
        ),
        win32process.CREATE_NO_WINDOW | win32process.CREATE_NEW_PROCESS_GROUP,
    )


def _start_with(token: int, command: Sequence[str]) -> Child:
    startup = win32process.STARTUPINFO()
    startup.lpDesktop = INTERACTIVE_DESKTOP
    environment = win32profile.CreateEnvironmentBlock(token, False)
    create: Any = win32process.CreateProcessAsUser
    line = subprocess.list2cmdline(command)
    return _bound(
        lambda flags: create(
            token,
            None,
            line,
            None,
            None,
            False,
            flags | win32process.CREATE_UNICODE_ENVIRONMENT,
            environment,
            _folder(command),
            startup,
        )
    )


def _folder(command: Sequence[str]) -> str:
    return str(Path(command[0]).parent)


def _bound(create: Any) -> Child:
    process, thread, pid = _created(create, win32process.CREATE_NO_WINDOW | win32process.CREATE_SUSPENDED)
    try:
        job = _job()
        win32job.AssignProcessToJobObject(job, process)
        win32process.ResumeThread(thread)
    except pywintypes.error:
        win32process.TerminateProcess(process, 1)
        raise
    return Child(process, job, pid)


def _created(create: Any, flags: int) -> tuple[Any, Any, int]:
    try:
        process, thread, pid, _thread_id = create(flags | win32process.CREATE_BREAKAWAY_FROM_JOB)
    except pywintypes.error as error:
        if error.winerror != winerror.ERROR_ACCESS_DENIED:
            raise
        # A job that somebody else put us into may forbid to leave it.
        process, thread, pid, _thread_id = create(flags)
    return process, thread, pid


def _job() -> Any:
    create: Any = win32job.CreateJobObject
    job = create(None, "")
    limits = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
    limits["BasicLimitInformation"]["LimitFlags"] = (
        win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | win32job.JOB_OBJECT_LIMIT_BREAKAWAY_OK
    )
    win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
    return job
