"""The service process: starts the resident, starts it again when it dies, stops it gently. Nothing else, and small.

The resident's standard input is a pipe that only the service holds: when it closes, because the service stops it or
has died, the resident saves its state and ends, as it does on SIGTERM elsewhere.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pywintypes
import servicemanager
import win32api
import win32con
import win32event
import win32file
import win32pipe
import win32process
import win32service

from zuruf.host.exit_codes import EXIT_OVER
from zuruf.host.platform.windows.names import SERVICE
from zuruf.host.platform.windows.processes import Child, start_child
from zuruf.host.platform.windows.supervision import Supervision

log = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0
"""How long the resident may take to save its state before it is ended."""
_ACCEPTED = (
    win32service.SERVICE_ACCEPT_STOP | win32service.SERVICE_ACCEPT_SHUTDOWN | win32service.SERVICE_ACCEPT_PRESHUTDOWN
)
_STOPPING = {
    win32service.SERVICE_CONTROL_STOP,
    win32service.SERVICE_CONTROL_SHUTDOWN,
    win32service.SERVICE_CONTROL_PRESHUTDOWN,
}
_MARGIN_MS = 5000


class _Resident:
    """One run of the resident."""

    def __init__(self, command: Sequence[str]) -> None:
        inheritable = pywintypes.SECURITY_ATTRIBUTES()
        inheritable.bInheritHandle = True
        theirs: Any
        theirs, self._ours = win32pipe.CreatePipe(inheritable, 0)
        win32api.SetHandleInformation(self._ours, win32con.HANDLE_FLAG_INHERIT, 0)
        nowhere: Any = win32file.CreateFile(
            "NUL", win32con.GENERIC_WRITE, win32con.FILE_SHARE_WRITE, inheritable, win32con.OPEN_EXISTING, 0, None
        )
        startup = win32process.STARTUPINFO()
        startup.dwFlags = win32process.STARTF_USESTDHANDLES
        startup.hStdInput, startup.hStdOutput, startup.hStdError = theirs, nowhere, nowhere
        self._started_s = time.monotonic()
        self.child: Child = start_child(command, startup)
        for handle in (theirs, nowhere):
            handle.Close()

    @property
    def ran_s(self) -> float:
        return time.monotonic() - self._started_s

    def stop(self) -> None:
        """Let it end by itself; else end it, with everything it started."""
        win32api.CloseHandle(self._ours)
        self.child.wait(STOP_WITHIN_S)
        self.child.kill()


class _Service:
    """What the service control manager talks to. Told to stop from its thread, works in another."""

    command: Sequence[str] = ()

    def __init__(self, _arguments: Sequence[str]) -> None:
        self._stop = win32event.CreateEvent(None, True, False, None)
        self._handle: Any = servicemanager.RegisterServiceCtrlHandler(SERVICE, self._control, True)

    def _control(self, control: int, _event: int, _data: object) -> int:
        if control in _STOPPING:
            self._report(win32service.SERVICE_STOP_PENDING, wait_ms=int(STOP_WITHIN_S * 1000) + _MARGIN_MS)
            win32event.SetEvent(self._stop)
        return 0

    def SvcRun(self) -> None:  # noqa: N802 - the name servicemanager calls
        """Supervise until told to stop, or until the session is over."""
        try:
            self._supervise()
        except Exception:
            # servicemanager would write it into the event log, and leave a registered source there.
            log.exception("the service broke")

    def _supervise(self) -> None:
        supervision = Supervision()
        while True:
            resident = self._started()
            self._report(win32service.SERVICE_RUNNING, accepted=_ACCEPTED)
            if resident is None:
                exit_code, ran_s = 1, 0.0
            else:
                if self._stopped_before(resident.child):
                    resident.stop()
                    return
                exit_code, ran_s = resident.child.exit_code(), resident.ran_s
                resident.stop()
                if exit_code != EXIT_OVER:
                    log.warning("the resident ended after %.0f s, exit code %#x", ran_s, exit_code)
            pause_s = supervision.pause_s(exit_code, ran_s)
            if pause_s is None or self._stopped_within(pause_s):
                return

    def _started(self) -> _Resident | None:
        try:
            return _Resident(self.command)
        except OSError:
            log.exception("the resident does not start")
            return None

    def _stopped_before(self, child: Child) -> bool:
        """Wait for the order to stop or the resident's end; whether it was the order."""
        first = win32event.WaitForMultipleObjects([self._stop, child.process], False, win32event.INFINITE)
        return bool(first == win32event.WAIT_OBJECT_0)

    def _stopped_within(self, seconds: float) -> bool:
        return bool(win32event.WaitForSingleObject(self._stop, int(seconds * 1000)) == win32event.WAIT_OBJECT_0)

    def _report(self, state: int, accepted: int = 0, wait_ms: int = 0) -> None:
        status = (win32service.SERVICE_WIN32_OWN_PROCESS, state, accepted, 0, 0, 0, wait_ms)
        win32service.SetServiceStatus(self._handle, status)


def run_service(resident_command: Sequence[str]) -> None:
    """Be the service until it is stopped or its session is over. Only the service control manager may start it."""
    _Service.command = tuple(resident_command)
    manager: Any = servicemanager
    manager.Initialize(SERVICE, None)
    manager.PrepareToHostSingle(_Service)
    manager.StartServiceCtrlDispatcher()


def stop_with_service(stop: Callable[[], None]) -> None:
    """In the resident: call ``stop`` from another thread when the service stops it, or is no more."""

    def wait() -> None:
        handle: Any = win32api.GetStdHandle(win32api.STD_INPUT_HANDLE)
        try:
            while True:
                win32file.ReadFile(handle, 1)
        except pywintypes.error:
            stop()

    threading.Thread(target=wait, name="service", daemon=True).start()


def main(arguments: Sequence[str]) -> int:
    """Be the service of the program that is running, for the session these arguments of its resident name."""
    folder = next((value for flag, value in pairwise(arguments) if flag == "--data-dir"), None)
    if folder is None:
        return 1
    logging.basicConfig(
        filename=str(Path(folder) / "service.log"),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        encoding="utf-8",
    )
    run_service([sys.executable, "--resume", *arguments])
    return 0
