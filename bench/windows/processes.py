"""What the processes of the installed app cost: CPU seconds, and memory as Windows would count it."""

import contextlib
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.wine import WineComputer

ROLES = ("service", "resume", "window", "desktop")
"""The processes of an installed app, by their first argument; ``resume`` is the resident."""
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+ *(.*)")
_PAGE = 4096


@dataclass(frozen=True)
class Memory:
    """MB that a process has written to and shares with none.

    Wine reads programs whose sections are not aligned to pages into such memory; Windows maps them from their files,
    once for all processes. ``code_mb`` is that part, ``private_mb`` the rest.
    """

    private_mb: float
    code_mb: float


def by_role(pc: WineComputer) -> dict[str, int]:
    """Return the pids of the installed app's processes."""
    found = {}
    for pid in pc.running("zuruf-host.exe"):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        for role in ROLES:
            if f"--{role}" in words:
                found[role] = pid
    return found


def cpu_s(pid: int) -> float:
    """Return the CPU seconds (user and system) that a process has spent."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def cpu_of_all(pc: WineComputer) -> float:
    """Return the CPU seconds of everything that runs on this computer, Wine's own server among it."""
    total = 0.0
    for pid in pc.processes():
        with contextlib.suppress(OSError):
            total += cpu_s(pid)
    return total


def memory_of(pid: int) -> Memory:
    """Return what a process keeps for itself."""
    mappings = list(_mappings(pid))
    images = [(start, start + _image_size(file)) for start, offset, file, _ in mappings if file and offset == 0]
    private = code = 0
    for start, _, _, written in mappings:
        if any(begin <= start < end for begin, end in images):
            code += written
        else:
            private += written
    return Memory(private / 1e6, code / 1e6)


def _mappings(pid: int) -> Iterator[tuple[int, int, str, int]]:
    """Yield address, offset in the file, the file and bytes written to, of every mapping."""
    start = offset = written = 0
    file = ""
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if found := _MAPPING.match(line):
            if start:
                yield start, offset, file, written
            start, offset, written = int(found[1], 16), int(found[3], 16), 0
            file = found[4] if found[4].startswith("/") else ""
        elif line.startswith(("Private_Dirty:", "Swap:")):
            written += int(line.split()[1]) * 1024
    yield start, offset, file, written


@cache
def _image_size(file: str) -> int:
    """Return how much memory a Windows program takes when it is loaded, 0 for any other file."""
    try:
        with Path(file).open("rb") as opened:
            head = opened.read(_PAGE)
        (header,) = struct.unpack_from("<I", head, 0x3C)
        if head[:2] == b"MZ" and head[header : header + 4] == b"PE\0\0":
            return int(struct.unpack_from("<I", head, header + 24 + 56)[0])
    except (OSError, struct.error):
        pass
    return 0
