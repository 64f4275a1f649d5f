"""The language that Windows talks to its user in. A module of its own, for every process begins with it."""

import ctypes
from typing import Any

from zuruf.host.ui.texts import language_of

_LOCALE_NAME_MAX = 85
_kernel32: Any = ctypes.WinDLL("kernel32", use_last_error=True)


def user_language() -> str:
    """Return the app's language for the language that Windows talks to this user in."""
    name = ctypes.create_unicode_buffer(_LOCALE_NAME_MAX)
    _kernel32.LCIDToLocaleName(_kernel32.GetUserDefaultUILanguage(), name, len(name), 0)
    return language_of(name.value)
