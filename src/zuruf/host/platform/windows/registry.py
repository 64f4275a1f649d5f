"""The few values of the registry that the host reads or writes, all below HKEY_LOCAL_MACHINE."""

import winreg as _module
from typing import Any

_winreg: Any = _module
_VIEWS = (_winreg.KEY_WOW64_64KEY, _winreg.KEY_WOW64_32KEY)


def key_exists(path: str) -> bool:
    """Whether there is this key, as 64-bit programs see it or as 32-bit ones do."""
    for view in _VIEWS:
        try:
            with _winreg.OpenKey(_winreg.HKEY_LOCAL_MACHINE, path, 0, _winreg.KEY_QUERY_VALUE | view):
                return True
        except PermissionError:
            return True
        except OSError:
            continue
    return False


def text(path: str, name: str) -> str:
    """Return a text value; empty where there is none."""
    try:
        with _winreg.OpenKey(_winreg.HKEY_LOCAL_MACHINE, path, 0, _winreg.KEY_QUERY_VALUE | _VIEWS[0]) as key:
            found, _kind = _winreg.QueryValueEx(key, name)
    except OSError:
        return ""
    return found if isinstance(found, str) else ""


def set_text(path: str, name: str, value: str) -> None:
    """Write a text value, with its key where that is missing, through to the disk. Raises OSError.

    Whatever was written below HKEY_LOCAL_MACHINE's same part before, a service say, survives a power cut with it.
    """
    access = _winreg.KEY_SET_VALUE | _winreg.KEY_QUERY_VALUE | _VIEWS[0]
    with _winreg.CreateKeyEx(_winreg.HKEY_LOCAL_MACHINE, path, 0, access) as key:
        _winreg.SetValueEx(key, name, 0, _winreg.REG_SZ, value)
        _winreg.FlushKey(key)


def delete_value(path: str, name: str) -> None:
    """Delete a value. Repeatable. Raises OSError."""
    try:
        with _winreg.OpenKey(_winreg.HKEY_LOCAL_MACHINE, path, 0, _winreg.KEY_SET_VALUE | _VIEWS[0]) as key:
            _winreg.DeleteValue(key, name)
    except FileNotFoundError:
        return
