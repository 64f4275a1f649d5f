"""Decides which key of the remote layout does what the viewer's key means. Pure: layout and state in, an action out.

A character is typed as that character, whatever keys make it on the remote layout. Where the key at the same position
makes it with the modifiers as they are, that very key is pressed and held, so that shortcuts, games and auto-repeat
work. With Ctrl, Alt or Meta it is a command: the key that carries the letter is pressed, and modifiers stay as they
are. Keys without a character go by their position, unless the remote key there does something else.
"""

from dataclasses import dataclass

from zuruf.host.platform.x11 import keysyms
from zuruf.host.platform.x11.keymap import COMMANDS, SHIFT, Keymap
from zuruf.host.platform.x11.keysyms import KEYCODES

_NO_KEYS = frozenset({"Dead", "Process", "Compose", "Unidentified", ""})
"""``KeyboardEvent.key`` values of which the character comes later, as text."""
_FAMILIES = {
    "Shift": (0xFFE1, 0xFFE2),
    "Control": (0xFFE3, 0xFFE4),
    "Alt": (0xFFE9, 0xFFEA, 0xFFE7, 0xFFE8),
    "Meta": (0xFFEB, 0xFFEC, 0xFFE7, 0xFFE8),
}


@dataclass(frozen=True)
class State:
    """Modifiers that keys hold down, those that are locked (CapsLock, NumLock), the group, and whether AltGr is down.

    ``third_level``: the viewer holds AltGr; a browser on Windows reports Ctrl and Alt beside it, which mean nothing.
    """

    pressed: int = 0
    locked: int = 0
    group: int = 0
    third_level: bool = False


@dataclass(frozen=True)
class Hold:
    """Press this key until the viewer releases its own."""

    keycode: int


@dataclass(frozen=True)
class Tap:
    """Press and release this key with exactly ``modifiers`` of those in ``mask``; they are put back afterwards."""

    keycode: int
    modifiers: int
    mask: int


@dataclass(frozen=True)
class Borrow:
    """No key has this keysym: tap a spare key that is given it, without those modifiers in ``mask``."""

    keysym: int
    mask: int


Action = Hold | Tap | Borrow | None


def press(keymap: Keymap, state: State, code: str, key: str) -> Action:
    """Return what to do for a key of the viewer that goes down; None: nothing."""
    position = KEYCODES.get(code)
    if len(key) == 1 and key.isprintable():
        if state.pressed & COMMANDS and not state.third_level:
            return _command(keymap, state, position, key)
        return _character(keymap, state, position, key)
    if key in _NO_KEYS and (key != "Unidentified" or position is None):
        return None
    return _named(keymap, state, position, key)


def type_character(keymap: Keymap, state: State, character: str) -> Action:
    """Return what to do to type a character regardless of what is held. None: no key can type it."""
    try:
        keysym = keysyms.keysym_of(character)
    except ValueError:
        return None
    stroke = keymap.stroke(character, state.locked, state.group)
    if stroke is None:
        return Borrow(keysym, COMMANDS)
    return Tap(stroke.keycode, stroke.modifiers, SHIFT | keymap.third_level | COMMANDS)


def _character(keymap: Keymap, state: State, position: int | None, character: str) -> Action:
    levels = SHIFT | keymap.third_level
    undisturbed = not state.pressed & COMMANDS
    if position is not None and undisturbed and keysyms.same(_under(keymap, state, position), character):
        return Hold(position)
    stroke = keymap.stroke(character, state.locked, state.group)
    if stroke and undisturbed and stroke.modifiers == state.pressed & levels:
        return Hold(stroke.keycode)
    return type_character(keymap, state, character)


def _command(keymap: Keymap, state: State, position: int | None, character: str) -> Action:
    letter = character.lower()
    if position is not None:
        base = keysyms.character_of(keymap.keysym(position, 0, state.group))
        if base.lower() == letter or keysyms.same(_under(keymap, state, position), character):
            return Hold(position)
    stroke = keymap.stroke(letter, 0, state.group)
    if stroke is None:
        return Hold(position) if position is not None else None
    if stroke.modifiers & ~state.pressed:
        return Tap(stroke.keycode, stroke.modifiers, SHIFT | keymap.third_level)
    return Hold(stroke.keycode)


def _named(keymap: Keymap, state: State, position: int | None, key: str) -> Action:
    wanted = _FAMILIES.get(key) or keysyms.named_keysyms(key)
    if not wanted:
        return Hold(position) if position is not None else None
    # A keypad key under NumLock types a digit, where the viewer's moves the cursor.
    if position is not None and not keysyms.character_of(_under(keymap, state, position)):
        base = keymap.keysym(position, 0, state.group)
        if base in wanted:
            return Hold(position)
    other = keymap.key_with(wanted[:1], state.group) or keymap.key_with(wanted, state.group)
    if other is not None:
        return Hold(other)
    return Hold(position) if position is not None and key not in _FAMILIES else None


def _under(keymap: Keymap, state: State, keycode: int) -> int:
    """Return the keysym the key gives with everything as it is now."""
    return keymap.keysym(keycode, state.pressed | state.locked, state.group)
