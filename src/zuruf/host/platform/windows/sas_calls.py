"""SendSAS and the policy that allows it. What is done with them is in ``sas.py``."""

import ctypes
import time
import winreg
from pathlib import Path
from typing import Any

from zuruf.host.platform.windows.sas import Attention, UnusablePolicy

_windows: Any = ctypes
_registry: Any = winreg

_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
_VALUE = "SoftwareSASGeneration"
_NOT_AS_USER = False


class RegistryPolicy:
    """See ``sas.Policy``."""

    def read(self) -> int | None:
        """Return the value."""
        try:
            with _registry.OpenKey(_registry.HKEY_LOCAL_MACHINE, _KEY) as key:
                value, kind = _registry.QueryValueEx(key, _VALUE)
        except FileNotFoundError:
            return None
        if kind != _registry.REG_DWORD or not isinstance(value, int):
            raise UnusablePolicy(f"{_VALUE} is of type {kind}")
        return value

    def write(self, value: int) -> None:
        """Set the value; Windows itself has the key."""
        with _registry.OpenKey(_registry.HKEY_LOCAL_MACHINE, _KEY, access=_registry.KEY_SET_VALUE) as key:
            _registry.SetValueEx(key, _VALUE, 0, _registry.REG_DWORD, value)

    def remove(self) -> None:
        """Remove the value."""
        try:
            with _registry.OpenKey(_registry.HKEY_LOCAL_MACHINE, _KEY, access=_registry.KEY_SET_VALUE) as key:
                _registry.DeleteValue(key, _VALUE)
        except FileNotFoundError:
            return


def attention(private: Path) -> Attention:
    """Return what sends Ctrl-Alt-Del; ``private`` is a folder of SYSTEM's, for its note. Only SYSTEM may send it."""
    return Attention(RegistryPolicy(), _send_sas, time.sleep, private / "attention.json")


def _send_sas() -> None:
    """SendSAS, which says nothing of its success. Raises OSError where Windows lacks it (before Windows 7)."""
    _windows.WinDLL("sas").SendSAS(_NOT_AS_USER)
