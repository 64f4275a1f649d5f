"""Keysyms, characters and key positions: which number X uses for what the DOM names. Tables, no keyboard state.

Sources: X11 protocol, appendix A (KEYSYM encoding); keysymdef.h; W3C UI Events KeyboardEvent code and key values;
the ``evdev`` keycodes of xkeyboard-config (the kernel's number plus 8).
"""

from zuruf.host.platform.x11.keysym_table import LEGACY

UNICODE_BASE = 0x01000000
SHIFT_L, SHIFT_R = 0xFFE1, 0xFFE2
ISO_LEVEL3_SHIFT, MODE_SWITCH = 0xFE03, 0xFF7E
_LATIN1 = (range(0x20, 0x7F), range(0xA0, 0x100))

_CHARACTERS = {
    int(keysym, 16): chr(int(point, 16)) for keysym, point in (pair.split(":") for pair in LEGACY.split())
} | {
    0xFF80: " ",
    0xFFBD: "=",
    0xFFAA: "*",
    0xFFAB: "+",
    0xFFAC: ",",
    0xFFAD: "-",
    0xFFAE: ".",
    0xFFAF: "/",
    **{0xFFB0 + digit: str(digit) for digit in range(10)},
}
_KEYPAD_FIRST = 0xFF80
_KEYSYMS = {
    character: keysym for keysym, character in sorted(_CHARACTERS.items(), reverse=True) if keysym < _KEYPAD_FIRST
}

NAMED = {
    "Backspace": 0xFF08,
    "Tab": 0xFF09,
    "Enter": 0xFF0D,
    "Escape": 0xFF1B,
    "Delete": 0xFFFF,
    "Home": 0xFF50,
    "ArrowLeft": 0xFF51,
    "ArrowUp": 0xFF52,
    "ArrowRight": 0xFF53,
    "ArrowDown": 0xFF54,
    "PageUp": 0xFF55,
    "PageDown": 0xFF56,
    "End": 0xFF57,
    "Insert": 0xFF63,
    "Pause": 0xFF13,
    "ScrollLock": 0xFF14,
    "PrintScreen": 0xFF61,
    "ContextMenu": 0xFF67,
    "NumLock": 0xFF7F,
    "CapsLock": 0xFFE5,
    "Shift": SHIFT_L,
    "Control": 0xFFE3,
    "Alt": 0xFFE9,
    "Meta": 0xFFEB,
    "AltGraph": ISO_LEVEL3_SHIFT,
    **{f"F{number}": 0xFFBD + number for number in range(1, 25)},
}
"""``KeyboardEvent.key`` of keys without a character → keysym."""

_KEYPAD_NAMED = {
    "Enter": 0xFF8D,
    "Home": 0xFF95,
    "ArrowLeft": 0xFF96,
    "ArrowUp": 0xFF97,
    "ArrowRight": 0xFF98,
    "ArrowDown": 0xFF99,
    "PageUp": 0xFF9A,
    "PageDown": 0xFF9B,
    "End": 0xFF9C,
    "Insert": 0xFF9E,
    "Delete": 0xFF9F,
}

_EVDEV = {
    "Escape": 1,
    **{f"Digit{digit}": 1 + digit for digit in range(1, 10)},
    "Digit0": 11,
    "Minus": 12,
    "Equal": 13,
    "Backspace": 14,
    "Tab": 15,
    **{f"Key{letter}": 16 + index for index, letter in enumerate("QWERTYUIOP")},
    "BracketLeft": 26,
    "BracketRight": 27,
    "Enter": 28,
    "ControlLeft": 29,
    **{f"Key{letter}": 30 + index for index, letter in enumerate("ASDFGHJKL")},
    "Semicolon": 39,
    "Quote": 40,
    "Backquote": 41,
    "ShiftLeft": 42,
    "Backslash": 43,
    **{f"Key{letter}": 44 + index for index, letter in enumerate("ZXCVBNM")},
    "Comma": 51,
    "Period": 52,
    "Slash": 53,
    "ShiftRight": 54,
    "NumpadMultiply": 55,
    "AltLeft": 56,
    "Space": 57,
    "CapsLock": 58,
    **{f"F{number}": 58 + number for number in range(1, 11)},
    "NumLock": 69,
    "ScrollLock": 70,
    "Numpad7": 71,
    "Numpad8": 72,
    "Numpad9": 73,
    "NumpadSubtract": 74,
    "Numpad4": 75,
    "Numpad5": 76,
    "Numpad6": 77,
    "NumpadAdd": 78,
    "Numpad1": 79,
    "Numpad2": 80,
    "Numpad3": 81,
    "Numpad0": 82,
    "NumpadDecimal": 83,
    "Lang5": 85,
    "IntlBackslash": 86,
    "F11": 87,
    "F12": 88,
    "IntlRo": 89,
    "Lang3": 90,
    "Lang4": 91,
    "Convert": 92,
    "KanaMode": 93,
    "NonConvert": 94,
    "NumpadEnter": 96,
    "ControlRight": 97,
    "NumpadDivide": 98,
    "PrintScreen": 99,
    "AltRight": 100,
    "Home": 102,
    "ArrowUp": 103,
    "PageUp": 104,
    "ArrowLeft": 105,
    "ArrowRight": 106,
    "End": 107,
    "ArrowDown": 108,
    "PageDown": 109,
    "Insert": 110,
    "Delete": 111,
    "AudioVolumeMute": 113,
    "AudioVolumeDown": 114,
    "AudioVolumeUp": 115,
    "NumpadEqual": 117,
    "Pause": 119,
    "NumpadComma": 121,
    "Lang1": 122,
    "Lang2": 123,
    "IntlYen": 124,
    "MetaLeft": 125,
    "MetaRight": 126,
    "ContextMenu": 127,
    "BrowserBack": 158,
    "BrowserForward": 159,
    "MediaTrackNext": 163,
    "MediaPlayPause": 164,
    "MediaTrackPrevious": 165,
    "MediaStop": 166,
    "BrowserHome": 172,
    "BrowserRefresh": 173,
    **{f"F{number}": 170 + number for number in range(13, 25)},
    "BrowserSearch": 217,
}
KEYCODES = {code: evdev + 8 for code, evdev in _EVDEV.items()}
"""``KeyboardEvent.code`` → X keycode of that position."""


def character_of(keysym: int) -> str:
    """Return the character a key with this keysym types, or an empty text (function keys, dead keys)."""
    if any(keysym in block for block in _LATIN1):
        return chr(keysym)
    if UNICODE_BASE + 0x100 <= keysym <= UNICODE_BASE + 0x10FFFF:
        return chr(keysym - UNICODE_BASE)
    return _CHARACTERS.get(keysym, "")


def keysym_of(character: str) -> int:
    """Return the keysym that types a character; line feed and tab are the keys Enter and Tab.

    Raises ValueError for other control characters and for half a surrogate pair, which no key types.
    """
    if character in "\r\n":
        return NAMED["Enter"]
    if character == "\t":
        return NAMED["Tab"]
    point = ord(character)
    if any(point in block for block in _LATIN1):
        return point
    if point < 0xA0 or 0xD800 <= point <= 0xDFFF:
        raise ValueError(f"no key types U+{point:04X}")
    return _KEYSYMS.get(character, UNICODE_BASE + point)


def same(keysym: int, character: str) -> bool:
    """Say whether a key with this keysym types the character (or is the key for it: Enter, Tab)."""
    return character_of(keysym) == character or keysym == keysym_of(character)


def named_keysyms(key: str) -> tuple[int, ...]:
    """Return the keysyms that do what a named ``KeyboardEvent.key`` does, the usual one first."""
    return tuple(table[key] for table in (NAMED, _KEYPAD_NAMED) if key in table)


def upper(keysym: int) -> int:
    """Return the keysym of the capital letter, or the same one (XKB protocol, Lock that no key type consumed)."""
    character = character_of(keysym)
    capital = character.upper()
    return keysym_of(capital) if len(capital) == 1 and capital != character else keysym
