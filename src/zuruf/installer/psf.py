"""Makes sure that a Windows Python really comes from the Python Software Foundation. Not for fetching it.

Registry packages that carry CPython's programs are put up by people we do not know; the Foundation's own signatures
on the programs are what makes them usable.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from zuruf.installer.authenticode import NotVerified, verify

AUTHORITIES = Path(__file__).parent / "data" / "psf-authorities.pem"
"""The two roots below which the Foundation has signed; narrower than all that a machine trusts, and the same on each.

DigiCert's stands for earlier releases (seen: 3.11.9), Microsoft's for later ones (seen: 3.13.11).
"""
PUBLISHER = "Python Software Foundation"
PROGRAM_SUFFIXES = frozenset({".exe", ".dll", ".pyd"})


@dataclass(frozen=True)
class Pinned:
    """A file that is genuine by its SHA-256 (hex), and why the Foundation's signature is not asked of it."""

    sha256: str
    reason: str


_MICROSOFT = (
    "Microsoft's C runtime: signed by Microsoft Windows Software Compatibility Publisher, not by the Foundation"
)

NOT_SIGNED_BY_PSF: Mapping[str, Pinned] = {
    "vcruntime140.dll": Pinned("4d292623516f65c80482081e62d5dadb759dc16e851de5db24c3cbb57b87db83", _MICROSOFT),
    "vcruntime140_1.dll": Pinned("a113f192195f245f17389e6ecbed8005990bcb2476ddad33f7c4c6c86327afe5", _MICROSOFT),
}
"""CPython 3.11.9 for Windows (64 bit): all its programs but these carry the Foundation's signature."""


class NotGenuine(Exception):
    """A file is not what the Foundation published: its name, and the reason in a few words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def verify_psf(file: Path, authorities: Path = AUTHORITIES) -> None:
    """Accept a program only with a valid signature of the Python Software Foundation.

    ``authorities``: PEM file with the roots that may vouch for signer and timestamp.

    Raises ``NotGenuine``; ``authenticode.ToolFailed`` and ``OSError`` where it could not be looked at.
    """
    try:
        signer = verify(file, authorities, authorities).signer
    except NotVerified as refused:
        raise NotGenuine(file.name, str(refused)) from None
    for attribute in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if _values(signer, attribute) != [PUBLISHER]:
            raise NotGenuine(file.name, f"signed by {signer.subject.rfc4514_string()}, not by the {PUBLISHER}")


def verify_runtime(
    folder: Path, authorities: Path = AUTHORITIES, pinned: Mapping[str, Pinned] = NOT_SIGNED_BY_PSF
) -> tuple[Path, ...]:
    """Check every program below a folder and return them, sorted: the Foundation's signature, or a pinned SHA-256.

    A program is what begins like one or is named like one. ``pinned`` maps file names (in small letters) to what is
    accepted without the Foundation's signature. Other files (python311.zip, Tcl's scripts) are not looked at: their
    source is pinned.

    Raises ``NotGenuine`` for the first file that is neither, or for a folder without programs.
    """
    programs = tuple(sorted(path for path in folder.rglob("*") if _is_program(path)))
    if not programs:
        raise NotGenuine(folder.name, "holds no programs")
    for program in programs:
        if (pin := pinned.get(program.name.lower())) is None:
            verify_psf(program, authorities)
        elif hashlib.sha256(program.read_bytes()).hexdigest() != pin.sha256:
            raise NotGenuine(program.name, "its SHA-256 is not the pinned one")
    return programs


def vouched_for(folder: Path) -> Mapping[str, Pinned]:
    """Return the table for a runtime from an archive whose checksum the operator gave: Microsoft's files as they are.

    Only for these names; every other program needs the Foundation's signature there too.
    """
    found = (path for path in sorted(folder.rglob("*")) if path.name.lower() in NOT_SIGNED_BY_PSF and path.is_file())
    reason = "Microsoft's C runtime, from an archive whose checksum the operator gave"
    return {path.name.lower(): Pinned(hashlib.sha256(path.read_bytes()).hexdigest(), reason) for path in found}


def _is_program(path: Path) -> bool:
    if not path.is_file():
        return False
    if path.suffix.lower() in PROGRAM_SUFFIXES:
        return True
    with path.open("rb") as opened:
        return opened.read(2) == b"MZ"


def _values(certificate: x509.Certificate, attribute: x509.ObjectIdentifier) -> list[str | bytes]:
    return [found.value for found in certificate.subject.get_attributes_for_oid(attribute)]
