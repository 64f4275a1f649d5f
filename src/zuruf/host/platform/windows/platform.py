"""The Platform of a Windows computer. Before a session it is an administrator's, in a session the system's."""

import contextlib
import logging
import msvcrt
import os
import socket
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path, PureWindowsPath
from typing import Any

import pywintypes
import win32api
import win32con
import win32crypt
import win32file
import winerror

from zuruf.host import build_info
from zuruf.host.platform.base import AlreadyRunning, Entry, Refusal
from zuruf.host.platform.desktop import Desktop, DesktopListener
from zuruf.host.platform.windows import native, processes, registry, security, service_control, session_probe
from zuruf.host.platform.windows.commands import Commands, SystemCommands
from zuruf.host.platform.windows.errors import windows_errors
from zuruf.host.platform.windows.names import (
    RUN_ONCE_KEY,
    RUN_ONCE_VALUE,
    SERVICE,
    SERVICE_PARAMETERS_KEY,
    SESSION_FOLDER,
    TASK,
    TASKS_KEY,
    is_program_folder,
)
from zuruf.host.platform.windows.probe import SystemProbe
from zuruf.host.platform.windows.refusals import refusal
from zuruf.host.platform.windows.remover import (
    Places,
    interpreter,
    remover_arguments,
    run_once,
    run_once_without_service,
)
from zuruf.host.platform.windows.sas_calls import attention
from zuruf.host.platform.windows.sddl import PRIVATE_FILE, PRIVATE_FOLDER
from zuruf.host.platform.windows.starter import WindowsHelperStarter
from zuruf.host.platform.windows.system_name import system_name
from zuruf.host.platform.windows.task import ENCODING, DeadMan, task_xml

log = logging.getLogger(__name__)

START_WITHIN_S = 30.0
_STOP_WITHIN_S = 20.0
_LOCK_TRIES, _LOCK_PAUSE_S = 5, 0.05
_ENTROPY = b"zuruf support session state"
"""Not secret: keeps other programs' protected data from being taken for ours."""
_DPAPI_FLAGS = 0x1 | 0x4
"""CRYPTPROTECT_UI_FORBIDDEN and CRYPTPROTECT_LOCAL_MACHINE: the customer's user protects, the system reads."""
_VERSION_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_FOLDERS_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion"
_CUSTOMER_VALUE = "Customer"
_TASK_FILE = "task.xml"


class WindowsPlatform:
    """See ``base.Platform``. ``program``: the command that starts the app; None: the program that is running."""

    name = "windows"
    hands_over = True
    finishing = frozenset({"autostart", "program"})

    def __init__(self, program: Sequence[str] | None = None, commands: Commands | None = None) -> None:
        self._executable = Path(win32api.GetModuleFileName(0))
        self._program = tuple(program or [str(self._executable)])
        self._system = PureWindowsPath(win32api.GetSystemDirectory())
        self._dead_man = DeadMan(commands or SystemCommands(), self._system)

    def hostname(self) -> str:
        """The computer's name."""
        return socket.gethostname()

    def system(self) -> str:
        """For example ``Windows 11 Pro 23H2 (22631)``."""
        release = registry.text(_VERSION_KEY, "DisplayVersion") or registry.text(_VERSION_KEY, "ReleaseId")
        return system_name(registry.text(_VERSION_KEY, "ProductName"), release, native.version().build)

    def refusal(self) -> Refusal | None:
        """See ``refusals``; which host software counts is built in. Our own service is ``autostart_command``'s."""
        return refusal(SystemProbe(), build_info.INSTALLED_HOSTS)

    def default_data_dir(self) -> Path:
        """A folder beside the program: whatever is ours is in one place."""
        return self._executable.parent / SESSION_FOLDER

    def boottime(self) -> float:
        """Windows' tick count, which goes on while the computer sleeps or hibernates."""
        return native.ticks_ms() / 1000

    def boot_id(self) -> str:
        """When the service control manager's process began: there is one a boot, and it does not end before.

        A "fast start-up" hibernates it, and the tick count with it: for both that is the same boot.
        """
        return str(native.process_created(native.process_id("services.exe")))

    # Files

    def make_private_directory(self, path: Path) -> None:
        """Create for the system and administrators alone, parents too; take others' rights from an existing one."""
        _refuse_links(path)
        for directory in reversed((path, *path.parents)):
            if not directory.is_dir():
                with windows_errors():
                    win32file.CreateDirectoryW(str(directory), security.attributes(PRIVATE_FOLDER))
                if directory == path:
                    return
        security.restrict(path, PRIVATE_FOLDER)

    @windows_errors()
    def make_private_file(self, path: Path) -> int:
        """Create for the system and administrators alone. What was there is deleted, so that the rights are new too."""
        _refuse_links(path.parent)
        path.unlink(missing_ok=True)
        handle: Any = win32file.CreateFile(
            str(path),
            win32con.GENERIC_WRITE,
            0,
            security.attributes(PRIVATE_FILE),
            win32con.CREATE_NEW,
            win32con.FILE_ATTRIBUTE_ARCHIVE,
            None,
        )
        return _descriptor(handle.Detach())

    def flush_directory(self, path: Path) -> None:
        """Nothing to do: NTFS journals a rename when it is made, and there is no way to flush a folder."""

    @contextlib.contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        """Hold the file open for this process alone; Windows closes and deletes it with the process."""
        handle = _open_alone(path)
        try:
            yield
        finally:
            handle.Close()

    @windows_errors()
    def protect(self, secret: bytes) -> bytes:
        """DPAPI for this computer: whoever may read the file may undo it here, and nobody elsewhere."""
        protect: Any = win32crypt.CryptProtectData
        data: bytes = protect(secret, None, _ENTROPY, None, None, _DPAPI_FLAGS)
        return data

    def unprotect(self, data: bytes) -> bytes:
        """Undo ``protect``."""
        unprotect: Any = win32crypt.CryptUnprotectData
        try:
            secret: bytes = unprotect(data, _ENTROPY, None, None, _DPAPI_FLAGS)[1]
        except pywintypes.error as error:
            raise ValueError(f"not protected on this computer: {error.strerror}") from error
        return secret

    # What is installed

    def program_folder(self) -> Path | None:
        """Where the unpacking stage put the app; None for a program that is anywhere else."""
        folder = self._executable.parent
        return folder if is_program_folder(PureWindowsPath(folder), program_files()) else None

    def autostart_entries(self) -> list[Entry]:
        """The service, and the scheduled task that would remove it."""
        entries = [Entry("service", f"service:{SERVICE}")]
        if self.program_folder() is not None:
            entries.append(Entry("scheduled task", f"task:{TASK}"))
        return entries

    def autostart_directories(self) -> list[Path]:
        """None: services and tasks are no files of ours."""
        return []

    def resume_command(self, arguments: Sequence[str]) -> list[str]:
        """Return the service's command."""
        return [*self._program, "--service", *arguments]

    def guard_installation(self) -> None:
        """Have RunOnce take the folder away at the next sign-in, unless there is a service by then."""
        folder = self.program_folder()
        if folder is not None:
            self._set_run_once(run_once_without_service(self._places(folder)))

    def install_autostart(self, command: Sequence[str], ends_in_s: float) -> None:
        """Make the service and the task. Without the task a session starts all the same: the log says so."""
        service_control.create(command)
        registry.set_text(SERVICE_PARAMETERS_KEY, _CUSTOMER_VALUE, session_probe.own_user())
        self._register_task(ends_in_s)
        registry.delete_value(RUN_ONCE_KEY, RUN_ONCE_VALUE)

    def autostart_command(self) -> list[str] | None:
        """Read the service's command."""
        return service_control.command()

    def autostart_exists(self, entry: Entry) -> bool:
        """Look where Windows itself keeps services and tasks."""
        kind, _, name = entry.path.partition(":")
        if kind == "task":
            return registry.key_exists(f"{TASKS_KEY}\\{name}")
        return service_control.exists()

    def remove_autostart(self) -> None:
        """Stop and delete the service, and delete the task."""
        try:
            service_control.stop(_STOP_WITHIN_S)
        except OSError as error:
            log.warning("service not stopped: %s", error)
        service_control.delete()
        registry.delete_value(RUN_ONCE_KEY, RUN_ONCE_VALUE)
        if self.program_folder() is not None:
            self._dead_man.delete()

    def hand_over(self) -> None:
        """Start the service."""
        service_control.start(START_WITHIN_S)

    def finish_removal(self) -> None:
        """Have cmd.exe stop and delete the service and the folder once this process is gone, see ``remover``.

        Whoever stops that half-way: from then on the task and RunOnce finish it at the next boot or sign-in.
        """
        self.restore_policy()
        folder = self.program_folder()
        if folder is None:
            service_control.delete()
            return
        places = self._places(folder)
        self._set_run_once(run_once(places))
        self._register_task(0.0)
        processes.start_detached(f"{interpreter(places)} {remover_arguments(places)}", Path(self._system))

    def helper_starter(self) -> WindowsHelperStarter:
        """Return what starts the resident's helpers."""
        customer = registry.text(SERVICE_PARAMETERS_KEY, _CUSTOMER_VALUE)
        return WindowsHelperStarter(self._program, customer)

    def open_desktop(self, listener: DesktopListener) -> Desktop:
        """See and control the desktop of the session this process is in."""
        # Only a desktop helper needs it, and every process pays for what it imports.
        from zuruf.host.platform.windows.desktop import WindowsDesktop

        self.restore_policy()
        return WindowsDesktop(listener, attention(self.default_data_dir()))

    def restore_policy(self) -> None:
        """Put back the policy that a Ctrl-Alt-Del changed whose process did not get to its end. Repeatable."""
        try:
            attention(self.default_data_dir()).restore()
        except OSError as error:
            log.warning("policy of Ctrl-Alt-Del not put back: %s", error)

    def _places(self, folder: Path) -> Places:
        return Places(self._system, program_files(), PureWindowsPath(folder)).checked()

    @staticmethod
    def _set_run_once(line: str) -> None:
        try:
            registry.set_text(RUN_ONCE_KEY, RUN_ONCE_VALUE, line)
        except OSError as error:
            log.warning("no RunOnce value: %s", error)

    def _register_task(self, ends_in_s: float) -> None:
        folder = self.program_folder()
        if folder is None:
            return
        file = self.default_data_dir() / _TASK_FILE
        text = task_xml(self._places(folder), datetime.now(UTC) + timedelta(seconds=ends_in_s))
        try:
            self.make_private_directory(file.parent)
            with os.fdopen(self.make_private_file(file), "wb") as stream:
                stream.write(text.encode(ENCODING))
            self._dead_man.register(str(file))
            file.unlink()
        except OSError as error:
            log.warning("no scheduled task: %s", error)


def program_files() -> PureWindowsPath:
    """Return the folder of this computer's programs."""
    # Not from the environment: a user may change that, and an elevated process inherits it.
    return PureWindowsPath(registry.text(_FOLDERS_KEY, "ProgramFilesDir"))


def _refuse_links(path: Path) -> None:
    """Raise OSError where the folder or the one it is in is a link to elsewhere.

    Above these two only administrators can make one, and some do put their programs on another disk so.
    """
    for directory in (path, path.parent):
        try:
            found = os.lstat(directory)
        except FileNotFoundError:
            continue
        if getattr(found, "st_file_attributes", 0) & win32con.FILE_ATTRIBUTE_REPARSE_POINT:
            raise PermissionError(f"a link is not taken for a folder of the app: {directory}")


def _open_alone(path: Path) -> Any:
    tries = 0
    while True:
        try:
            return win32file.CreateFile(
                str(path),
                win32con.GENERIC_READ | win32con.DELETE,
                0,
                security.attributes(PRIVATE_FILE),
                win32con.OPEN_ALWAYS,
                win32con.FILE_FLAG_DELETE_ON_CLOSE | win32file.FILE_FLAG_OPEN_REPARSE_POINT,
                None,
            )
        except pywintypes.error as error:
            if error.winerror not in (winerror.ERROR_SHARING_VIOLATION, winerror.ERROR_ACCESS_DENIED):
                raise OSError(None, error.strerror, str(path), error.winerror) from error
            tries += 1
            if tries == _LOCK_TRIES:
                raise AlreadyRunning(str(path)) from error
        # A virus scanner looks into a file for a moment; a host holds it for good.
        time.sleep(_LOCK_PAUSE_S)


def _descriptor(handle: int) -> int:
    runtime: Any = msvcrt
    descriptor: int = runtime.open_osfhandle(handle, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    return descriptor
