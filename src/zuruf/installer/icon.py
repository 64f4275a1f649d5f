"""Reads what a Windows icon file holds, so that a wrong one is found before it is built in. Not for drawing one.

Source: the ICO format as Windows documents it (*Icons*, MSDN 1995; PNG images since Windows Vista).
"""

import struct
from pathlib import Path

NEEDED_SIZES = frozenset({16, 32, 48, 256})
"""What Windows shows a program with: title bar, desktop, lists, large lists. Others it scales."""
ICON_MAX = 2**20
"""Bytes; a full icon without compression has 400 KB."""

_PNG = b"\x89PNG\r\n\x1a\n"
_BITMAP_HEADER = 40


class NotAnIcon(Exception):
    """A file is no Windows icon, or lacks sizes; the text says what."""


def check(file: Path) -> None:
    """Accept an icon file that can be built into a program. Raises ``NotAnIcon``, ``OSError``."""
    if file.stat().st_size > ICON_MAX:
        raise NotAnIcon(f"{file.name} is larger than {ICON_MAX} bytes")
    try:
        missing = NEEDED_SIZES - set(sizes(file.read_bytes()))
    except NotAnIcon as error:
        raise NotAnIcon(f"{file.name} is no Windows icon: {error}") from None
    if missing:
        raise NotAnIcon(f"{file.name} lacks the sizes {', '.join(map(str, sorted(missing)))}")


def sizes(data: bytes) -> tuple[int, ...]:
    """Return the edge lengths of an icon's images in pixels, in the file's order. Raises ``NotAnIcon``.

    Every image must lie in the file, be square and be what the directory says it is.
    """
    try:
        reserved, kind, count = struct.unpack_from("<HHH", data)
        if (reserved, kind) != (0, 1) or count == 0:
            raise NotAnIcon("it does not begin like one")
        return tuple(_size(data, 6 + 16 * index) for index in range(count))
    except struct.error:
        raise NotAnIcon("it is cut off") from None


def _size(data: bytes, entry: int) -> int:
    width, height, _, _, _, _, length, offset = struct.unpack_from("<BBBBHHII", data, entry)
    if offset + length > len(data):
        raise NotAnIcon("it is cut off")
    size = width or 256
    if (height or 256) != size or _dimensions(data[offset : offset + length]) != (size, size):
        raise NotAnIcon("an image has another size than its directory says")
    return size


def _dimensions(image: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, or of a bitmap, whose header counts its mask as as many rows again."""
    if image.startswith(_PNG):
        width, height = struct.unpack_from(">II", image, 16)
        return width, height
    header, width, height = struct.unpack_from("<Iii", image)
    if header != _BITMAP_HEADER:
        raise NotAnIcon("an image is neither PNG nor bitmap")
    return width, height // 2
