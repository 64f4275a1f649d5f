"""A customer's computer in one folder: a second adapter of the Platform protocol, with real files and no desktop."""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from zuruf.host.platform.base import AlreadyRunning, Entry, Refusal
from zuruf.host.platform.desktop import Desktop, DesktopListener, NoScreen
from zuruf.protocol.codes import Code


class FolderPlatform:
    """Everything below ``root``. ``reason``: why this computer cannot be supported.

    While ``disk_answers`` is not set, nothing gets onto the disk.
    """

    name = "folder"
    hands_over = False
    finishing: frozenset[str] = frozenset()

    def __init__(self, root: Path, reason: Code | None = None) -> None:
        self.root = root
        self.reason = reason
        self.disk_answers = threading.Event()
        self.disk_answers.set()

    def hostname(self) -> str:
        return "kundenpc"

    def system(self) -> str:
        return "Folder 1"

    def refusal(self) -> Refusal | None:
        return None if self.reason is None else Refusal(self.reason)

    def default_data_dir(self) -> Path:
        return self.root / "state" / "zuruf"

    def boottime(self) -> float:
        return 0.0

    def boot_id(self) -> str:
        return "boot"

    def make_private_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)

    def make_private_file(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)

    def flush_directory(self, path: Path) -> None:
        self.disk_answers.wait(60)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def protect(self, secret: bytes) -> bytes:
        return b"folder:" + secret

    def unprotect(self, data: bytes) -> bytes:
        if not data.startswith(b"folder:"):
            raise ValueError("not protected here")
        return data.removeprefix(b"folder:")

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise AlreadyRunning from error
            yield
        finally:
            os.close(descriptor)

    def program_folder(self) -> Path | None:
        return None

    def autostart_path(self) -> Path:
        return self.root / "config" / "autostart" / "zuruf"

    def autostart_entries(self) -> list[Entry]:
        return [Entry("autostart entry", str(self.autostart_path()))]

    def autostart_directories(self) -> list[Path]:
        return [self.autostart_path().parent]

    def resume_command(self, arguments: Sequence[str]) -> list[str]:
        return ["zuruf-host", "--resume", *arguments]

    def guard_installation(self) -> None:
        pass

    def install_autostart(self, command: Sequence[str], ends_in_s: float) -> None:
        self.autostart_path().parent.mkdir(parents=True, exist_ok=True)
        self.autostart_path().write_text(json.dumps(list(command)))

    def autostart_command(self) -> list[str] | None:
        try:
            command: list[str] = json.loads(self.autostart_path().read_text())
        except FileNotFoundError:
            return None
        return command

    def autostart_exists(self, entry: Entry) -> bool:
        return Path(entry.path).exists()

    def remove_autostart(self) -> None:
        self.autostart_path().unlink(missing_ok=True)

    def hand_over(self) -> None:
        raise AssertionError("a folder has no other process")

    def finish_removal(self) -> None:
        pass

    def open_desktop(self, listener: DesktopListener) -> Desktop:
        raise NoScreen("a folder has no desktop")
