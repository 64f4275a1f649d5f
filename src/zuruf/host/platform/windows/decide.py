"""Decides which key of the remote layout does what the viewer's key means. Pure: layout and state in, an action out.

A character is typed as that character, whatever keys make it on the remote layout. Where the key at the same position
makes it with the modifiers as they are, that very key is pressed and held, so that shortcuts and games work. With
Ctrl, Alt or Meta it is a command: the key that carries the letter is pressed, and modifiers stay as they are. Keys
without a character go by their name, and by their position where the name is unknown.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from zuruf.host.platform.windows.keys import (
    ALTGR,
    COMMANDS,
    META,
    NAMED,
    NUMPAD,
    POSITIONS,
    SHIFT,
    SIDED,
    VK_RETURN,
    VK_TAB,
    Key,
)

_NO_KEYS = frozenset({"Dead", "Process", "Compose", "Unidentified", ""})
"""``KeyboardEvent.key`` values of which the character comes later, as text."""
_EVERY_MODIFIER = SHIFT | COMMANDS
_CONTROL_CHARACTERS = {"\n": VK_RETURN, "\r": VK_RETURN, "\t": VK_TAB}


class Stroke(NamedTuple):
    """Press this virtual key with exactly these of Shift, Control and Alt (the last two together are AltGr)."""

    vk: int
    modifiers: int


class Layout(Protocol):
    """The keyboard layout of the window that gets the input."""

    def stroke(self, character: str) -> Stroke | None:
        """Return where the character may be, without CapsLock, or None. Only ``text`` is sure: it may be a dead key."""
        ...

    def text(self, vk: int, modifiers: int, caps: bool) -> str:
        """Return what the key types; an empty text for nothing, and for a dead key."""
        ...

    def vk_at(self, scan: int) -> int:
        """Return the virtual key at the position; 0: none."""
        ...

    def scan_of(self, vk: int) -> int:
        """Return the position of the virtual key; 0: none."""
        ...


@dataclass(frozen=True)
class State:
    """Modifiers that are down, whether CapsLock is on, and whether the viewer holds AltGr, which is never pressed."""

    pressed: int = 0
    caps: bool = False
    third_level: bool = False


@dataclass(frozen=True)
class Hold:
    """Press this key until the viewer releases its own."""

    key: Key


@dataclass(frozen=True)
class Tap:
    """Press and release this key with exactly ``modifiers`` of those in ``mask``; they are put back afterwards."""

    key: Key
    modifiers: int
    mask: int


@dataclass(frozen=True)
class Unicode:
    """No key types this character: hand it over as such, without the modifiers that make commands."""

    character: str


@dataclass(frozen=True)
class ThirdLevel:
    """AltGr: press nothing, the character says it all. Pressed, it would be Alt on layouts without it."""


@dataclass(frozen=True)
class Attention:
    """Ctrl-Alt-Del: Windows takes it from a real keyboard alone, and has another way for programs."""


Action = Hold | Tap | Unicode | ThirdLevel | Attention | None


def press(layout: Layout, state: State, code: str, key: str) -> Action:
    """Return what to do for a key of the viewer that goes down; None: nothing."""
    if key == "AltGraph":
        return ThirdLevel()
    if key == "Delete" and state.pressed & ALTGR == ALTGR:
        return Attention()
    if len(key) == 1 and key.isprintable():
        if state.pressed & COMMANDS and not state.third_level:
            return _command(layout, state, code, key)
        return _character(layout, state, code, key)
    if key in _NO_KEYS and (key != "Unidentified" or code not in POSITIONS):
        return None
    return _named(layout, code, key)


def type_character(layout: Layout, state: State, character: str) -> Action:
    """Return what to do to type a character regardless of what is held. None: it is none that can be typed."""
    stroke = _stroke(layout, state, character)
    if stroke is not None:
        return Tap(Key(stroke.vk, layout.scan_of(stroke.vk)), stroke.modifiers, _EVERY_MODIFIER)
    if not character.isprintable() or "\ud800" <= character <= "\udfff":
        return None
    return Unicode(character)


def _character(layout: Layout, state: State, code: str, character: str) -> Action:
    if not state.pressed & COMMANDS:
        here = _key_at(layout, code)
        if here and layout.text(here.vk, state.pressed & SHIFT, state.caps) == character:
            return Hold(here)
        stroke = _stroke(layout, state, character)
        if stroke and stroke.modifiers == state.pressed & SHIFT:
            return Hold(Key(stroke.vk, layout.scan_of(stroke.vk)))
    return type_character(layout, state, character)


def _command(layout: Layout, state: State, code: str, character: str) -> Action:
    letter = character.lower()
    here = _key_at(layout, code)
    if here and (
        layout.text(here.vk, 0, False).lower() == letter
        or layout.text(here.vk, state.pressed & SHIFT, state.caps) == character
    ):
        return Hold(here)
    if letter.isascii() and letter.isalnum():
        # Virtual keys of letters and digits have their number on every layout, and commands go by virtual key.
        vk = ord(letter.upper())
        return Hold(Key(vk, layout.scan_of(vk)))
    if state.pressed & (ALTGR | META) == ALTGR:
        # Ctrl and Alt together are another way to AltGr.
        return type_character(layout, state, character)
    stroke = _stroke(layout, State(), letter)
    if stroke is None or stroke.modifiers & ALTGR:
        # With AltGr it would be another command: Ctrl and @ is Ctrl and Q on a German keyboard.
        return Hold(here) if here else None
    key = Key(stroke.vk, layout.scan_of(stroke.vk))
    return Tap(key, stroke.modifiers, SHIFT) if stroke.modifiers & ~state.pressed else Hold(key)


def _named(layout: Layout, code: str, name: str) -> Action:
    if sides := SIDED.get(name):
        return Hold(sides[code.endswith("Right")])
    if key := NAMED.get(name):
        return Hold(Key(key.vk, POSITIONS[code]) if (name, code) == ("Enter", "NumpadEnter") else key)
    scan = POSITIONS.get(code)
    return Hold(Key(layout.vk_at(scan), scan)) if scan else None


def _key_at(layout: Layout, code: str) -> Key | None:
    """Return the key at a position, with the virtual key it has when it types a character."""
    scan = POSITIONS.get(code)
    if scan is None:
        return None
    vk = NUMPAD.get(code) or layout.vk_at(scan)
    return Key(vk, scan) if vk else None


def _stroke(layout: Layout, state: State, character: str) -> Stroke | None:
    """Return how to type the character with CapsLock as it is; None: no key does it at once."""
    if vk := _CONTROL_CHARACTERS.get(character):
        return Stroke(vk, 0)
    stroke = layout.stroke(character)
    if stroke is None:
        return None
    for modifiers in (stroke.modifiers, stroke.modifiers ^ SHIFT):
        if layout.text(stroke.vk, modifiers, state.caps) == character:
            return Stroke(stroke.vk, modifiers)
    return None
