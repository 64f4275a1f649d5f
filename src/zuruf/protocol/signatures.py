"""What the session's host key signs, and the derivation of PRS. See docs/protocol.md for both."""

import hashlib
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.cpace import lv_cat
from zuruf.protocol.limits import PRS_LENGTH, PRS_PBKDF2_ROUNDS

_VERSION = str(PROTOCOL_VERSION).encode()


def control_transcript(session_id: str, nonce: bytes) -> bytes:
    """Return what a host signs to open its control socket."""
    return lv_cat(b"zuruf control", _VERSION, session_id.encode(), nonce)


def report_transcript(session_id: str, kind: str, detail: str) -> bytes:
    """Return what a host signs under a report."""
    return lv_cat(b"zuruf report", _VERSION, session_id.encode(), kind.encode(), detail.encode())


def public_key(private_key: bytes) -> bytes:
    """Return the public half, 32 bytes, of an Ed25519 private key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def new_private_key() -> bytes:
    """Return a fresh Ed25519 private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def sign(private_key: bytes, message: bytes) -> bytes:
    """Return the Ed25519 signature, 64 bytes (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature is the key's over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def derive_prs(password: str, salt: bytes) -> bytes:
    """Return PRS, 64 bytes: PBKDF2-HMAC-SHA-512 of the password in NFC."""
    secret = unicodedata.normalize("NFC", password).encode()
    return hashlib.pbkdf2_hmac("sha512", secret, salt, PRS_PBKDF2_ROUNDS, PRS_LENGTH)
