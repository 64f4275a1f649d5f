"""The Platform of a Linux desktop. Needs no administrator: it sees and controls what its own user sees and controls."""

import contextlib
import fcntl
import os
import platform
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xcffib

from zuruf.host.platform.base import AlreadyRunning, Entry, Refusal
from zuruf.host.platform.desktop import DesktopListener
from zuruf.host.platform.x11 import autostart
from zuruf.host.platform.x11.desktop import X11Desktop
from zuruf.protocol.codes import Code

_REQUIRED_EXTENSIONS = ("DAMAGE", "XFIXES", "XTEST", "XKEYBOARD")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class X11Platform:
    """See ``base.Platform``. ``display``: an X display's name; None: the one in the environment."""

    name = "linux-x11"
    hands_over = False
    finishing: frozenset[str] = frozenset()

    def __init__(self, display: str | None = None) -> None:
        self._display = display

    def hostname(self) -> str:
        """The computer's name."""
        return socket.gethostname()

    def system(self) -> str:
        """The distribution's own name for itself, and the kernel's release."""
        try:
            distribution = platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            distribution = platform.system()
        return f"{distribution}, kernel {platform.release()}"

    def refusal(self) -> Refusal | None:
        """NO_SCREEN where there is no X server, or one without the extensions remote control needs."""
        connect: Any = xcffib.connect
        try:
            connection = connect(self._display)
        except (xcffib.XcffibException, OSError):
            return Refusal(Code.NO_SCREEN)
        try:
            asked = [connection.core.QueryExtension(len(name), name) for name in _REQUIRED_EXTENSIONS]
            return None if all(cookie.reply().present for cookie in asked) else Refusal(Code.NO_SCREEN)
        except xcffib.XcffibException:
            return Refusal(Code.NO_SCREEN)
        finally:
            connection.disconnect()

    def default_data_dir(self) -> Path:
        """A folder of its own below the XDG state directory."""
        return _xdg("XDG_STATE_HOME", ".local/state") / "zuruf-support-session"

    def boottime(self) -> float:
        """CLOCK_BOOTTIME, which goes on while the computer is suspended."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def boot_id(self) -> str:
        """The kernel's random identifier of this boot."""
        return _BOOT_ID.read_text(encoding="ascii").strip()

    def make_private_directory(self, path: Path) -> None:
        """Create with mode 0700, parents too; take others' rights from an existing one."""
        for directory in reversed((path, *path.parents)):
            if not directory.is_dir():
                directory.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)

    def make_private_file(self, path: Path) -> int:
        """Create or empty with mode 0600; a link in its place is refused."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        return descriptor

    def flush_directory(self, path: Path) -> None:
        """Fsync the directory."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def protect(self, secret: bytes) -> bytes:
        """Return it as it is: a file of mode 0600 is the protection here."""
        return secret

    def unprotect(self, data: bytes) -> bytes:
        """Return it as it is."""
        return data

    @contextlib.contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        """Hold an flock, which the kernel takes away with the process."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunning(str(path)) from error
            yield
        finally:
            os.close(descriptor)

    def program_folder(self) -> Path | None:
        """None: the package manager's, or whoever's, who installed the program."""
        return None

    @property
    def _entry(self) -> Path:
        return _xdg("XDG_CONFIG_HOME", ".config") / "autostart" / autostart.FILE_NAME

    def autostart_entries(self) -> list[Entry]:
        """The entry in the user's XDG autostart directory."""
        return [Entry("autostart entry", str(self._entry))]

    def autostart_directories(self) -> list[Path]:
        """The user's XDG autostart directory."""
        return [self._entry.parent]

    def resume_command(self, arguments: Sequence[str]) -> list[str]:
        """This Python, with this app."""
        return [sys.executable, "-m", "zuruf.host.app", "--resume", *arguments]

    def guard_installation(self) -> None:
        """Nothing to do: the app lives where somebody else put it."""

    def install_autostart(self, command: Sequence[str], ends_in_s: float) -> None:
        """Write the entry whole or not at all."""
        path = self._entry
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with os.fdopen(self.make_private_file(fresh), "w", encoding="utf-8") as file:
            file.write(autostart.entry(command))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        self.flush_directory(path.parent)

    def autostart_command(self) -> list[str] | None:
        """Read the entry."""
        try:
            return autostart.command_of(self._entry.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return None

    def autostart_exists(self, entry: Entry) -> bool:
        """Look for the entry's file."""
        return Path(entry.path).exists()

    def remove_autostart(self) -> None:
        """Delete the entry, and what an interrupted installation left beside it."""
        path = self._entry
        path.unlink(missing_ok=True)
        path.with_suffix(".new").unlink(missing_ok=True)

    def hand_over(self) -> None:
        """Nothing to do: the process that installed the session goes on with it."""

    def finish_removal(self) -> None:
        """Nothing to do: everything is gone already."""

    def open_desktop(self, listener: DesktopListener) -> X11Desktop:
        """Connect to the display."""
        return X11Desktop(self._display, listener)


def _xdg(variable: str, default: str) -> Path:
    """Return a base directory of the user (XDG Base Directory Specification: relative values are ignored)."""
    configured = Path(os.environ.get(variable, ""))
    return configured if configured.is_absolute() else Path.home() / default
