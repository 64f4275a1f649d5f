"""The ordered steps of installing and of removing, and the receipt. Pure: who does them is ``removal.work``.

Every step may be repeated. The state file says from its first moment what will be made, so a host that is killed at
any step finds out at its next start. The autostart entry goes last of all: as long as anything is left, something
starts that finishes the work; an entry without a state is taken away by the start that finds it so.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from zuruf.host.platform.base import Entry
from zuruf.host.state import LOCK_FILE, STATE_FILE, STATE_FILE_NEW, Created, Ending

DATA_DIRECTORY_LABEL = "data directory"
PROGRAM_LABEL = "program folder"
DOWNLOAD_LABEL = "downloaded file"

TECHNICIAN, CUSTOMER, EXPIRED, REJECTED = "technician", "customer", "expired", "rejected"
"""Why a session ends here; ``rejected``: the server knows it no longer."""
BY = {TECHNICIAN: "technician", CUSTOMER: "customer", EXPIRED: "clock", REJECTED: "server"}
"""Who ended a session, by its reason."""


class InstallStep(StrEnum):
    """In this order, from the verified code to the active session."""

    DIRECTORY_MADE = "directory-made"
    STATE_SAVED = "state-saved"
    AUTOSTART_INSTALLED = "autostart-installed"
    ACTIVATED = "activated"
    HANDED_OVER = "handed-over"


class RemovalStep(StrEnum):
    """In this order, from the end of the session to nothing."""

    END_RECORDED = "end-recorded"
    CONNECTIONS_CLOSED = "connections-closed"
    FILES_DELETED = "files-deleted"
    AUTOSTART_REMOVED = "autostart-removed"
    RECEIPT_MADE = "receipt-made"
    SYSTEM_FINISHES = "system-finishes"


def inventory(
    data_directory: Path, entries: Iterable[Entry], missing: Iterable[Path], program: Path | None = None
) -> list[Created]:
    """Return everything the host is going to make, in that order.

    ``missing``: directories that do not exist yet. ``program``: the folder the app takes away with itself; what is in
    it and holds no secret goes with it.
    """
    if program is not None and program in data_directory.parents:
        created = [Created(kind="program", label=PROGRAM_LABEL, path=str(program))]
        names: tuple[str, ...] = (STATE_FILE, STATE_FILE_NEW)
    else:
        created = [
            Created(kind="directory", label=_directory_label(path, data_directory), path=str(path))
            for path in dict.fromkeys(missing)
        ]
        names = (LOCK_FILE, STATE_FILE, STATE_FILE_NEW)
    created += [Created(kind="file", label=name, path=str(data_directory / name)) for name in names]
    created += [Created(kind="autostart", label=entry.label, path=entry.path) for entry in entries]
    return created


def _directory_label(path: Path, data_directory: Path) -> str:
    return DATA_DIRECTORY_LABEL if path == data_directory else f"directory {path.name}"


def fallback_inventory(data_directory: Path, entries: Iterable[Entry], program: Path | None = None) -> list[Created]:
    """Return what a host must have made whose state cannot be read."""
    return inventory(data_directory, entries, [data_directory], program)


def deletion_order(created: Sequence[Created]) -> tuple[list[Created], list[Created]]:
    """Return what to delete before the autostart entry and what after it; a directory after what is in it.

    The state goes last among the files: it is what a killed removal is resumed from. The program is in neither part.
    """
    files = [item for item in created if item.kind == "file"]
    files.sort(key=lambda item: item.label == STATE_FILE)
    entries = [item for item in created if item.kind == "autostart"]
    directories = [item for item in created if item.kind == "directory"][::-1]
    inside = {parent for item in entries for parent in Path(item.path).parents}
    late = [item for item in directories if Path(item.path) in inside]
    early = [item for item in directories if Path(item.path) not in inside]
    return files + early, entries + late


def receipt(
    ending: Ending,
    created: Sequence[Created],
    left: Sequence[Created],
    finishing: Collection[str] = (),
    downloaded: bool | None = None,
) -> dict[str, object]:
    """Return the removal receipt: why, by whom and when the session ended, what was there and what is gone.

    ``finishing``: kinds that the operating system takes away as soon as the process that signs this has ended.
    ``downloaded``: whether the customer's downloaded file is gone; None: it stays, as the customer wants it.
    """
    extra = [] if downloaded is None else [DOWNLOAD_LABEL]
    return {
        "reason": ending.reason,
        "by": BY[ending.reason],
        "at": ending.at,
        "installed": [item.label for item in created] + extra,
        "removed": [item.label for item in created if item.kind not in finishing and item not in left]
        + (extra if downloaded else []),
        "finishing": [item.label for item in created if item.kind in finishing],
    }
