"""What the host needs from an operating system, as one Protocol. Adapters: ``x11/`` (Linux), ``windows/``."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from zuruf.host.platform.desktop import Desktop, DesktopListener
from zuruf.protocol.codes import Code


class AlreadyRunning(Exception):
    """Another process holds the lock of this data directory."""


class Refusal(NamedTuple):
    """Why this computer cannot be supported; ``detail`` names what was found, at most 80 printable characters."""

    code: Code
    detail: str = ""


class Entry(NamedTuple):
    """One thing that starts the app again; ``path`` is its file, or names what is no file (``service:…``)."""

    label: str
    path: str


class Platform(Protocol):
    """The customer's computer. Methods block for some milliseconds, never longer, unless they say otherwise."""

    name: str
    """Shown to the technician while pairing, for example ``linux-x11``."""
    hands_over: bool
    """Whether a session lives on in another process than the one that installed it: a Windows service's."""
    finishing: frozenset[str]
    """Kinds of ``state.Created`` that only ``finish_removal`` can take away: a process stands on them until it ends."""

    def hostname(self) -> str:
        """The computer's name."""
        ...

    def system(self) -> str:
        """Name and version of the operating system, for people."""
        ...

    def refusal(self) -> Refusal | None:
        """Why this computer cannot be supported, or None: one of the codes 501 to 503 and 506."""
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

    def protect(self, secret: bytes) -> bytes:
        """Encrypt for this computer what goes into a private file, where the system offers that."""
        ...

    def unprotect(self, data: bytes) -> bytes:
        """Undo ``protect``. Raises ValueError for anything else than its result on this computer."""
        ...

    def lock(self, path: Path) -> AbstractContextManager[None]:
        """Hold the lock file until the context is left. Raises AlreadyRunning while another process holds it."""
        ...

    def program_folder(self) -> Path | None:
        """The folder the app was unpacked into and takes away in the end; None where somebody else installed it."""
        ...

    def autostart_entries(self) -> list[Entry]:
        """What ``install_autostart`` makes, in that order."""
        ...

    def autostart_directories(self) -> list[Path]:
        """The directories that ``install_autostart`` makes where they are missing."""
        ...

    def resume_command(self, arguments: Sequence[str]) -> list[str]:
        """Return the command for ``install_autostart`` that goes on with a session; ``arguments`` say which one."""
        ...

    def guard_installation(self) -> None:
        """See to the removal of what was unpacked, should the power fail before ``install_autostart`` is through.

        Repeatable; ``install_autostart`` and ``remove_autostart`` call it off.
        """
        ...

    def install_autostart(self, command: Sequence[str], ends_in_s: float) -> None:
        """Start this command at every boot or sign-in, and see to its removal should it outlive the session's end.

        Repeatable. ``ends_in_s``: seconds until the session ends by the clock. Raises OSError.
        """
        ...

    def autostart_command(self) -> list[str] | None:
        """The command of the installed entry, or None. Tells whether another support session is on this computer."""
        ...

    def autostart_exists(self, entry: Entry) -> bool:
        """Whether the entry is on this computer."""
        ...

    def remove_autostart(self) -> None:
        """Take the entries away. Repeatable."""
        ...

    def hand_over(self) -> None:
        """Start the installed command and return when it runs: at most 30 s. Raises OSError."""
        ...

    def finish_removal(self) -> None:
        """Have the system take away, after this process has ended, what it still stands on. Called last; repeatable."""
        ...

    def open_desktop(self, listener: DesktopListener) -> Desktop:
        """Begin to see and control the desktop, within a running event loop. Raises NoScreen."""
        ...
