"""The few functions of Windows that pywin32 does not offer, through ctypes. Nothing here changes anything.

Sources: Microsoft's documentation of RtlGetVersion, GetTickCount64, CommandLineToArgvW, CreateToolhelp32Snapshot.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from typing import Any, NamedTuple

_windows: Any = ctypes
_kernel32 = _windows.WinDLL("kernel32", use_last_error=True)
_ntdll = _windows.WinDLL("ntdll")
_shell32 = _windows.WinDLL("shell32", use_last_error=True)

_SNAPSHOT_PROCESSES = 0x2
_QUERY_LIMITED_INFORMATION = 0x1000
_INVALID_HANDLE = ctypes.c_void_p(-1).value


class Version(NamedTuple):
    """Windows' own version, not what a program's manifest makes of it."""

    major: int
    minor: int
    build: int


class _VersionInfo(ctypes.Structure):
    _fields_ = (
        ("size", wintypes.DWORD),
        ("major", wintypes.DWORD),
        ("minor", wintypes.DWORD),
        ("build", wintypes.DWORD),
        ("platform", wintypes.DWORD),
        ("service_pack", wintypes.WCHAR * 128),
    )


class _Process(ctypes.Structure):
    _fields_ = (
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("pid", wintypes.DWORD),
        ("heap", ctypes.c_void_p),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("name", wintypes.WCHAR * wintypes.MAX_PATH),
    )


_kernel32.GetTickCount64.restype = ctypes.c_ulonglong
_kernel32.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
_kernel32.CreateToolhelp32Snapshot.argtypes = (wintypes.DWORD, wintypes.DWORD)
_kernel32.Process32FirstW.argtypes = _kernel32.Process32NextW.argtypes = (wintypes.HANDLE, ctypes.POINTER(_Process))
_kernel32.OpenProcess.restype = wintypes.HANDLE
_kernel32.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
_kernel32.GetProcessTimes.argtypes = (wintypes.HANDLE, *[ctypes.POINTER(wintypes.FILETIME)] * 4)
_kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
_kernel32.LocalFree.argtypes = (ctypes.c_void_p,)
_shell32.CommandLineToArgvW.restype = ctypes.POINTER(wintypes.LPWSTR)
_shell32.CommandLineToArgvW.argtypes = (wintypes.LPCWSTR, ctypes.POINTER(ctypes.c_int))


def version() -> Version:
    """Return Windows' version."""
    info = _VersionInfo()
    info.size = ctypes.sizeof(info)
    _ntdll.RtlGetVersion(ctypes.byref(info))
    return Version(info.major, info.minor, info.build)


def ticks_ms() -> int:
    """Return milliseconds since the boot, sleep and hibernation included."""
    count: int = _kernel32.GetTickCount64()
    return count


def split_command(line: str) -> list[str]:
    """Take a command line apart as a program's start does. Raises OSError."""
    if not line:
        return []
    count = ctypes.c_int()
    found = _shell32.CommandLineToArgvW(line, ctypes.byref(count))
    if not found:
        raise _windows.WinError(_windows.get_last_error())
    try:
        return [found[index] or "" for index in range(count.value)]
    finally:
        _kernel32.LocalFree(found)


def process_id(name: str) -> int:
    """Return the id of the process that runs this executable, the first there is. Raises ProcessLookupError."""
    with _snapshot() as processes:
        entry = _Process()
        entry.size = ctypes.sizeof(entry)
        more = _kernel32.Process32FirstW(processes, ctypes.byref(entry))
        while more:
            if entry.name.lower() == name:
                return int(entry.pid)
            more = _kernel32.Process32NextW(processes, ctypes.byref(entry))
    raise ProcessLookupError(name)


def process_created(pid: int) -> int:
    """Return when a process began, in units of 100 ns since 1601 (UTC). Raises OSError."""
    process = _kernel32.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
    if not process:
        raise _windows.WinError(_windows.get_last_error())
    try:
        times = [wintypes.FILETIME() for _ in range(4)]
        if not _kernel32.GetProcessTimes(process, *map(ctypes.byref, times)):
            raise _windows.WinError(_windows.get_last_error())
    finally:
        _kernel32.CloseHandle(process)
    return int(times[0].dwHighDateTime) << 32 | int(times[0].dwLowDateTime)


@contextmanager
def _snapshot() -> Iterator[int]:
    handle = _kernel32.CreateToolhelp32Snapshot(_SNAPSHOT_PROCESSES, 0)
    if handle == _INVALID_HANDLE:
        raise _windows.WinError(_windows.get_last_error())
    try:
        yield handle
    finally:
        _kernel32.CloseHandle(handle)
