"""Reads the keyboard layout from the server (XkbGetMap). Understands nothing of typing."""

from collections.abc import Collection
from typing import Any

from xcffib.xkb import ID, MapPart

from zuruf.host.platform.x11.display import Display
from zuruf.host.platform.x11.keymap import Key, Keymap, KeyType, Level

_PARTS = MapPart.KeyTypes | MapPart.KeySyms | MapPart.ModifierMap
_NO_PARTIAL_RANGES = (0,) * 15
_GROUP_COUNT = 0x0F


def read_keymap(display: Display, xkb: Any, reserved: Collection[int]) -> Keymap:
    """Return the layout of the core keyboard as it is now."""
    reply = display.reply(xkb.GetMap(ID.UseCoreKbd, _PARTS, 0, *_NO_PARTIAL_RANGES))
    types = [_key_type(kind) for kind in reply.types_rtrn]
    keys = {reply.firstKeySym + index: _key(key, types) for index, key in enumerate(reply.syms_rtrn)}
    modifier_keys = {entry.keycode: entry.mods for entry in reply.modmap_rtrn if entry.mods}
    return Keymap(keys, modifier_keys, reserved)


def _key_type(kind: Any) -> KeyType:
    preserved = [entry.mask for entry in kind.preserve] or [0] * len(kind.map)
    levels = {
        entry.mods_mask: Level(entry.level, kept)
        for entry, kept in zip(kind.map, preserved, strict=True)
        if entry.active
    }
    return KeyType(kind.mods_mask, levels)


def _key(key: Any, types: list[KeyType]) -> Key:
    count = key.groupInfo & _GROUP_COUNT
    symbols = list(key.syms)
    groups = tuple(tuple(symbols[group * key.width : (group + 1) * key.width]) for group in range(count))
    return Key(tuple(types[key.kt_index[group]] for group in range(count)), groups, key.groupInfo)
