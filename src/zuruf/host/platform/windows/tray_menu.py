"""What the icon beside the clock shows and hears, in Windows' own terms. Pure; ``tray.py`` does it.

Sources: Microsoft's pages "Shell_NotifyIconW" and "NOTIFYICONDATAW" (shellapi.h).
"""

from enum import Enum

from zuruf.host.ui.texts import Control

TOOLTIP_MAX, TITLE_MAX, TEXT_MAX = 127, 63, 255
"""UTF-16 units that fit into NOTIFYICONDATAW."""

_LEFT_UP, _RIGHT_UP, _DOUBLE, _CONTEXT_MENU = 0x202, 0x205, 0x203, 0x7B
_SELECT, _KEY_SELECT, _BALLOON_CLICK = 0x400, 0x401, 0x405


class Reaction(Enum):
    """What to do about a message of the icon."""

    NONE = "none"
    OPEN = "open"
    MENU = "menu"


def reaction(message: int, version: int) -> Reaction:
    """Return what the customer means; ``version`` 4 icons send their own messages after the mouse's."""
    modern = version >= 4
    if message == _BALLOON_CLICK or message == (_SELECT if modern else _LEFT_UP):
        return Reaction.OPEN
    if message == (_KEY_SELECT if modern else _DOUBLE):
        return Reaction.OPEN
    if message == (_CONTEXT_MENU if modern else _RIGHT_UP):
        return Reaction.MENU
    return Reaction.NONE


def place(anchor: int) -> tuple[int, int]:
    """Return the point in a version 4 message's wParam; monitors at the left and above have negative coordinates."""
    return _signed(anchor & 0xFFFF), _signed(anchor >> 16 & 0xFFFF)


def _signed(number: int) -> int:
    return number - 0x10000 if number >= 0x8000 else number


def menu_text(label: Control) -> str:
    """Return the text of a menu entry, with ``&`` before the letter that chooses it."""
    text = label.text
    if label.underline < 0:
        return text.replace("&", "&&")
    before, after = text[: label.underline], text[label.underline :]
    return f"{before.replace('&', '&&')}&{after.replace('&', '&&')}"


def fitting(text: str, units: int) -> str:
    """Return a text that fits into so many UTF-16 units, with an ellipsis where something is missing."""
    if _units(text) <= units:
        return text
    while _units(text) > units - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
