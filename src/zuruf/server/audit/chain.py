"""The hashing of the audit chain, pure. See architecture.md, Audit."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from zuruf.protocol.cpace import lv_cat

GENESIS = bytes(32)


@dataclass(frozen=True)
class Link:
    """One entry as it stands in the chain; ``salt`` and ``payload`` are None once erased."""

    company_id: str
    seq: int
    at: datetime
    event: str
    commitment: bytes
    previous: bytes
    hash: bytes
    salt: bytes | None = None
    payload: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something wrong with the chain at ``seq``."""

    seq: int
    problem: str


def commit(salt: bytes, payload: str) -> bytes:
    """Return the commitment to a payload, 32 bytes."""
    return hashlib.sha256(lv_cat(b"zuruf audit payload", salt, payload.encode())).digest()


def link_hash(company_id: str, seq: int, at: datetime, event: str, commitment: bytes, previous: bytes) -> bytes:
    """Return the hash of one link, 32 bytes."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (b"zuruf audit", company_id.encode(), str(seq).encode(), moment.encode(), event.encode())
    return hashlib.sha256(lv_cat(*parts, commitment, previous)).digest()


def verify(links: Iterable[Link], head: tuple[int, bytes] | None) -> list[Finding]:
    """Return what is wrong with a company's whole chain, in order; ``head`` was exported and shows a cut tail."""
    findings: list[Finding] = []
    previous, seq = GENESIS, 0
    hashes = {0: GENESIS}
    for link in links:
        seq += 1
        if link.seq != seq:
            findings.append(Finding(seq, f"entry {seq} is missing or out of order"))
            seq = link.seq
        if link.previous != previous:
            findings.append(Finding(link.seq, "does not follow from the entry before"))
        if link.hash != link_hash(link.company_id, link.seq, link.at, link.event, link.commitment, link.previous):
            findings.append(Finding(link.seq, "was altered"))
        if link.salt is not None and link.payload is not None and commit(link.salt, link.payload) != link.commitment:
            findings.append(Finding(link.seq, "payload was altered"))
        previous = link.hash
        hashes[link.seq] = link.hash
    if head is not None and hashes.get(head[0]) != head[1]:
        findings.append(Finding(head[0], "the exported head is not in the chain: the tail was cut or rewritten"))
    return findings
