"""CPACE-X25519-SHA512 of draft-irtf-cfrg-cpace-21 (initiator-responder). Values in, values out; not for messages.

The map to the curve runs on Python integers and is not constant-time; the threat model says what follows from that.
"""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_DSI = b"CPace255"
_DSI_ISK = b"CPace255_ISK"
_HASH_BLOCK_BYTES = 128
_FIELD_BYTES = 32
_P = 2**255 - 19
_A = 486662
_NON_SQUARE = 2
"""Z of Elligator 2 on Curve25519 (RFC 9380, 6.7.1)."""


class LowOrderPoint(Exception):
    """The shared point is the neutral element: the peer sent a point of low order. The run must be aborted."""


def lv(data: bytes) -> bytes:
    """Return the data with its length in front, LEB128 (draft, ``prepend_len``)."""
    length, out = len(data), bytearray()
    while True:
        low, length = length & 0x7F, length >> 7
        out.append(low | (0x80 if length else 0))
        if not length:
            return bytes(out) + data


def lv_cat(*parts: bytes) -> bytes:
    """Return the parts joined, each with its length in front (draft, ``lv_cat``)."""
    return b"".join(map(lv, parts))


def _generator_string(prs: bytes, ci: bytes, sid: bytes) -> bytes:
    padding = max(0, _HASH_BLOCK_BYTES - 1 - len(lv(prs)) - len(lv(_DSI)))
    return lv_cat(_DSI, prs, bytes(padding), ci, sid)


def _elligator2(r: int) -> int:
    denominator = (1 + _NON_SQUARE * r * r) % _P
    v = -_A * pow(denominator, _P - 2, _P) % _P
    epsilon = pow((v * v * v + _A * v * v + v) % _P, (_P - 1) // 2, _P)
    return v if epsilon in (0, 1) else (-v - _A) % _P


def generator(prs: bytes, ci: bytes, sid: bytes) -> bytes:
    """Return the secret generator, a u-coordinate of 32 bytes (draft, ``calculate_generator`` for G_X25519)."""
    digest = hashlib.sha512(_generator_string(prs, ci, sid)).digest()[:_FIELD_BYTES]
    r = int.from_bytes(digest, "little") & ((1 << 255) - 1)
    return _elligator2(r % _P).to_bytes(_FIELD_BYTES, "little")


def new_scalar() -> bytes:
    """Return a fresh secret scalar of 32 bytes; X25519 clamps it."""
    return secrets.token_bytes(_FIELD_BYTES)


def multiply(scalar: bytes, point: bytes) -> bytes:
    """Return X25519(scalar, point), 32 bytes. Raises LowOrderPoint when the product is all zero."""
    try:
        return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise LowOrderPoint from error


def transcript(ya: bytes, ad_a: bytes, yb: bytes, ad_b: bytes) -> bytes:
    """Return the ordered transcript of both public shares and associated data (draft, ``transcript_ir``)."""
    return lv_cat(ya, ad_a) + lv_cat(yb, ad_b)


def intermediate_session_key(sid: bytes, k: bytes, run: bytes) -> bytes:
    """Return ISK, 64 bytes, of the shared secret ``k`` and the ``transcript`` of the run."""
    return hashlib.sha512(lv_cat(_DSI_ISK, sid, k) + run).digest()
