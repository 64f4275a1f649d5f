"""A Windows computer under Wine: a prefix and a screen of its own, programs on it, reboots, and what is on its disk.

Every computer is a copy of one prefix that is made once for all tests. Wine's own traps are dealt with here.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import eventually
from tests.support.x11 import XServer, x_server

# bcryptprimitives.dll of Wine 8 lacks what Windows 10 has and the cryptography library calls; the test prefix only.
_SHIM = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T length) { return SystemFunction036(data, length); }
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) { return TRUE; }
"""
_TASK = """<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
<Actions><Exec><Command>cmd.exe</Command></Exec></Actions></Task>"""
_RUN_ONCE = r"HKLM\Software\Microsoft\Windows\CurrentVersion\RunOnce"
_BOOT_S = 120
_KILL_S = 20
# What Wine writes by itself: caches, times, fonts, the drivers it enumerates anew at each boot.
_WINES_OWN = re.compile(
    r"^files/(windows/(temp|inf|Prefetch)|ProgramData/Microsoft|users/[^/]+/(Temp|AppData/Local/Temp|Recent))(/|$)"
    r"|^registry/(system|user)/.*(\\Fonts|\\Enum\\|\\Control\\Video\\|\\Hardware\\|\\DeviceClasses\\|\\MountedDevices"
    r"|Explorer\\|\\Print\\|\\Time Zones?\\|\\TimeZoneInformation|\\Nls\\|DevicePath|\\Wine\\(Debug|Drivers|Fonts)"
    r"|\\Class\\\{|\\International|\\Session Manager\\Environment|\\Keyboard Layout|\\Volatile Environment)"
)


@dataclass(frozen=True)
class Language:
    """The system's language, as Wine takes it from the locale."""

    locale: str


ENGLISH, GERMAN = Language("en_US.UTF-8"), Language("de_DE.UTF-8")


def template(folder: Path) -> Path:
    """Return a booted prefix to copy from; made by the first caller, in some seconds, and shared by the others."""
    folder.mkdir(parents=True, exist_ok=True)
    prefix = folder / "prefix"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(prefix, ignore_errors=True)
            locales(folder)
            with x_server(640, 480) as screen:
                computer = WineComputer(prefix, screen, folder, ENGLISH)
                computer.wine("wineboot", "-i", patience_s=_BOOT_S)
                computer.set_version("win10")
                _control_run(computer)
            source = folder / "shim.c"
            source.write_text(_SHIM)
            target = prefix / "drive_c/windows/system32/bcryptprimitives.dll"
            # Wine's own file is replaced whole: a copy of the prefix may share it.
            target.unlink(missing_ok=True)
            subprocess.run(
                ["x86_64-w64-mingw32-gcc", "-shared", "-O2", "-s", "-nostartfiles", "-e", "DllMain", "-o", target,
                 source, "-ladvapi32"], check=True, timeout=60,
            )  # fmt: skip
            _own_folders(prefix / "drive_c/users")
            (folder / "ready").touch()
    return prefix


def _control_run(computer: "WineComputer") -> None:
    """Do once what the app asks of Windows, without the app: what Wine writes by itself then is no trace of the app."""
    computer.shut_down()
    computer.boot()
    file = computer.drive / "users/control.xml"
    file.write_text(_TASK, encoding="utf-16")
    computer.wine("schtasks", "/create", "/f", "/tn", "control", "/xml", computer.windows_path(file))
    computer.wine("schtasks", "/delete", "/f", "/tn", "control")
    file.unlink()
    computer.wine("reg", "add", _RUN_ONCE, "/v", "control", "/d", "cmd /d /c exit")
    computer.shut_down()
    computer.boot()
    eventually(lambda: not computer.running("conhost"), "the console has closed")
    computer.shut_down()


def _own_folders(users: Path) -> None:
    """Give people folders of their own: Wine makes links to the home directory of this machine's user."""
    for link in [path for path in users.rglob("*") if path.is_symlink()]:
        link.unlink()
        link.mkdir()


def locales(folder: Path) -> None:
    """Compile the locales that Wine takes its language from into a folder of the tests."""
    for language in (ENGLISH, GERMAN):
        name = language.locale.split(".")[0]
        subprocess.run(
            ["localedef", "-i", name, "-f", "UTF-8", str(folder / language.locale)],
            check=False, capture_output=True, timeout=60,
        )  # fmt: skip
        assert (folder / language.locale / "LC_CTYPE").exists(), f"the locale {language.locale} was not made"


class WineComputer:
    """A customer's PC. ``work``: where logs go and what it shares with the test."""

    def __init__(self, prefix: Path, screen: XServer, locales: Path, language: Language = GERMAN) -> None:
        self.prefix = prefix
        self.screen = screen
        self.drive = prefix / "drive_c"
        self.log = prefix.parent / f"{prefix.name}.log"
        self.extra: dict[str, str] = {}
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(prefix.parent),
            "USER": "anna",
            "DISPLAY": screen.display,
            "WINEPREFIX": str(prefix),
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winedbg.exe=d;winemenubuilder.exe=d",
            "WINEDEBUG": "-all",
            "LOCPATH": str(locales),
            "LC_ALL": language.locale,
            "XDG_RUNTIME_DIR": str(prefix.parent),
        }
        self._programs: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> Mapping[str, str]:
        """For programs on this computer."""
        return {**self._environment, **self.extra}

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a program and do not wait for it; what it prints goes to the log."""
        with self.log.open("ab") as log:
            program = subprocess.Popen(
                ["wine", *command], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.prefix.parent, start_new_session=True,
            )  # fmt: skip
        self._programs.append(program)
        return program

    def wine(self, *command: str, patience_s: float = 60) -> str:
        """Run a program to its end and return what it printed. Its return code is no evidence under Wine."""
        # Into a file, not a pipe: what the program leaves running would hold the pipe open.
        output = self.prefix.parent / f"{self.prefix.name}.out"
        with output.open("wb") as file:
            done = subprocess.run(
                ["timeout", "-k", "5", str(patience_s), "wine", *command], env=self.environment, check=False,
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, cwd=self.prefix.parent,
            )  # fmt: skip
        text = output.read_text(encoding="utf-8", errors="replace")
        assert done.returncode not in (124, 137), f"{command} did not end: {text[-2000:]}"
        return text

    def windows_path(self, path: Path) -> str:
        """Return how programs on this computer name a file of this machine."""
        if path.is_relative_to(self.drive):
            return "C:\\" + str(path.relative_to(self.drive)).replace("/", "\\")
        return "Z:" + str(path).replace("/", "\\")

    def set_version(self, version: str) -> None:
        """Be another Windows from now on: ``win10``, ``win81``, ``win7``."""
        self.wine("winecfg", "-v", version)

    # Power

    def shut_down(self) -> None:
        """Switch off: every process ends, the registry reaches the disk."""
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False, timeout=_KILL_S)
        subprocess.run(["wineserver", "-w"], env=self.environment, check=False, timeout=_KILL_S)
        self._reap()

    def cut_power(self) -> None:
        """Every program stops in the middle of what it does. What was written through to the disk is on it.

        Wine 8 cannot write its registry through: here it keeps what was in it, as a flushed one does.
        """
        programs = [pid for pid in self.processes() if not _is_wineserver(pid)]
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in programs:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        self.shut_down()

    def boot(self) -> None:
        """Switch on and sign in: services start, RunOnce is obeyed."""
        # Wine switches itself off when nothing runs but services; a customer's desktop runs all the time.
        desktop = subprocess.Popen(
            ["wine", "cmd"], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=self.prefix.parent, start_new_session=True,
        )  # fmt: skip
        self._programs.append(desktop)
        eventually(lambda: self.running("system32\\cmd.exe"), "the computer has started", _BOOT_S)
        self.wine("wineboot", "-r", patience_s=_BOOT_S)

    def _reap(self) -> None:
        for program in self._programs:
            if program.stdin is not None:
                program.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(_KILL_S)
        self._programs.clear()

    def processes(self) -> list[int]:
        """Return the pids (of this machine) of everything that runs in the prefix."""
        wanted = f"WINEPREFIX={self.prefix}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if wanted in (folder / "environ").read_bytes().split(b"\0"):
                        found.append(int(folder.name))
        return found

    def running(self, name: str) -> list[int]:
        """Return the pids of programs whose command line has this in it."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    # Screen

    def windows(self, title: str) -> list[str]:
        """Return the X windows whose title has this in it."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title], env={**self.screen.environment},
            check=False, capture_output=True, text=True, timeout=20,
        )  # fmt: skip
        return found.stdout.split()

    def wait_window(self, title: str, patience_s: float = 60) -> str:
        """Return the window with this title once it is there."""
        return eventually(lambda: (self.windows(title) or [""])[0], f"a window {title!r}", patience_s)

    def type(self, text: str) -> None:
        """Type on the computer's own keyboard, into whatever has the focus."""
        self.screen.run("xdotool", "type", "--delay", "15", text)

    def press(self, *keys: str) -> None:
        """Press keys, by their X names."""
        self.screen.run("xdotool", "key", "--delay", "15", *keys)

    def picture(self, file: Path) -> Path:
        """Save what is on the screen as PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.screen.run("import", "-window", "root", str(file))
        return file

    # What is on it

    def inventory(self) -> dict[str, str]:
        """Return everything on the disk and in the registry, without what Wine itself writes; switch off first."""
        found: dict[str, str] = {}
        for path in self.drive.rglob("*"):
            name = f"files/{path.relative_to(self.drive)}"
            if _WINES_OWN.search(name):
                continue
            if path.is_symlink() or path.is_dir():
                found[name] = "directory"
            else:
                stat = path.stat()
                # Programs of Wine are big and never written to; everything else is compared by content.
                big = stat.st_size > 1_000_000
                content = f"{stat.st_size} {stat.st_mtime_ns}" if big else _digest(path)
                found[name] = content
        for hive in ("system", "user", "userdef"):
            found |= _registry(self.prefix / f"{hive}.reg", hive)
        return found


def _is_wineserver(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("wineserver")
    except OSError:
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _registry(file: Path, hive: str) -> dict[str, str]:
    """Return key and value name → value of one of Wine's registry files."""
    found: dict[str, str] = {}
    key = ""
    pending = ""
    for raw in file.read_text(encoding="utf-8", errors="replace").splitlines():
        line = pending + raw.strip() if pending else raw
        pending = ""
        if line.endswith("\\") and not line.startswith("["):
            pending = line[:-1]
            continue
        if line.startswith("["):
            key = f"registry/{hive}/" + line[1 : line.rindex("]")].replace("\\\\", "\\")
            if not _WINES_OWN.search(key):
                found[key] = "key"
        elif line.startswith(('"', "@")):
            name, _, value = line.partition("=")
            full = f"{key}\\{name}"
            if not _WINES_OWN.search(full):
                found[full] = value
    return found


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Return what differs: name → (before, after)."""
    names = before.keys() | after.keys()
    return {name: (before.get(name), after.get(name)) for name in sorted(names) if before.get(name) != after.get(name)}


def copy_prefix(source: Path, target: Path) -> None:
    """Copy a prefix. Unchanged files share their data; Wine replaces a file that it writes, and so do programs here."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True, timeout=120)


@contextlib.contextmanager
def wine_computer(folder: Path, template_folder: Path, language: Language = GERMAN) -> Iterator[WineComputer]:
    """Run a computer of its own until the context is left."""
    prefix = folder / "pc"
    copy_prefix(template(template_folder), prefix)
    with (
        x_server(1280, 800) as screen,
        screen.program("openbox", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
    ):
        computer = WineComputer(prefix, screen, template_folder, language)
        try:
            computer.boot()
            yield computer
        finally:
            computer.shut_down()
            shutil.rmtree(prefix, ignore_errors=True)
