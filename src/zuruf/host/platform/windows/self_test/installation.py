"""Self-test of the installed form: a second copy of the app in a folder of its own becomes a service, and goes again.

All of it is what a session does, under other names: folder, rights, scheduled task, service, the system's processes,
the remover. What the service's processes find they write into a file (``system``).
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path, PureWindowsPath
from typing import Any

import msgspec
import win32api
import win32file
import win32service

from zuruf.host.platform.windows import registry, security, service_control
from zuruf.host.platform.windows.commands import SystemCommands
from zuruf.host.platform.windows.errors import windows_errors
from zuruf.host.platform.windows.names import (
    PROGRAM,
    RUN_ONCE_KEY,
    SELF_TEST,
    SERVICES_KEY,
    SESSION_FOLDER,
    TASKS_KEY,
)
from zuruf.host.platform.windows.platform import WindowsPlatform, program_files
from zuruf.host.platform.windows.remover import Places, run_once
from zuruf.host.platform.windows.sddl import PROGRAM_FOLDER
from zuruf.host.platform.windows.self_test.report import Failed, Line, Lines, NotPossible, Seen, Text
from zuruf.host.platform.windows.self_test.rights import checked
from zuruf.host.platform.windows.self_test.system import FOUND_FILE, LAST
from zuruf.host.platform.windows.task import ENCODING, DeadMan, task_xml

_START_WITHIN_S, _STOP_WITHIN_S = 60.0, 20.0
_FOUND_WITHIN_S = 240.0
_GONE_WITHIN_S = 150.0
_POLL_S = 0.1
WORK = "self-test-"
"""How the name of the self-test's own folder begins."""
_TASK_IN = timedelta(days=1)


def try_installation(lines: Lines, platform: WindowsPlatform, sas: bool) -> None:
    """Install, look, remove. ``sas``: whether Ctrl-Alt-Del may really be sent. Leaves nothing, whatever fails."""
    program = platform.program_folder()
    if program is None:
        reason = Text("die App läuft nicht aus ihrem Ordner", "the app does not run from its folder")
        lines.attempt("Installation", "installation", lambda: _not_possible(reason))
        return
    places = _places()
    dead_man = DeadMan(SystemCommands(), places.system, SELF_TEST)
    installation = _Installation(lines, places, dead_man, program)
    try:
        installation.run(platform, sas)
    finally:
        installation.clear()


def _not_possible(reason: Text) -> Seen:
    raise NotPossible(*reason)


def _places() -> Places:
    folder = program_files() / f"Zuruf Support Session {os.urandom(4).hex()}"
    return Places(PureWindowsPath(win32api.GetSystemDirectory()), program_files(), folder, SELF_TEST).checked()


class _Installation:
    def __init__(self, lines: Lines, places: Places, dead_man: DeadMan, program: Path) -> None:
        self._lines = lines
        self._places = places
        self._dead_man = dead_man
        self._program = program
        self._folder = Path(places.folder)
        self._data_dir = self._folder / SESSION_FOLDER

    def run(self, platform: WindowsPlatform, sas: bool) -> None:
        attempt = self._lines.attempt
        if not attempt("zweiten Programmordner anlegen", "make a second program folder", self._copy):
            return
        attempt(
            "Programm darin: nur System und Administratoren schreiben",
            "program in it: only system and administrators write",
            lambda: checked(self._folder / PROGRAM, PROGRAM_FOLDER),
        )
        platform.make_private_directory(self._data_dir)
        attempt("geplante Aufgabe anlegen", "register the scheduled task", lambda: self._register(platform))
        if not attempt("Dienst anlegen", "make the service", lambda: self._create(sas)):
            return
        attempt("Dienst: Einstellungen", "service: settings", _settings)
        attempt("Dienst: Neustart nach Fehlern", "service: restart after failures", _failure_actions)
        if attempt("Dienst starten", "start the service", lambda: _timed(self._start)):
            self._findings()
            attempt("Dienst anhalten", "stop the service", lambda: _timed(self._stop))
        attempt("RunOnce-Eintrag anlegen", "make the RunOnce value", self._run_once)
        attempt(
            "Entfernung: Dienst, Aufgabe, RunOnce, Ordner mit laufendem Programm",
            "removal: service, task, RunOnce, folder with a running program",
            self._remove,
        )

    def clear(self) -> None:
        """Take away what is left, where something failed."""
        actions: tuple[Callable[[], None], ...] = (
            lambda: service_control.stop(_STOP_WITHIN_S, SELF_TEST),
            lambda: service_control.delete(SELF_TEST),
            lambda: registry.delete_value(RUN_ONCE_KEY, SELF_TEST),
            lambda: self._dead_man.delete() if _task_exists() else None,
        )
        for action in actions:
            with contextlib.suppress(OSError):
                action()
        until = time.monotonic() + _STOP_WITHIN_S
        while self._folder.exists() and time.monotonic() < until:
            shutil.rmtree(self._folder, ignore_errors=True)
            time.sleep(_POLL_S)

    def _copy(self) -> Seen:
        with windows_errors():
            win32file.CreateDirectoryW(str(self._folder), security.attributes(PROGRAM_FOLDER))
        begin = time.monotonic()
        shutil.copytree(
            self._program,
            self._folder,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns(SESSION_FOLDER, f"{WORK}*", "*.log"),
        )
        seconds = time.monotonic() - begin
        files = [file for file in self._folder.rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in files) / 1e6
        return Text(
            f"{len(files)} Dateien, {size:.0f} MB, {seconds:.1f} s",
            f"{len(files)} files, {size:.0f} MB, {seconds:.1f} s",
        )

    def _register(self, platform: WindowsPlatform) -> Seen:
        file = self._data_dir / "task.xml"
        with os.fdopen(platform.make_private_file(file), "wb") as stream:
            stream.write(task_xml(self._places, datetime.now(UTC) + _TASK_IN).encode(ENCODING))
        self._dead_man.register(str(file))
        file.unlink()
        if not _task_exists():
            raise Failed("nicht angelegt", "not registered")
        return SELF_TEST

    def _create(self, sas: bool) -> str:
        data = str(self._data_dir)
        flags = ["--self-test-sas"] if sas else []
        command = [str(self._folder / PROGRAM), "--service", "--data-dir", data, "--self-test", data, *flags]
        service_control.create(command, SELF_TEST)
        if service_control.command(SELF_TEST) != command:
            raise Failed("hat einen anderen Befehl", "has another command")
        return SELF_TEST

    def _start(self) -> None:
        service_control.start(_START_WITHIN_S, SELF_TEST)

    def _stop(self) -> None:
        service_control.stop(_STOP_WITHIN_S, SELF_TEST)

    def _findings(self) -> None:
        """Take over what the service's processes found."""
        file = self._data_dir / FOUND_FILE
        until = time.monotonic() + _FOUND_WITHIN_S
        taken = 0
        while time.monotonic() < until:
            written = file.read_bytes().splitlines(keepends=True) if file.exists() else []
            for data in written[taken:]:
                if data == LAST:
                    return
                if data.endswith(b"\n"):
                    self._lines.add(msgspec.json.decode(data, type=Line))
                    taken += 1
            time.sleep(_POLL_S)
        self._lines.attempt("Prozesse des Systems", "the system's processes", self._silent)

    def _silent(self) -> Seen:
        log = self._data_dir / "resident.log"
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
        raise Failed(f"sind nicht fertig geworden: {tail}", f"did not get to their end: {tail}")

    def _run_once(self) -> str:
        line = run_once(self._places)
        registry.set_text(RUN_ONCE_KEY, SELF_TEST, line)
        if registry.text(RUN_ONCE_KEY, SELF_TEST) != line:
            raise Failed("anders gelesen als geschrieben", "read otherwise than written")
        return f"{len(line)} characters"

    def _remove(self) -> str:
        """Start the service once more: its second run starts the remover, as the end of a session does."""
        self._start()
        begin = time.monotonic()
        while time.monotonic() - begin < _GONE_WITHIN_S:
            left = self._left()
            if not left:
                return f"{time.monotonic() - begin:.1f} s"
            time.sleep(_POLL_S)
        text = ", ".join(left)
        raise Failed(f"übrig: {text}", f"left: {text}")

    def _left(self) -> list[str]:
        found = {
            str(self._folder): self._folder.exists(),
            "service": registry.key_exists(f"{SERVICES_KEY}\\{SELF_TEST}"),
            "task": _task_exists(),
            "RunOnce": bool(registry.text(RUN_ONCE_KEY, SELF_TEST)),
        }
        return [name for name, there in found.items() if there]


def _timed(action: Callable[[], None]) -> str:
    begin = time.monotonic()
    action()
    return f"{(time.monotonic() - begin) * 1000:.0f} ms"


def _task_exists() -> bool:
    return registry.key_exists(f"{TASKS_KEY}\\{SELF_TEST}")


@windows_errors()
def _read(what: Callable[[Any], Any]) -> Any:
    manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_CONNECT)
    try:
        service = win32service.OpenService(manager, SELF_TEST, win32service.SERVICE_QUERY_CONFIG)
        try:
            return what(service)
        finally:
            win32service.CloseServiceHandle(service)
    finally:
        win32service.CloseServiceHandle(manager)


def _settings() -> str:
    config = _read(win32service.QueryServiceConfig)
    kind, start, account = config[0], config[1], config[7]
    text = f"{account} · start {start} · type {kind:#x}"
    expected = (win32service.SERVICE_WIN32_OWN_PROCESS, win32service.SERVICE_AUTO_START, "LocalSystem")
    if (kind, start, account) != expected:
        raise Failed(text, text)
    return text


def _failure_actions() -> str:
    query: Any = win32service.QueryServiceConfig2
    actions = _read(lambda service: query(service, win32service.SERVICE_CONFIG_FAILURE_ACTIONS))
    found = [tuple(action) for action in actions["Actions"] or ()]
    text = " · ".join(f"{kind} {after_ms} ms" for kind, after_ms in found)
    if len(found) != 3 or {kind for kind, _after in found} != {win32service.SC_ACTION_RESTART}:
        raise Failed(text or "-", text or "-")
    return text
