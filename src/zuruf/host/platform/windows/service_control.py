"""Makes, starts, stops and deletes the app's service, as the service control manager offers it. Not what it runs."""

import logging
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pywintypes
import win32con
import win32service
import winerror

from zuruf.host.platform.windows import native
from zuruf.host.platform.windows.errors import windows_errors
from zuruf.host.platform.windows.names import DESCRIPTION, DISPLAY_NAME, SERVICE

log = logging.getLogger(__name__)

_POLL_S = 0.05
_RESTART_AFTER_MS = 1000
_FORGET_FAILURES_AFTER_S = 24 * 60 * 60
_ON_NON_CRASH_FAILURES = 4
"""SERVICE_CONFIG_FAILURE_ACTIONS_FLAG: an end with an error is a failure too, not only a crash."""
_DELETED_WITHIN_S = 10.0


@windows_errors()
def create(command: Sequence[str], name: str = SERVICE) -> None:
    """Make the service: the system's, started at every boot, running ``command``. Replaces one of that name."""
    line = subprocess.list2cmdline(command)
    with _manager(win32service.SC_MANAGER_CREATE_SERVICE) as manager:
        service = _created(manager, name, line)
        try:
            _change(service, name, line)
        finally:
            win32service.CloseServiceHandle(service)


def exists() -> bool:
    """Whether there is a service of ours. Raises OSError."""
    return command() is not None


@windows_errors()
def command(name: str = SERVICE) -> list[str] | None:
    """Return what the service runs, or None without one. Raises OSError."""
    with _service(name, win32service.SERVICE_QUERY_CONFIG) as service:
        return None if service is None else native.split_command(win32service.QueryServiceConfig(service)[3])


@windows_errors()
def start(timeout_s: float, name: str = SERVICE) -> None:
    """Start the service and return when it runs. Raises OSError, TimeoutError."""
    with _service(name, win32service.SERVICE_START | win32service.SERVICE_QUERY_STATUS) as service:
        if service is None:
            raise FileNotFoundError(f"no service {name}")
        try:
            win32service.StartService(service, None)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_ALREADY_RUNNING:
                raise
        state = _wait(service, name, {win32service.SERVICE_RUNNING, win32service.SERVICE_STOPPED}, timeout_s)
        if state != win32service.SERVICE_RUNNING:
            raise OSError(f"service {name} ended at once")


@windows_errors()
def stop(timeout_s: float, name: str = SERVICE) -> None:
    """Stop the service and return when it has stopped. Nothing to do without one. Raises OSError, TimeoutError."""
    with _service(name, win32service.SERVICE_STOP | win32service.SERVICE_QUERY_STATUS) as service:
        if service is None:
            return
        try:
            win32service.ControlService(service, win32service.SERVICE_CONTROL_STOP)
        except pywintypes.error as error:
            if error.winerror == winerror.ERROR_SERVICE_NOT_ACTIVE:
                return
            raise
        _wait(service, name, {win32service.SERVICE_STOPPED}, timeout_s)


@windows_errors()
def delete(name: str = SERVICE) -> None:
    """Delete the service; one that runs goes when it has stopped. Repeatable. Raises OSError."""
    with _service(name, win32con.DELETE) as service:
        if service is None:
            return
        try:
            win32service.DeleteService(service)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_MARKED_FOR_DELETE:
                raise


def _created(manager: Any, name: str, line: str) -> Any:
    """Return a handle of the new or the present service; one that is being deleted is waited for."""
    until = time.monotonic() + _DELETED_WITHIN_S
    while True:
        try:
            return win32service.CreateService(
                manager,
                name,
                _shown(name),
                win32service.SERVICE_ALL_ACCESS,
                win32service.SERVICE_WIN32_OWN_PROCESS,
                win32service.SERVICE_AUTO_START,
                win32service.SERVICE_ERROR_NORMAL,
                line,
                None,
                False,
                None,
                None,
                None,
            )
        except pywintypes.error as error:
            if error.winerror == winerror.ERROR_SERVICE_EXISTS:
                return win32service.OpenService(manager, name, win32service.SERVICE_ALL_ACCESS)
            if error.winerror != winerror.ERROR_SERVICE_MARKED_FOR_DELETE or time.monotonic() > until:
                raise
        time.sleep(_POLL_S)


def _change(service: Any, name: str, line: str) -> None:
    win32service.ChangeServiceConfig(
        service,
        win32service.SERVICE_WIN32_OWN_PROCESS,
        win32service.SERVICE_AUTO_START,
        win32service.SERVICE_ERROR_NORMAL,
        line,
        None,
        False,
        None,
        "LocalSystem",
        None,
        _shown(name),
    )
    restart = (win32service.SC_ACTION_RESTART, _RESTART_AFTER_MS)
    actions = {"ResetPeriod": _FORGET_FAILURES_AFTER_S, "RebootMsg": None, "Command": None, "Actions": [restart] * 3}
    for what, value in (
        (win32service.SERVICE_CONFIG_DESCRIPTION, DESCRIPTION),
        (win32service.SERVICE_CONFIG_FAILURE_ACTIONS, actions),
        (_ON_NON_CRASH_FAILURES, True),
    ):
        try:
            win32service.ChangeServiceConfig2(service, what, value)
        except pywintypes.error as error:
            # The service serves without them, only less well.
            log.warning("service setting %s not taken: %s", what, error.strerror)


def _shown(name: str) -> str:
    """Return the name for people, of which each may be on a computer only once."""
    return DISPLAY_NAME if name == SERVICE else name


@contextmanager
def _manager(access: int) -> Iterator[Any]:
    manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_CONNECT | access)
    try:
        yield manager
    finally:
        win32service.CloseServiceHandle(manager)


@contextmanager
def _service(name: str, access: int) -> Iterator[Any]:
    with _manager(0) as manager:
        try:
            service = win32service.OpenService(manager, name, access)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_DOES_NOT_EXIST:
                raise
            service = None
        try:
            yield service
        finally:
            if service is not None:
                win32service.CloseServiceHandle(service)


def _wait(service: Any, name: str, states: set[int], timeout_s: float) -> int:
    until = time.monotonic() + timeout_s
    while (state := win32service.QueryServiceStatus(service)[1]) not in states:
        if time.monotonic() > until:
            raise TimeoutError(f"service {name} stays in state {state}")
        time.sleep(_POLL_S)
    return int(state)
