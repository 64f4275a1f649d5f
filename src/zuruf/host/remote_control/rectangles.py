"""Pixels as rectangles of the protocol (its form: ``protocol/remote_control.py``): one colour, palette, or plain. Pure.

A palette is used where one of the three colour channels tells all colours apart, as it does in grey text, in line
drawings and in most of a desktop: then ``bytes.translate`` makes the indices without a loop.
"""

import struct

from zuruf.host.remote_control.shadow import Patch
from zuruf.protocol.remote_control import RECT_PALETTE, RECT_RGB, RECT_SOLID

_HEADER = struct.Struct(">BHHHH")
_ALL_BYTES = bytes(range(256))


def rectangle(patch: Patch) -> bytes:
    """Return the patch as one rectangle, the smallest kind that shows it exactly."""
    blue, green, red = patch.pixels[0::4], patch.pixels[1::4], patch.pixels[2::4]
    if all(plane.count(plane[0]) == len(plane) for plane in (red, green, blue)):
        return _HEADER.pack(RECT_SOLID, *patch.area) + bytes((red[0], green[0], blue[0]))
    body = _palette(red, green, blue)
    if body is not None:
        return _HEADER.pack(RECT_PALETTE, *patch.area) + body
    return _HEADER.pack(RECT_RGB, *patch.area) + _interleave(red, green, blue)


def _palette(red: bytes, green: bytes, blue: bytes) -> bytes | None:
    for key in (green, red, blue):
        channels = [(bytes.maketrans(key, plane), plane) for plane in (red, green, blue)]
        if all(key.translate(table) == plane for table, plane in channels):
            distinct = _ALL_BYTES.translate(None, _ALL_BYTES.translate(None, key))
            if 1 + 3 * len(distinct) + len(key) >= 3 * len(key):
                return None
            colours = _interleave(*(distinct.translate(table) for table, _plane in channels))
            indices = key.translate(bytes.maketrans(distinct, _ALL_BYTES[: len(distinct)]))
            return bytes((len(distinct) - 1,)) + colours + indices
    return None


def _interleave(red: bytes, green: bytes, blue: bytes) -> bytes:
    out = bytearray(3 * len(red))
    out[0::3], out[1::3], out[2::3] = red, green, blue
    return bytes(out)
