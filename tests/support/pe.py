"""Reads the resources of a Windows program: icons, version, manifest. Only what tests ask for.

Source: the PE format's *resource directory table* and the *VS_VERSIONINFO* structure, as Microsoft documents them.
"""

import struct
from dataclasses import dataclass

ICON_GROUP, VERSION, MANIFEST = 14, 16, 24
_DIRECTORY_FLAG = 0x80000000


@dataclass(frozen=True)
class _Section:
    address: int
    size: int
    offset: int


def resource(program: bytes, kind: int) -> bytes:
    """Return the first resource of this kind. Raises KeyError where there is none."""
    header = struct.unpack_from("<I", program, 0x3C)[0]
    assert program[header : header + 4] == b"PE\0\0"
    count, optional_size = struct.unpack_from("<H12xH", program, header + 6)
    optional = header + 24
    wide = struct.unpack_from("<H", program, optional)[0] == 0x20B
    address = struct.unpack_from("<I", program, optional + (112 if wide else 96) + 2 * 8)[0]
    sections = [
        _Section(*(struct.unpack_from("<III", program, optional + optional_size + 40 * i + 12)))
        for i in range(count)
    ]  # fmt: skip
    base = _offset(sections, address)
    at = _entry(program, base, base, kind)
    while at & _DIRECTORY_FLAG:
        at = _entry(program, base, base + (at & ~_DIRECTORY_FLAG), None)
    data_address, size = struct.unpack_from("<II", program, base + at)
    start = _offset(sections, data_address)
    return program[start : start + size]


def _offset(sections: list[_Section], address: int) -> int:
    found = next(section for section in sections if section.address <= address < section.address + section.size)
    return found.offset + address - found.address


def _entry(program: bytes, base: int, table: int, wanted: int | None) -> int:
    """Return where one entry of a directory leads; the first, where none is wanted."""
    named, numbered = struct.unpack_from("<HH", program, table + 12)
    for index in range(named + numbered):
        name, at = struct.unpack_from("<II", program, table + 16 + 8 * index)
        if wanted is None or name == wanted:
            return int(at)
    raise KeyError(wanted)


def icon_sizes(program: bytes) -> tuple[int, ...]:
    """Return the edge lengths of the program's own icon, in pixels."""
    data = resource(program, ICON_GROUP)
    (count,) = struct.unpack_from("<H", data, 4)
    return tuple(data[6 + 14 * index] or 256 for index in range(count))


def version_texts(program: bytes) -> dict[str, str]:
    """Return the texts of the version resource by name."""
    found: dict[str, str] = {}
    _texts(resource(program, VERSION), found)
    return found


def _texts(block: bytes, found: dict[str, str]) -> None:
    """Walk a block: length, length of the value, kind, name; then the value; then blocks within it."""
    _, value_length, is_text = struct.unpack_from("<HHH", block)
    name, at = _name(block)
    if value_length and is_text:
        found[name] = block[at:].decode("utf-16-le").split("\0")[0]
        return
    at += -(-value_length // 4) * 4
    while at + 6 <= len(block):
        (inner,) = struct.unpack_from("<H", block, at)
        if inner < 6:
            return
        _texts(block[at : at + inner], found)
        at += -(-inner // 4) * 4


def _name(block: bytes) -> tuple[str, int]:
    end = 6
    while block[end : end + 2] != b"\0\0":
        end += 2
    return block[6:end].decode("utf-16-le"), -(-(end + 2) // 4) * 4
