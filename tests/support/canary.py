"""Looks for secrets where none may be: files, mails, and the memory of a running process."""

import os
import re
from collections.abc import Iterable
from pathlib import Path


def in_files(canaries: dict[str, bytes], roots: Iterable[Path]) -> set[str]:
    """Return the names of the canaries that stand in any file below these paths."""
    found: set[str] = set()
    for root in roots:
        for path in [root, *root.rglob("*")] if root.is_dir() else [root]:
            if path.is_file():
                content = path.read_bytes()
                found |= {name for name, canary in canaries.items() if canary in content}
    return found


def in_texts(canaries: dict[str, bytes], texts: Iterable[bytes]) -> set[str]:
    """Return the names of the canaries that stand in any of these."""
    return {name for text in texts for name, canary in canaries.items() if canary in text}


def in_memory(canaries: dict[str, bytes], pid: int) -> set[str]:
    """Return the names of the canaries in the writable memory of a process (proc(5), mem)."""
    found: set[str] = set()
    overlap = max(map(len, canaries.values()))
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            region = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if region is None or not region[3].startswith("rw") or "[v" in line:
                continue
            start, end = int(region[1], 16), int(region[2], 16)
            for position in range(start, end, 8 << 20):
                try:
                    part = os.pread(memory.fileno(), min((8 << 20) + overlap, end - position), position)
                except OSError:
                    continue
                found |= {name for name, canary in canaries.items() if canary in part}
    return found
