"""Tells screen readers about the window's controls, by annotating their window handles (Dynamic Annotation of MSAA).

Tk draws its controls itself, and to Windows each is a nameless window. IAccPropServices gives such a window name, role,
value and state; UI Automation reads them, too. Through ctypes: comtypes would cost the window's process memory and
write files of its own. Where the system has no such service, nothing is told and nothing breaks.
Source: Microsoft's page "Dynamic Annotation API" (oleacc.h).
"""

import ctypes
import logging
import uuid
from ctypes import wintypes
from typing import Any

from zuruf.host.platform.windows import msaa
from zuruf.host.ui.accessibility import Description

log = logging.getLogger(__name__)

_windows: Any = ctypes
_ole32 = _windows.WinDLL("ole32")
_user32 = _windows.WinDLL("user32")

_APARTMENT_THREADED, _IN_PROCESS = 2, 1
_CLIENT = 0xFFFFFFFC
"""OBJID_CLIENT: what is in the window, without its frame."""
_SELF = 0
_VT_I4 = 3
_E_NOTIMPL = 0x80004001


class _Guid(ctypes.Structure):
    _fields_ = (("data", ctypes.c_ubyte * 16),)


def _guid(text: str) -> _Guid:
    return _Guid.from_buffer_copy(uuid.UUID(text).bytes_le)


class _Variant(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("number", ctypes.c_longlong),
        ("second", ctypes.c_void_p),
    )


_CLASS = _guid("b5f8350b-0548-48b1-a6ee-88bd00b4a5e7")
_INTERFACE = _guid("6e26e776-04f0-495d-80e4-3330352e3169")
_NAME = _guid("608d3df8-8128-4aa7-a428-f55e49267291")
_VALUE = _guid("123fe443-211a-4615-9527-c45a7e93717a")
_ROLE = _guid("cb905ff2-7bd1-4c05-b3c8-e6c241364d70")
_STATE = _guid("a8d4d5b0-0a21-42d0-a5c0-514e984f457b")
_SHORTCUT = _guid("7d9bceee-7d1e-4979-9382-5180f4172c34")
_ALL = (_Guid * 5)(_NAME, _VALUE, _ROLE, _STATE, _SHORTCUT)

_ole32.CoInitializeEx.argtypes = (ctypes.c_void_p, wintypes.DWORD)
_ole32.CoInitializeEx.restype = ctypes.c_long
_ole32.CoCreateInstance.argtypes = (
    ctypes.POINTER(_Guid),
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.POINTER(_Guid),
    ctypes.POINTER(ctypes.c_void_p),
)
_ole32.CoCreateInstance.restype = ctypes.c_long
_user32.NotifyWinEvent.argtypes = (wintypes.DWORD, wintypes.HWND, wintypes.LONG, wintypes.LONG)

# Places in the interface's table of functions; the first three are IUnknown's.
_WHERE = (wintypes.HWND, wintypes.DWORD, wintypes.DWORD)
_set_number = _windows.WINFUNCTYPE(ctypes.c_long, *_WHERE, _Guid, _Variant)(6, "SetHwndProp")
_set_text = _windows.WINFUNCTYPE(ctypes.c_long, *_WHERE, _Guid, wintypes.LPCWSTR)(7, "SetHwndPropStr")
_clear = _windows.WINFUNCTYPE(ctypes.c_long, *_WHERE, ctypes.POINTER(_Guid), ctypes.c_int)(9, "ClearHwndProps")


class Annotations:
    """The ``Accessibility`` of Windows. Only for the window's thread."""

    def __init__(self) -> None:
        self._told: dict[int, Description] = {}
        self._service: ctypes.c_void_p | None = ctypes.c_void_p()
        _ole32.CoInitializeEx(None, _APARTMENT_THREADED)
        self._check(
            _ole32.CoCreateInstance(
                ctypes.byref(_CLASS), None, _IN_PROCESS, ctypes.byref(_INTERFACE), ctypes.byref(self._service)
            )
        )

    @property
    def available(self) -> bool:
        """Whether this system takes annotations."""
        return self._service is not None

    def describe(self, window_id: int, description: Description) -> None:
        """Annotate the window and tell what has changed."""
        old = self._told.get(window_id)
        self._told[window_id] = description
        for guid, text, before in (
            (_NAME, description.name, "" if old is None else old.name),
            (_VALUE, description.value, "" if old is None else old.value),
            (_SHORTCUT, description.shortcut, "" if old is None else old.shortcut),
        ):
            if text != before and self._service is not None:
                self._check(_set_text(self._service, window_id, _CLIENT, _SELF, guid, text))
        if old is None:
            self._set_number(window_id, _ROLE, msaa.ROLES[description.role])
        if old is None or msaa.state(old) != msaa.state(description):
            self._set_number(window_id, _STATE, msaa.state(description))
        for event in msaa.events(old, description):
            self._notify(event, window_id)

    def announce(self, window_id: int) -> None:
        """Tell of an alert, which screen readers read out at once."""
        self._notify(msaa.EVENT_ALERT, window_id)

    def forget(self, window_id: int) -> None:
        """Take the annotations back."""
        if self._told.pop(window_id, None) is not None and self._service is not None:
            self._check(_clear(self._service, window_id, _CLIENT, _SELF, _ALL, len(_ALL)))

    def _set_number(self, window_id: int, guid: _Guid, number: int) -> None:
        if self._service is not None:
            self._check(_set_number(self._service, window_id, _CLIENT, _SELF, guid, _Variant(_VT_I4, number=number)))

    def _check(self, result: int) -> None:
        # A service that is missing or does nothing is asked no more: it would only cost time.
        if result < 0 and self._service is not None:
            log.info("no annotations for screen readers: %#010x", result & 0xFFFFFFFF)
            self._service = None

    def _notify(self, event: int, window_id: int) -> None:
        if self._service is not None:
            _user32.NotifyWinEvent(event, window_id, ctypes.c_long(_CLIENT).value, _SELF)
