"""Reads and checks the Authenticode signature of a Windows program, through osslsigncode.

Not for making one (``signing``), nor for deciding whose signature is wanted (``psf``).

Sources: Microsoft, *Windows Authenticode Portable Executable Signature Format* (2008) and the PE format's
*attribute certificate table*; osslsigncode 2.5 and later (Debian 12).
"""

import datetime
import functools
import re
import struct
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID

SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
"""The authorities that this machine trusts (Debian's package ca-certificates)."""

PROGRAM = "osslsigncode"
VERIFY_TIMEOUT_S = 60.0
PROGRAM_MAX = 512 * 2**20
"""Larger files are not read: our own are below 40 MB, the runtime's below 10."""

_PE32, _PE32_PLUS = 0x10B, 0x20B
_CERTIFICATE_REVISION, _CERTIFICATE_PKCS7 = 0x0200, 0x0002
_TIME = re.compile(r"^Signature verification time: (\w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}) GMT$", re.MULTILINE)


class NotVerified(Exception):
    """A program's signature is missing, broken, or not rooted in the given authorities; the text says which."""


class ToolFailed(Exception):
    """osslsigncode is not installed, or did not finish in time."""


@dataclass(frozen=True)
class Signature:
    """A signature that verified: whose it is, and the time (UTC) an RFC 3161 authority attests, if one does."""

    signer: x509.Certificate
    timestamp: datetime.datetime | None


@dataclass(frozen=True)
class _Layout:
    """Where a PE file keeps what signing changes; offsets and lengths in bytes."""

    checksum: int
    directory: int
    table: int
    table_length: int


def verify(
    file: Path, authorities: Path = SYSTEM_AUTHORITIES, timestamp_authorities: Path = SYSTEM_AUTHORITIES
) -> Signature:
    """Return the one signature of a PE file, after checking the file's digest, the chain and the timestamp.

    ``authorities`` and ``timestamp_authorities`` are PEM files with the roots that may vouch for the signer and for
    the timestamp. A file with several signatures, or with several certificates that could be the signer's, is
    refused: which of them counted would be open. Revocation lists are not fetched.

    Raises ``NotVerified`` with the reason, ``ToolFailed``, ``OSError``.
    """
    signer = _signing_certificate(_embedded_signature(_read(file)))
    fingerprint = signer.fingerprint(hashes.SHA256()).hex()
    command = ["verify", "-in", str(file), "-CAfile", str(authorities), "-TSA-CAfile", str(timestamp_authorities)]
    command += ["-require-leaf-hash", f"sha256:{fingerprint}", *_ignore_revocation_lists()]
    result = run(command, timeout_s=VERIFY_TIMEOUT_S)
    said = result.stdout.splitlines()
    if sum(line.startswith("Signature Index: ") for line in said) > 1:
        raise NotVerified("several signatures instead of one")
    # Exact counts: text inside the signature is printed too and must not be able to say *ok* in the tool's place.
    verified = said.count("Signature verification: ok") == 1 and said.count("Number of verified signatures: 1") == 1
    if result.returncode != 0 or not verified:
        raise NotVerified(_reason(result))
    return Signature(signer, _timestamp(result.stdout))


def without_signature(program: bytes) -> bytes:
    """Return a PE file's bytes as they were before signing, with the optional checksum zeroed.

    Two programs differ only in their signatures exactly if this is equal for both. Signing pads a file with up to
    seven zeros to a multiple of eight bytes; the unsigned form is padded likewise here.

    Raises ``NotVerified`` where the bytes are no PE file or the signature is not the last thing in it.
    """
    layout = _layout(program)
    image = bytearray(program[: layout.table] if layout.table_length else program)
    struct.pack_into("<I", image, layout.checksum, 0)
    struct.pack_into("<II", image, layout.directory, 0, 0)
    return bytes(image) + bytes(-len(image) % 8)


def run(
    arguments: Sequence[str], *, timeout_s: float, pass_fds: Sequence[int] = ()
) -> subprocess.CompletedProcess[str]:
    """Run osslsigncode without a shell and return what it said; the return code is the caller's to judge.

    Raises ``ToolFailed``.
    """
    try:
        return subprocess.run(  # noqa: S603
            [PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            pass_fds=pass_fds,
            start_new_session=True,  # without a terminal nothing can stop to ask for a password there
            check=False,
        )
    except FileNotFoundError:
        raise ToolFailed(f"{PROGRAM} is not installed (Debian package {PROGRAM})") from None
    except subprocess.TimeoutExpired:
        raise ToolFailed(f"{PROGRAM} did not finish within {timeout_s:g} seconds") from None


def _read(file: Path) -> bytes:
    if file.stat().st_size > PROGRAM_MAX:
        raise NotVerified(f"larger than {PROGRAM_MAX} bytes")
    return file.read_bytes()


def _layout(program: bytes) -> _Layout:
    """Find the checksum, the security directory's entry and the certificate table of a PE file."""
    try:
        (header,) = struct.unpack_from("<I", program, 0x3C)
        if program[:2] != b"MZ" or program[header : header + 4] != b"PE\0\0":
            raise NotVerified("not a Windows program")
        optional = header + 24
        (magic,) = struct.unpack_from("<H", program, optional)
        if magic not in (_PE32, _PE32_PLUS):
            raise NotVerified("not a Windows program")
        directory = optional + (128 if magic == _PE32 else 144)
        table, length = struct.unpack_from("<II", program, directory)
    except struct.error:
        raise NotVerified("not a Windows program") from None
    if length and table + length != len(program):
        raise NotVerified("the signature is not the last thing in the file")
    return _Layout(optional + 64, directory, table, length)


def _embedded_signature(program: bytes) -> bytes:
    """Return the PKCS#7 structure (DER) of a PE file's only signature."""
    layout = _layout(program)
    if not layout.table_length:
        raise NotVerified("not signed")
    try:
        length, revision, kind = struct.unpack_from("<IHH", program, layout.table)
    except struct.error:
        raise NotVerified("the signature is malformed") from None
    if (revision, kind) != (_CERTIFICATE_REVISION, _CERTIFICATE_PKCS7) or length + -length % 8 != layout.table_length:
        raise NotVerified("the signature is malformed, or there are several")
    return _one_der_value(program[layout.table + 8 : layout.table + length])


def _one_der_value(padded: bytes) -> bytes:
    """Return the first DER value of some bytes, without what pads it."""
    if len(padded) < 2 or padded[0] != 0x30:
        raise NotVerified("the signature is malformed")
    header, length = 2, padded[1]
    if length & 0x80:
        header += length & 0x7F
        length = int.from_bytes(padded[2:header])
    if header > 6 or header + length > len(padded):
        raise NotVerified("the signature is malformed")
    return padded[: header + length]


def _signing_certificate(signature: bytes) -> x509.Certificate:
    """Return the certificate that must be the signer's: the only one for code signing that is no authority's."""
    try:
        with warnings.catch_warnings():
            # Some signers (osslsigncode 2.5 among them) do not sort the certificates as DER wants; Windows reads both.
            warnings.simplefilter("ignore")
            candidates = [found for found in pkcs7.load_der_pkcs7_certificates(signature) if _may_sign_code(found)]
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion):
        raise NotVerified("the signature is malformed") from None
    if len(candidates) != 1:
        raise NotVerified(f"{len(candidates)} certificates for code signing instead of one")
    return candidates[0]


def _may_sign_code(certificate: x509.Certificate) -> bool:
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    try:
        authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    return ExtendedKeyUsageOID.CODE_SIGNING in usage and not authority


@functools.cache
def _ignore_revocation_lists() -> tuple[str, ...]:
    """Return the switches that keep a build from depending on the network; versions before 2.6 never fetch."""
    known = run(["verify", "--help"], timeout_s=VERIFY_TIMEOUT_S).stdout
    return tuple(switch for switch in ("-ignore-cdp", "-ignore-crl") if switch in known)


def _timestamp(said: str) -> datetime.datetime | None:
    if said.splitlines().count("Timestamp Server Signature verification: ok") != 1:
        return None
    found = _TIME.findall(said)
    if len(found) != 1:
        return None
    return datetime.datetime.strptime(found[0], "%b %d %H:%M:%S %Y").replace(tzinfo=datetime.UTC)


def _reason(result: subprocess.CompletedProcess[str]) -> str:
    """Say in a few words what osslsigncode objected to."""
    said = result.stdout + result.stderr
    digests = re.findall(r"^(?:Current|Calculated) message digest *: (\w+)", said, re.MULTILINE)
    if len(set(digests)) > 1:
        return "changed after it was signed"
    if "certificate has expired" in said:
        return "the certificate had expired when it signed, or nothing attests the time"
    if "unable to get local issuer" in said or "self-signed certificate" in said or "self signed cert" in said:
        return "no given authority vouches for the signer or for the timestamp"
    return "the signature does not verify"
