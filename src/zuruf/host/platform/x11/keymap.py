"""A keyboard layout as XKB has it: which keysym a key gives under which modifiers, and back. Pure.

Source: The X Keyboard Extension, protocol specification, "Key types" and "Computing the effective group" (12.2).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from zuruf.host.platform.x11 import keysyms
from zuruf.host.platform.x11.keysyms import ISO_LEVEL3_SHIFT, KEYCODES, SHIFT_L, SHIFT_R

SHIFT, LOCK, CONTROL, ALT, SUPER = 0x01, 0x02, 0x04, 0x08, 0x40
COMMANDS = CONTROL | ALT | SUPER
"""Modifiers that make a command of a character."""

_GROUPS_CLAMP, _GROUPS_REDIRECT = 0x40, 0x80
_KEYPAD = range(0xFF80, 0xFFBE)
_MAIN_KEYS = frozenset(KEYCODES.values())


class Level(NamedTuple):
    """What a key type makes of some modifiers: the level, and those of them that still count for the application."""

    level: int
    preserved: int


@dataclass(frozen=True)
class KeyType:
    """Which of the modifiers in ``mask`` choose which level; others give level 0."""

    mask: int
    levels: Mapping[int, Level]


@dataclass(frozen=True)
class Key:
    """One key: for each group its type and keysyms by level. ``group_info``: as on the wire."""

    types: tuple[KeyType, ...]
    groups: tuple[tuple[int, ...], ...]
    group_info: int = 0


class Stroke(NamedTuple):
    """Press this key with exactly these of Shift and the third-level modifier."""

    keycode: int
    modifiers: int


@dataclass(frozen=True)
class Keymap:
    """The layout. ``modifier_keys``: keycode → modifier mask; ``reserved``: keys nobody should be told to press."""

    keys: Mapping[int, Key]
    modifier_keys: Mapping[int, int]
    reserved: Collection[int] = ()
    _strokes: dict[tuple[int, int], dict[str, Stroke]] = field(default_factory=dict, compare=False, repr=False)

    def keysym(self, keycode: int, modifiers: int, group: int) -> int:
        """Return the keysym of the key under the effective modifiers and group; 0: none."""
        key = self.keys.get(keycode)
        if key is None or not key.groups:
            return 0
        index = _group_in_range(key, group)
        kind, symbols = key.types[index], key.groups[index]
        level, preserved = kind.levels.get(modifiers & kind.mask, Level(0, 0))
        keysym = symbols[level] if level < len(symbols) else 0
        if modifiers & LOCK and not (kind.mask & ~preserved) & LOCK:
            return keysyms.upper(keysym)
        return keysym

    def stroke(self, character: str, locked: int, group: int) -> Stroke | None:
        """Return the simplest way to type the character while these modifiers are locked, or None."""
        cached = self._strokes.get((locked, group))
        if cached is None:
            cached = self._strokes[locked, group] = self._all_strokes(locked, group)
        return cached.get(character)

    def key_with(self, wanted: Collection[int], group: int, preferred: int | None = None) -> int | None:
        """Return a key that gives one of these keysyms without modifiers, the preferred one if it does, or None."""
        for keycode in [preferred, *self.keys] if preferred is not None else self.keys:
            if self.keysym(keycode, 0, group) in wanted and keycode not in self.reserved:
                return keycode
        return None

    @property
    def third_level(self) -> int:
        """The modifier mask of AltGr; 0: this layout has none."""
        for keycode, mask in self.modifier_keys.items():
            if self.keysym(keycode, 0, 0) == ISO_LEVEL3_SHIFT:
                return mask
        return 0

    def modifier_of(self, keycode: int) -> int:
        """Return which modifier this key sets; 0: none. AltGr often stands only in the virtual modifier map."""
        keysym = self.keysym(keycode, 0, 0)
        if keysym == ISO_LEVEL3_SHIFT:
            return self.third_level
        if keysym in (SHIFT_L, SHIFT_R):
            return SHIFT
        return self.modifier_keys.get(keycode, 0)

    def key_of_modifier(self, modifier: int) -> int | None:
        """Return a key that sets Shift or the third-level modifier."""
        wanted = (SHIFT_L, SHIFT_R) if modifier == SHIFT else (ISO_LEVEL3_SHIFT,)
        return self.key_with(wanted, 0, KEYCODES["ShiftLeft" if modifier == SHIFT else "AltRight"])

    def unused(self) -> Iterator[int]:
        """Keys that give nothing, set nothing and are on no keyboard."""
        for keycode in sorted(set(self.keys) - set(self.modifier_keys) - _MAIN_KEYS, reverse=True):
            if not any(any(group) for group in self.keys[keycode].groups):
                yield keycode

    def _all_strokes(self, locked: int, group: int) -> dict[str, Stroke]:
        third = self.third_level
        combinations = sorted({0, SHIFT, third, SHIFT | third}, key=lambda mask: (mask.bit_count(), mask))
        ordered = sorted(set(self.keys) - set(self.reserved), key=lambda keycode: (keycode not in _MAIN_KEYS, keycode))
        strokes: dict[str, Stroke] = {}
        for main in (True, False):
            for modifiers in combinations:
                for keycode in ordered:
                    if (keycode in _MAIN_KEYS) == main:
                        keysym = self.keysym(keycode, modifiers | locked, group)
                        for character in _characters(keysym):
                            strokes.setdefault(character, Stroke(keycode, modifiers))
        return strokes


def _characters(keysym: int) -> tuple[str, ...]:
    if keysym in _KEYPAD:
        return ()
    if keysym == keysyms.NAMED["Enter"]:
        return ("\n", "\r")
    if keysym == keysyms.NAMED["Tab"]:
        return ("\t",)
    character = keysyms.character_of(keysym)
    return (character,) if character else ()


def _group_in_range(key: Key, group: int) -> int:
    count = len(key.groups)
    if group < count:
        return group
    if key.group_info & _GROUPS_REDIRECT:
        redirected = (key.group_info >> 4) & 0x3
        return redirected if redirected < count else 0
    return count - 1 if key.group_info & _GROUPS_CLAMP else group % count
