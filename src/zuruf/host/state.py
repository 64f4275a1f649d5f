"""What the host remembers between starts, in one private file that is replaced atomically. Not for deciding anything.

The file holds the session's secrets (host key, salt, PRS): they open this session only, and go first when it ends.
It is protected as the platform can: its owner's alone, and encrypted for this computer where the system offers that.
"""

import asyncio
import os
import threading
from pathlib import Path
from typing import Literal

import msgspec

from zuruf.host.clock import TimerMark
from zuruf.host.connection.tries import TriesRecord
from zuruf.host.consent.rights import Rights
from zuruf.host.platform.base import Platform
from zuruf.protocol.control import Report

STATE_FILE = "state.json"
STATE_FILE_NEW = "state.json.new"
LOCK_FILE = "lock"
LOG_FILE = "host.log"
_STATE_MAX_BYTES = 256 * 1024


class Created(msgspec.Struct, frozen=True):
    """One thing the host makes on this computer; written down before it is made. ``label`` goes into the receipt."""

    kind: Literal["directory", "file", "autostart", "program"]
    label: str
    path: str


class Ending(msgspec.Struct, frozen=True):
    """Why and when (ISO 8601, UTC) the session ended."""

    reason: Literal["technician", "customer", "expired", "rejected"]
    at: str


class HostState(msgspec.Struct, kw_only=True):
    """One session on this computer."""

    phase: Literal["installing", "active", "removing"]
    session_id: str
    number: str
    server: str
    certificate_authority: str = ""
    """PEM text; empty: the computer's own authorities."""
    private_key: bytes
    salt: bytes
    prs: bytes
    tools: list[str]
    technician: str
    company: str
    downloaded: str = ""
    """Path of the file the customer downloaded; empty where there is none."""
    timer: TimerMark
    tries: TriesRecord = TriesRecord()
    rights: Rights = Rights()
    reports: list[Report] = []
    created: list[Created] = []
    ending: Ending | None = None


class UnreadableState(Exception):
    """There is a state file, and it is not one of ours or damaged."""


class StateStore:
    """Loads, saves and deletes the state in one data directory."""

    def __init__(self, directory: Path, platform: Platform) -> None:
        self.directory = directory
        self._platform = platform
        self._order = asyncio.Lock()
        self._writing = threading.Lock()
        self._closed = False

    @property
    def file(self) -> Path:
        """Where the state is."""
        return self.directory / STATE_FILE

    def load(self) -> HostState | None:
        """Return the saved state, or None without one. Raises UnreadableState."""
        try:
            with self.file.open("rb") as file:
                data = file.read(_STATE_MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableState(str(error)) from error
        if len(data) > _STATE_MAX_BYTES:
            raise UnreadableState("too large")
        try:
            return msgspec.json.decode(self._platform.unprotect(data), type=HostState)
        except (msgspec.DecodeError, ValueError) as error:
            raise UnreadableState("damaged") from error

    def save_now(self, state: HostState) -> None:
        """Replace the file; when this returns, the state survives a power cut. Does nothing after ``close``."""
        self._write(msgspec.json.encode(state))

    async def save(self, state: HostState) -> None:
        """Like ``save_now``, with the disk's waiting done in a thread. Saves happen in the order of the calls."""
        async with self._order:
            await asyncio.to_thread(self._write, msgspec.json.encode(state))

    async def close(self) -> None:
        """Let saves under way finish and take no further one: removal begins, or the host stops."""
        async with self._order:
            await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._writing:
            self._closed = True

    def _write(self, state: bytes) -> None:
        data = self._platform.protect(state)
        # Whoever waits in ``save`` may be cancelled, the thread that writes for them is not: hence a second lock.
        with self._writing:
            if self._closed:
                return
            new = self.directory / STATE_FILE_NEW
            with os.fdopen(self._platform.make_private_file(new), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.file)
            self._platform.flush_directory(self.directory)
