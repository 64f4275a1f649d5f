"""Gives things the rights that ``sddl`` names, when they are made, and reads them back."""

from pathlib import Path
from typing import Any

import pywintypes
import win32security

from zuruf.host.platform.windows.errors import windows_errors

_REVISION = 1
_PARTS = win32security.OWNER_SECURITY_INFORMATION | win32security.DACL_SECURITY_INFORMATION


def attributes(sddl: str, *, inherited: bool = False) -> Any:
    """Return security attributes for a function that makes something; ``inherited``: by child processes."""
    made = pywintypes.SECURITY_ATTRIBUTES()
    made.SECURITY_DESCRIPTOR = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(sddl, _REVISION)
    made.bInheritHandle = inherited
    return made


@windows_errors()
def restrict(path: Path, sddl: str) -> None:
    """Give an existing folder this access list, and nothing inherited. Raises OSError."""
    descriptor = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(sddl, _REVISION)
    parts = win32security.DACL_SECURITY_INFORMATION | win32security.PROTECTED_DACL_SECURITY_INFORMATION
    access = descriptor.GetSecurityDescriptorDacl()
    win32security.SetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, parts, None, None, access, None)


@windows_errors()
def describe(path: Path) -> str:
    """Return owner and access list of a file or folder as SDDL. Raises OSError."""
    return _text(win32security.GetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, _PARTS))


@windows_errors()
def describe_handle(handle: int) -> str:
    """Return owner and access list of an open kernel object, such as a pipe, as SDDL. Raises OSError."""
    return _text(win32security.GetSecurityInfo(handle, win32security.SE_KERNEL_OBJECT, _PARTS))


def _text(descriptor: Any) -> str:
    return win32security.ConvertSecurityDescriptorToStringSecurityDescriptor(descriptor, _REVISION, _PARTS)
