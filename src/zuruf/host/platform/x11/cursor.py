"""Turns the server's cursor image into a shape a browser shows. Pure but for the reply it reads."""

from typing import Any

from zuruf.host.platform.desktop import CursorShape
from zuruf.protocol.limits import CURSOR_SIDE_MAX

_OPAQUE = 255


def shape(reply: Any) -> CursorShape:
    """Return the shape of an XFixes GetCursorImage reply (premultiplied ARGB, native order); too large is cropped."""
    width, height = min(reply.width, CURSOR_SIDE_MAX), min(reply.height, CURSOR_SIDE_MAX)
    argb = reply.cursor_image.buf()
    stride = reply.width * 4
    pixels = b"".join(argb[row * stride : row * stride + width * 4] for row in range(height))
    if not any(pixels[3::4]):
        return CursorShape(0, 0, 0, 0, b"")
    return CursorShape(width, height, min(reply.xhot, width - 1), min(reply.yhot, height - 1), straight(pixels))


def straight(bgra: bytes) -> bytes:
    """Return R, G, B, A with colours divided by alpha, of B, G, R, A with colours multiplied by it."""
    alpha = bgra[3::4]
    out = bytearray(len(bgra))
    for channel, source in enumerate((2, 1, 0)):
        plane = bgra[source::4]
        if any(0 < a < _OPAQUE for a in alpha):
            plane = bytes(
                min(_OPAQUE, (value * _OPAQUE + a // 2) // a) if a else 0 for value, a in zip(plane, alpha, strict=True)
            )
        out[channel::4] = plane
    out[3::4] = alpha
    return bytes(out)
