"""Turns the bitmaps of a Windows cursor into a shape a browser shows. Pure.

Source: ICONINFO and "Icons" in the Windows documentation: AND mask, then XOR mask or colours. All bitmaps are 32 bits
a pixel, rows from the top. A browser can show no inverted pixels: they become black with a white edge.
"""

from collections.abc import Sequence

from zuruf.host.platform.desktop import CursorShape
from zuruf.protocol.limits import CURSOR_SIDE_MAX

HIDDEN = CursorShape(0, 0, 0, 0, b"")

_PIXEL = 4
_OPAQUE = 255
_CLEAR, _BLACK, _WHITE, _INVERTED = b"\0\0\0\0", b"\0\0\0\xff", b"\xff\xff\xff\xff", b""


def shape(width: int, height: int, hot_x: int, hot_y: int, colours: bytes | None, masks: bytes) -> CursorShape:
    """Return the shape of a cursor of ``width`` × ``height``; too large is cropped.

    ``colours``: B, G, R, A. None: the cursor is black and white, and ``masks`` has the XOR mask below the AND mask.
    """
    area = width * height * _PIXEL
    if colours is None:
        pixels = _from_masks(masks[:area:_PIXEL], masks[area::_PIXEL], width)
    elif any(colours[3::_PIXEL]):
        pixels = _rgba(colours)
    else:
        pixels = _from_colours(colours, masks[:area:_PIXEL], width)
    if not any(pixels[3::_PIXEL]):
        return HIDDEN
    return _cropped(width, height, hot_x, hot_y, pixels)


def _rgba(bgra: bytes) -> bytes:
    out = bytearray(bgra)
    out[0::_PIXEL], out[2::_PIXEL] = bgra[2::_PIXEL], bgra[0::_PIXEL]
    return bytes(out)


def _from_masks(and_mask: bytes, xor_mask: bytes, width: int) -> bytes:
    kinds = {(False, False): _BLACK, (False, True): _WHITE, (True, False): _CLEAR, (True, True): _INVERTED}
    return _outlined([kinds[bool(a), bool(x)] for a, x in zip(and_mask, xor_mask, strict=True)], width)


def _from_colours(bgrx: bytes, and_mask: bytes, width: int) -> bytes:
    """A cursor without alpha: transparent where the mask says so and the colour is black, inverted where it is not."""
    pixels = []
    for index, transparent in enumerate(and_mask):
        blue, green, red = bgrx[index * _PIXEL : index * _PIXEL + 3]
        if not transparent:
            pixels.append(bytes((red, green, blue, _OPAQUE)))
        else:
            pixels.append(_INVERTED if red or green or blue else _CLEAR)
    return _outlined(pixels, width)


def _outlined(pixels: Sequence[bytes], width: int) -> bytes:
    """Return the pixels with inverted ones black, and white the transparent ones beside these."""
    out = list(pixels)
    for index in (index for index, pixel in enumerate(pixels) if pixel == _INVERTED):
        out[index] = _BLACK
        x, y = index % width, index // width
        for beside_y in (y - 1, y, y + 1):
            for beside_x in (x - 1, x, x + 1):
                beside = beside_y * width + beside_x
                if 0 <= beside_x < width and 0 <= beside < len(out) and pixels[beside] == _CLEAR:
                    out[beside] = _WHITE
    return b"".join(out)


def _cropped(width: int, height: int, hot_x: int, hot_y: int, pixels: bytes) -> CursorShape:
    shown_width, shown_height = min(width, CURSOR_SIDE_MAX), min(height, CURSOR_SIDE_MAX)
    if (shown_width, shown_height) != (width, height):
        rows = range(0, shown_height * width * _PIXEL, width * _PIXEL)
        pixels = b"".join(pixels[at : at + shown_width * _PIXEL] for at in rows)
    return CursorShape(shown_width, shown_height, min(hot_x, shown_width - 1), min(hot_y, shown_height - 1), pixels)
