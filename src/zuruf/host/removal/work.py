"""Does what ``removal.plan`` says, on the real disk. Every function may be called again after any interruption."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from zuruf.host.platform.base import Entry, Platform
from zuruf.host.removal.plan import InstallStep, RemovalStep, deletion_order, inventory
from zuruf.host.state import Created, HostState, StateStore

log = logging.getLogger(__name__)

OnStep = Callable[[InstallStep | RemovalStep], None]
"""Told after each step; tests stop the host there."""


def missing_directories(path: Path) -> list[Path]:
    """Return the directory and those of its parents that do not exist, outermost first."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    return missing[::-1]


def planned(store: StateStore, platform: Platform) -> list[Created]:
    """Return what installing is going to make on this computer."""
    directories = [store.directory, *platform.autostart_directories()]
    missing = [directory for path in directories for directory in missing_directories(path)]
    return inventory(store.directory, platform.autostart_entries(), missing, platform.program_folder())


def install(
    state: HostState, store: StateStore, platform: Platform, command: Sequence[str], on_step: OnStep
) -> HostState:
    """Make the state durable and the host start again after a sign-in. Goes on where an interrupted one stopped."""
    platform.guard_installation()
    platform.make_private_directory(store.directory)
    on_step(InstallStep.DIRECTORY_MADE)
    store.save_now(state)
    on_step(InstallStep.STATE_SAVED)
    platform.install_autostart(command, max(0.0, state.timer.duration_s - state.timer.elapsed_s))
    on_step(InstallStep.AUTOSTART_INSTALLED)
    state.phase = "active"
    store.save_now(state)
    on_step(InstallStep.ACTIVATED)
    return state


def remove(created: Sequence[Created], platform: Platform, on_step: OnStep) -> list[Created]:
    """Delete everything but what the system must finish; returns what is left of it: nothing, it should be."""
    mine = [item for item in created if item.kind not in platform.finishing]
    early, late = deletion_order(mine)
    for item in early:
        _delete(item, platform)
    on_step(RemovalStep.FILES_DELETED)
    for item in late:
        _delete(item, platform)
    on_step(RemovalStep.AUTOSTART_REMOVED)
    return [item for item in mine if _exists(item, platform)]


def _delete(item: Created, platform: Platform) -> None:
    path = Path(item.path)
    try:
        if item.kind == "autostart":
            platform.remove_autostart()
        elif item.kind == "file":
            path.unlink(missing_ok=True)
        else:
            # Somebody else's file in a directory that the host made keeps the directory.
            with contextlib.suppress(FileNotFoundError):
                path.rmdir()
    except OSError as error:
        log.warning("not removed: %s: %s", item.label, error.strerror)


def _exists(item: Created, platform: Platform) -> bool:
    if item.kind == "autostart":
        return platform.autostart_exists(Entry(item.label, item.path))
    return Path(item.path).exists()
