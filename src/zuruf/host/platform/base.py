"""What the host needs from an operating system, as one Protocol. Adapters: ``x11/`` (Linux), ``windows/``."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from zuruf.host.platform.desktop import Desktop, DesktopListener
from zuruf.protocol.codes import Code


class AlreadyRunning(Exception):
    """Another process holds the lock of this data directory."""


class Platform(Protocol):
    """The customer's computer. Methods may block for some milliseconds, never longer."""

    name: str
    """Shown to the technician while pairing, for example ``linux-x11``."""

    def hostname(self) -> str:
        """The computer's name."""
        ...

    def system(self) -> str:
        """Name and version of the operating system, for people."""
        ...

    def refusal(self) -> Code | None:
        """Why this computer cannot be supported (NOT_ADMINISTRATOR, SYSTEM_TOO_OLD, NO_SCREEN), or None."""
        ...

    def default_data_dir(self) -> Path:
        """Where the host keeps its state unless told otherwise."""
        ...

    def boottime(self) -> float:
        """Seconds since the boot, suspension included; moved by nobody's clock change."""
        ...

    def boot_id(self) -> str:
        """A text that is the same until the next boot and never again."""
        ...

    def make_private_directory(self, path: Path) -> None:
        """Create the directory (and its parents) readable by its owner alone, or make an existing one so."""
        ...

    def make_private_file(self, path: Path) -> int:
        """Create or empty a file readable by its owner alone; returns a file descriptor open for writing."""
        ...

    def flush_directory(self, path: Path) -> None:
        """Make renames in this directory survive a power cut."""
        ...

    def lock(self, path: Path) -> AbstractContextManager[None]:
        """Hold the lock file until the context is left. Raises AlreadyRunning while another process holds it."""
        ...

    def autostart_path(self) -> Path:
        """The file that ``install_autostart`` writes; where there is no file, a path that names the entry."""
        ...

    def install_autostart(self, command: Sequence[str]) -> None:
        """Start this command at the customer's next sign-in. Repeatable."""
        ...

    def autostart_command(self) -> list[str] | None:
        """The command of the installed entry, or None. Tells whether another support session is on this computer."""
        ...

    def remove_autostart(self) -> None:
        """Take the entry away. Repeatable."""
        ...

    def open_desktop(self, listener: DesktopListener) -> Desktop:
        """Begin to see and control the desktop, within a running event loop. Raises NoScreen."""
        ...
