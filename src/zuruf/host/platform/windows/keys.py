"""Virtual keys and positions: which number Windows uses for what the DOM names. Tables, no keyboard state.

Sources: winuser.h (virtual-key codes); W3C UI Events KeyboardEvent code and key values; "Keyboard Scan Code
Specification" (set 1, of which keys with the prefix E0 carry EXTENDED here).
"""

from typing import NamedTuple

EXTENDED = 0x100

SHIFT, CONTROL, ALT, META = 1, 2, 4, 8
"""Modifiers; the first three as VkKeyScanExW and ToUnicodeEx have them."""
ALTGR = CONTROL | ALT
COMMANDS = CONTROL | ALT | META
"""Modifiers that make a command of a character."""

VK_TAB, VK_RETURN, VK_CAPITAL, VK_MENU_MASK = 0x09, 0x0D, 0x14, 0xE8
"""VK_MENU_MASK is assigned to no key: pressed between Alt and its release, it keeps a menu from opening."""


class Key(NamedTuple):
    """A key of the remote keyboard: virtual key and scan code of set 1 (with EXTENDED). 0: unknown."""

    vk: int
    scan: int


LEFT_SHIFT, RIGHT_SHIFT = Key(0xA0, 0x2A), Key(0xA1, 0x36)
LEFT_CONTROL, RIGHT_CONTROL = Key(0xA2, 0x1D), Key(0xA3, 0x1D | EXTENDED)
LEFT_ALT, RIGHT_ALT = Key(0xA4, 0x38), Key(0xA5, 0x38 | EXTENDED)
LEFT_META, RIGHT_META = Key(0x5B, 0x5B | EXTENDED), Key(0x5C, 0x5C | EXTENDED)
MENU_MASK = Key(VK_MENU_MASK, 0)

MODIFIERS = {
    LEFT_SHIFT: SHIFT,
    RIGHT_SHIFT: SHIFT,
    LEFT_CONTROL: CONTROL,
    RIGHT_CONTROL: CONTROL,
    LEFT_ALT: ALT,
    RIGHT_ALT: ALT,
    LEFT_META: META,
    RIGHT_META: META,
}
"""Every modifier key and the modifier it sets."""

SIDED = {
    "Shift": (LEFT_SHIFT, RIGHT_SHIFT),
    "Control": (LEFT_CONTROL, RIGHT_CONTROL),
    # The right one is AltGr on many layouts; a viewer that means Alt is given the one that is Alt everywhere.
    "Alt": (LEFT_ALT, LEFT_ALT),
    "Meta": (LEFT_META, RIGHT_META),
}
"""``KeyboardEvent.key`` of modifiers → the left and the right key."""

POSITIONS = {
    "Escape": 0x01,
    **{f"Digit{digit}": 0x01 + digit for digit in range(1, 10)},
    "Digit0": 0x0B,
    "Minus": 0x0C,
    "Equal": 0x0D,
    "Backspace": 0x0E,
    "Tab": 0x0F,
    **{f"Key{letter}": 0x10 + index for index, letter in enumerate("QWERTYUIOP")},
    "BracketLeft": 0x1A,
    "BracketRight": 0x1B,
    "Enter": 0x1C,
    "ControlLeft": 0x1D,
    **{f"Key{letter}": 0x1E + index for index, letter in enumerate("ASDFGHJKL")},
    "Semicolon": 0x27,
    "Quote": 0x28,
    "Backquote": 0x29,
    "ShiftLeft": 0x2A,
    "Backslash": 0x2B,
    **{f"Key{letter}": 0x2C + index for index, letter in enumerate("ZXCVBNM")},
    "Comma": 0x33,
    "Period": 0x34,
    "Slash": 0x35,
    "ShiftRight": 0x36,
    "NumpadMultiply": 0x37,
    "AltLeft": 0x38,
    "Space": 0x39,
    "CapsLock": 0x3A,
    **{f"F{number}": 0x3A + number for number in range(1, 11)},
    "Pause": 0x45,
    "ScrollLock": 0x46,
    "Numpad7": 0x47,
    "Numpad8": 0x48,
    "Numpad9": 0x49,
    "NumpadSubtract": 0x4A,
    "Numpad4": 0x4B,
    "Numpad5": 0x4C,
    "Numpad6": 0x4D,
    "NumpadAdd": 0x4E,
    "Numpad1": 0x4F,
    "Numpad2": 0x50,
    "Numpad3": 0x51,
    "Numpad0": 0x52,
    "NumpadDecimal": 0x53,
    "IntlBackslash": 0x56,
    "F11": 0x57,
    "F12": 0x58,
    "NumpadEqual": 0x59,
    **{f"F{number}": 0x64 + number - 13 for number in range(13, 24)},
    "KanaMode": 0x70,
    "Lang2": 0x71,
    "Lang1": 0x72,
    "IntlRo": 0x73,
    "F24": 0x76,
    "Lang4": 0x77,
    "Lang3": 0x78,
    "Convert": 0x79,
    "NonConvert": 0x7B,
    "IntlYen": 0x7D,
    "NumpadComma": 0x7E,
    "MediaTrackPrevious": 0x10 | EXTENDED,
    "MediaTrackNext": 0x19 | EXTENDED,
    "NumpadEnter": 0x1C | EXTENDED,
    "ControlRight": 0x1D | EXTENDED,
    "AudioVolumeMute": 0x20 | EXTENDED,
    "MediaPlayPause": 0x22 | EXTENDED,
    "MediaStop": 0x24 | EXTENDED,
    "AudioVolumeDown": 0x2E | EXTENDED,
    "AudioVolumeUp": 0x30 | EXTENDED,
    "BrowserHome": 0x32 | EXTENDED,
    "NumpadDivide": 0x35 | EXTENDED,
    "PrintScreen": 0x37 | EXTENDED,
    "AltRight": 0x38 | EXTENDED,
    "NumLock": 0x45 | EXTENDED,
    "Home": 0x47 | EXTENDED,
    "ArrowUp": 0x48 | EXTENDED,
    "PageUp": 0x49 | EXTENDED,
    "ArrowLeft": 0x4B | EXTENDED,
    "ArrowRight": 0x4D | EXTENDED,
    "End": 0x4F | EXTENDED,
    "ArrowDown": 0x50 | EXTENDED,
    "PageDown": 0x51 | EXTENDED,
    "Insert": 0x52 | EXTENDED,
    "Delete": 0x53 | EXTENDED,
    "MetaLeft": 0x5B | EXTENDED,
    "MetaRight": 0x5C | EXTENDED,
    "ContextMenu": 0x5D | EXTENDED,
    "BrowserSearch": 0x65 | EXTENDED,
    "BrowserFavorites": 0x66 | EXTENDED,
    "BrowserRefresh": 0x67 | EXTENDED,
    "BrowserStop": 0x68 | EXTENDED,
    "BrowserForward": 0x69 | EXTENDED,
    "BrowserBack": 0x6A | EXTENDED,
}
"""``KeyboardEvent.code`` → scan code of that position."""

_NAMED_VKS = {
    "Backspace": 0x08,
    "Tab": VK_TAB,
    "Enter": VK_RETURN,
    "Pause": 0x13,
    "CapsLock": VK_CAPITAL,
    "KanaMode": 0x15,
    "Escape": 0x1B,
    "Convert": 0x1C,
    "NonConvert": 0x1D,
    "PageUp": 0x21,
    "PageDown": 0x22,
    "End": 0x23,
    "Home": 0x24,
    "ArrowLeft": 0x25,
    "ArrowUp": 0x26,
    "ArrowRight": 0x27,
    "ArrowDown": 0x28,
    "PrintScreen": 0x2C,
    "Insert": 0x2D,
    "Delete": 0x2E,
    "ContextMenu": 0x5D,
    **{f"F{number}": 0x70 + number - 1 for number in range(1, 25)},
    "NumLock": 0x90,
    "ScrollLock": 0x91,
    "BrowserBack": 0xA6,
    "BrowserForward": 0xA7,
    "BrowserRefresh": 0xA8,
    "BrowserStop": 0xA9,
    "BrowserSearch": 0xAA,
    "BrowserFavorites": 0xAB,
    "BrowserHome": 0xAC,
    "AudioVolumeMute": 0xAD,
    "AudioVolumeDown": 0xAE,
    "AudioVolumeUp": 0xAF,
    "MediaTrackNext": 0xB0,
    "MediaTrackPrevious": 0xB1,
    "MediaStop": 0xB2,
    "MediaPlayPause": 0xB3,
}

NAMED = {
    # Keys of the numeric pad are sent as their namesakes in the middle of the keyboard: without EXTENDED, Windows
    # takes Shift off an arrow while NumLock is on.
    **{name: Key(vk, POSITIONS[name]) for name, vk in _NAMED_VKS.items()},
    "Clear": Key(0x0C, POSITIONS["Numpad5"]),
}
"""``KeyboardEvent.key`` of keys without a character → the key."""

NUMPAD = {
    **{f"Numpad{digit}": 0x60 + digit for digit in range(10)},
    "NumpadMultiply": 0x6A,
    "NumpadAdd": 0x6B,
    "NumpadComma": 0x6C,
    "NumpadSubtract": 0x6D,
    "NumpadDecimal": 0x6E,
    "NumpadDivide": 0x6F,
}
"""``KeyboardEvent.code`` of the numeric pad → the virtual key that types its character, whatever NumLock says."""
