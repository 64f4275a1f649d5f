"""Signs a Windows program with the operator's certificate and makes sure that it worked. Not for building it.

osslsigncode does the work. Nothing stays behind where signing fails: the result is put in its place only after it
verified. Passwords and PINs reach osslsigncode through a pipe, never through its command line or a file.
"""

import datetime
import getpass
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from zuruf.installer.authenticode import (
    SYSTEM_AUTHORITIES,
    NotVerified,
    ToolFailed,
    run,
    verify,
    without_signature,
)

SIGNING_TIMEOUT_S = 180.0
"""A time-stamping authority may keep one waiting, and a smart card computes slowly."""
PASSWORD_MAX = 1024
"""Bytes; osslsigncode reads no more than 4095."""

_CAUSES = (
    ("PIN incorrect", "wrong-password", "The token refused the PIN; after a few wrong ones it locks itself."),
    ("PIN locked", "token-locked", "The token is locked after too many wrong PINs."),
    ("Wrong password", "wrong-password", "The password does not open the PFX file."),
    ("mac verify failure", "wrong-password", "The password does not open the PFX file."),
    ("timestamping failed", "timestamp-failed", "The time-stamping authority gave no timestamp; try again later."),
    ("No matching initialized token", "token-not-found", "The token that the key's URI names is not there."),
    ("object not found", "key-not-found", "The token holds no private key of the name that the key's URI gives."),
    ("PKCS#12", "bad-pfx", "The PFX file cannot be read."),
    ("Failed to set 'dynamic' engine", "no-engine", "OpenSSL's PKCS#11 engine (libengine-pkcs11-openssl) is missing."),
    ("Unable to load engine", "no-engine", "OpenSSL's PKCS#11 engine (libengine-pkcs11-openssl) is missing."),
    ("Unable to load PKCS#11 module", "no-module", "The token's PKCS#11 library cannot be loaded."),
    ("consistency of a private key", "key-mismatch", "The certificate does not belong to the private key."),
    ("Failed to load private key", "key-not-found", "The private key cannot be used."),
)
"""What osslsigncode says, our name for it, and the sentence; the first that fits counts."""


class SigningError(Exception):
    """Signing failed: ``name`` for programs, the text for people. Holds no password and no PIN."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({name})")
        self.name = name


@dataclass(frozen=True)
class PfxIdentity:
    """Certificate, chain and private key in a PFX (PKCS#12) file."""

    file: Path
    password: str = field(repr=False)


@dataclass(frozen=True)
class TokenIdentity:
    """A private key that stays in a smart card, USB token or HSM.

    ``module``: its PKCS#11 library. ``key``: RFC 7512 URI, such as ``pkcs11:token=Zuruf;object=publisher``, without
    the PIN. ``certificate``: PEM file, the publisher's first, then the authorities between it and the root.
    ``engine``: OpenSSL's PKCS#11 engine, where it is not the one OpenSSL finds by itself.
    """

    module: Path
    key: str
    certificate: Path
    pin: str = field(repr=False)
    engine: Path | None = None


Identity = PfxIdentity | TokenIdentity


@dataclass(frozen=True)
class SignedBy:
    """The common name of the publisher's certificate and the attested time (UTC)."""

    publisher_cn: str
    timestamp: datetime.datetime


def sign(
    exe: Path,
    output: Path,
    identity: Identity,
    timestamp_url: str,
    description: str,
    info_url: str,
    timestamp_authorities: Path | None = None,
    *,
    authorities: Path | None = None,
    describe: Callable[[Path, SignedBy], None],
) -> SignedBy:
    """Sign ``exe`` (SHA-256, RFC 3161 timestamp) into ``output``, verify the result, and have it described.

    ``description`` and ``info_url`` are what Windows shows beside the publisher's name. ``authorities`` and
    ``timestamp_authorities``: PEM files with the roots of the publisher's and of the timestamp's certificate, where
    they are not among this machine's. ``describe`` is told, once ``output`` is in place, to write what lies beside it.
    ``output`` may be ``exe``; an earlier signature is replaced.

    Raises ``SigningError``; an existing ``output`` then stays as it was.
    """
    _check_addresses(timestamp_url, info_url)
    _check_files(exe, *_files(identity), *filter(None, (authorities, timestamp_authorities)))
    _check_program(exe)
    secret = _one_line(identity.password if isinstance(identity, PfxIdentity) else identity.pin)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".signing-") as folder:
        signed = Path(folder) / output.name
        with _readable(secret) as descriptor:
            # To osslsigncode an empty file is a mistake, and no file the empty password.
            password = ["-readpass", f"/dev/fd/{descriptor}"] if secret else []
            command = ["sign", *_arguments(identity), *password, "-h", "sha256"]
            command += ["-n", description, "-i", info_url, "-ts", timestamp_url, "-in", str(exe), "-out", str(signed)]
            _run(command, descriptor, secret)
        result = check(exe, signed, authorities, timestamp_authorities)
        shutil.copymode(exe, signed)
        signed.replace(output)
    describe(output, result)
    return result


def check(
    unsigned: Path, signed: Path, authorities: Path | None = None, timestamp_authorities: Path | None = None
) -> SignedBy:
    """Make sure that ``signed`` is ``unsigned`` with a valid, timestamped signature and nothing else.

    Also for whoever built the program from source and wants to know whether the operator's is the same.

    Raises ``SigningError`` (``not-verified``, ``no-timestamp``, ``program-differs``, ``tool-failed``).
    """
    try:
        signature = verify(signed, authorities or SYSTEM_AUTHORITIES, timestamp_authorities or SYSTEM_AUTHORITIES)
        same = without_signature(unsigned.read_bytes()) == without_signature(signed.read_bytes())
    except NotVerified as refused:
        raise SigningError("not-verified", f"The signed program does not verify: {refused}.") from None
    except ToolFailed as failed:
        raise SigningError("tool-failed", f"{failed}.") from None
    if not same:
        raise SigningError("program-differs", "The signed program differs from the unsigned one in its contents.")
    if signature.timestamp is None:
        raise SigningError("no-timestamp", "The signature has no timestamp that one of the given authorities attests.")
    return SignedBy(common_name(signature.signer), signature.timestamp)


def read_password(prompt: str, *, variable: str | None = None, descriptor: int | None = None) -> str:
    """Take a password from an environment variable, an open file descriptor, or the person at the terminal.

    The variable is removed, so that no program started later inherits it; a newline at the end is not part of it.

    Raises ``SigningError``.
    """
    if variable is not None:
        password = os.environ.pop(variable, None)
        if password is None:
            raise SigningError("no-password", f"The environment variable {variable} is not set.")
    elif descriptor is not None:
        password = _read_descriptor(descriptor)
    elif sys.stdin.isatty():
        password = getpass.getpass(prompt)
    else:
        raise SigningError("no-password", "No password given, and there is no terminal to ask at.")
    return _one_line(password.removesuffix("\n").removesuffix("\r"))


def _one_line(password: str) -> str:
    if len(password.encode()) > PASSWORD_MAX or any(forbidden in password for forbidden in "\0\r\n"):
        raise SigningError("bad-password", f"A password is one line of at most {PASSWORD_MAX} bytes.")
    return password


def _read_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb") as opened:
            return opened.read(PASSWORD_MAX + 2).decode()
    except (OSError, UnicodeDecodeError):
        raise SigningError("no-password", f"No password can be read from file descriptor {descriptor}.") from None


def _check_addresses(timestamp_url: str, info_url: str) -> None:
    for name, url in (("timestamp", timestamp_url), ("information", info_url)):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SigningError("bad-address", f"The {name} address must begin with http:// or https://: {url}")


def _check_files(*files: Path) -> None:
    for file in files:
        if not file.is_file():
            raise SigningError("no-such-file", f"There is no file {file}.")


def _check_program(exe: Path) -> None:
    try:
        without_signature(exe.read_bytes())
    except NotVerified as refused:
        raise SigningError("not-a-program", f"{exe} cannot be signed: {refused}.") from None


def _files(identity: Identity) -> tuple[Path, ...]:
    if isinstance(identity, PfxIdentity):
        return (identity.file,)
    if not identity.key.startswith("pkcs11:"):
        raise SigningError("bad-key", "The key must be a PKCS#11 URI (pkcs11:token=…;object=…).")
    if "pin-value" in identity.key or "pin-source" in identity.key:
        raise SigningError("bad-key", "The key's URI must not hold the PIN: command lines are public on a machine.")
    return (identity.module, identity.certificate, *((identity.engine,) if identity.engine else ()))


def _arguments(identity: Identity) -> list[str]:
    if isinstance(identity, PfxIdentity):
        return ["-pkcs12", str(identity.file)]
    engine = ["-pkcs11engine", str(identity.engine)] if identity.engine else []
    token = ["-pkcs11module", str(identity.module), "-certs", str(identity.certificate), "-key", identity.key]
    return [*engine, *token]


@contextmanager
def _readable(secret: str) -> Iterator[int]:
    """Give a file descriptor from which a child reads the secret; short enough to fit into a pipe at once."""
    reading, writing = os.pipe()
    try:
        os.write(writing, secret.encode())
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def _run(command: list[str], descriptor: int, secret: str) -> None:
    try:
        result = run(command, timeout_s=SIGNING_TIMEOUT_S, pass_fds=(descriptor,))
    except ToolFailed as failed:
        raise SigningError("tool-failed", f"{failed}.") from None
    if result.returncode == 0:
        return
    said = result.stdout + result.stderr
    for phrase, name, sentence in _CAUSES:
        if phrase in said:
            raise SigningError(name, sentence)
    lines = [
        line for line in said.splitlines() if line.strip() and line != "Failed" and not (secret and secret in line)
    ]
    raise SigningError("signing-failed", "osslsigncode could not sign: " + " / ".join(lines[:3]))


def common_name(certificate: x509.Certificate) -> str:
    """Return the name that Windows shows for a publisher; the whole subject of one without a common name."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
