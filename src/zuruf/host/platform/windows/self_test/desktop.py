"""Self-test of the desktop: picture, pointer, keyboard layout, clipboard, icon beside the clock, screen readers.

Nothing is typed or clicked anywhere. The pointer moves by some pixels and back; the clipboard is put back.
"""

import ctypes
import statistics
import time
import uuid
from ctypes import wintypes
from pathlib import Path
from typing import Any

import pywintypes
import win32api
import win32clipboard
import win32gui

from zuruf.host.data_files import ICONS
from zuruf.host.platform.windows.accessibility import Annotations
from zuruf.host.platform.windows.capture import GdiSource
from zuruf.host.platform.windows.clipboard_access import SystemClipboard
from zuruf.host.platform.windows.input import WindowsInjector
from zuruf.host.platform.windows.input_desktop import InputDesktop
from zuruf.host.platform.windows.keys import ALTGR
from zuruf.host.platform.windows.layout import WindowsLayout
from zuruf.host.platform.windows.pointer import Pointer
from zuruf.host.platform.windows.sas_calls import attention
from zuruf.host.platform.windows.self_test.report import Failed, Lines, NotPossible, Seen, Text
from zuruf.host.platform.windows.tray import TrayIcon
from zuruf.host.ui.accessibility import Description, Role
from zuruf.host.ui.tray import TrayContent, TrayState

_PICTURES = 30
_STEP = 7
_LATIN_1 = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)))
_TEXT_ONLY = {1, 7, 13, 16}
"""CF_TEXT, CF_OEMTEXT, CF_UNICODETEXT, CF_LOCALE: Windows makes all of them of one."""
_TRAY_WITHIN_S = 10.0
_SAMPLE = "Zuruf ÄÖÜ € 漢 😀"

_windows: Any = ctypes
_clipboard: Any = win32clipboard


def try_desktop(lines: Lines) -> None:
    """Try everything that needs no more than this user's desktop."""
    lines.attempt("Monitore", "monitors", _monitors)
    lines.attempt("Desktop der Eingabe", "input desktop", _input_desktop)
    lines.attempt("Bild (GDI)", "picture (GDI)", _picture)
    lines.attempt("Mauszeiger", "pointer's shape", _cursor)
    lines.attempt("Bild (DXGI), Videokodierer", "picture (DXGI), video encoders", _none)
    lines.attempt("Maus bewegen und zurück", "move the pointer and back", _move)
    lines.attempt("Tastaturbelegung", "keyboard layout", _keyboard)
    lines.attempt("Zwischenablage", "clipboard", _clip)
    lines.attempt("Symbol neben der Uhr", "icon beside the clock", _tray)
    lines.attempt("Vorleseprogramme", "screen readers", _annotate)


def _monitors() -> str:
    found = [area for _handle, _context, area in win32api.EnumDisplayMonitors(None, None)]
    return " · ".join(f"{right - left}×{bottom - top} @ {left},{top}" for left, top, right, bottom in found)


def _input_desktop() -> str:
    desktop = InputDesktop()
    if not desktop.follow():
        raise Failed("kann nicht geöffnet werden", "cannot be opened")
    return desktop.name


def _picture() -> str:
    source = GdiSource()
    try:
        times, size = [], ""
        for _ in range(_PICTURES):
            begin = time.perf_counter()
            look = source.look()
            times.append((time.perf_counter() - begin) * 1000)
            if look is None:
                raise Failed("kein Bild zu bekommen", "no picture to be had")
            size = f"{look.picture.width}×{look.picture.height}"
    finally:
        source.close()
    return f"{size} · {statistics.median(times):.1f} ms (max {max(times):.1f})"


def _cursor() -> str:
    source = GdiSource()
    try:
        source.look()
        shape = source.cursor()
    finally:
        source.close()
    if shape is None:
        raise Failed("kann nicht gelesen werden", "cannot be read")
    return f"{shape.width}×{shape.height}"


def _none() -> Seen:
    raise NotPossible("gibt es in dieser Version nicht", "none in this version")


def _move() -> str:
    InputDesktop().follow()
    pointer = Pointer(WindowsInjector(attention(Path())))
    x, y = win32gui.GetCursorPos()
    left, top = win32api.GetSystemMetrics(76), win32api.GetSystemMetrics(77)
    aside = x + (_STEP if x - left < _STEP * 2 else -_STEP)
    pointer.move(aside - left, y - top)
    reached = _position_within(aside, y)
    pointer.move(x - left, y - top)
    text = f"{x},{y} → {reached[0]},{reached[1]}"
    if reached != (aside, y):
        raise Failed(text, text)
    return text


def _position_within(x: int, y: int, seconds: float = 1.0) -> tuple[int, int]:
    until = time.monotonic() + seconds
    while (found := tuple(win32gui.GetCursorPos())) != (x, y) and time.monotonic() < until:
        time.sleep(0.01)
    return found[0], found[1]


def _keyboard() -> str:
    hkl = win32api.GetKeyboardLayout(0)
    layout = WindowsLayout(hkl)
    typed, third, dead = 0, "", ""
    for character in _LATIN_1:
        stroke = layout.stroke(character)
        if stroke is None:
            continue
        if layout.text(stroke.vk, stroke.modifiers, False) != character:
            dead += character
            continue
        typed += 1
        if stroke.modifiers & ALTGR:
            third += character
    if not typed:
        raise Failed("keine Taste hat ein Zeichen", "no key has a character")
    return f"{hkl & 0xFFFFFFFF:08x} · {typed}/{len(_LATIN_1)} · AltGr {third or '-'} · dead {dead or '-'}"


def _clip() -> Seen:
    _opened()
    try:
        formats, kind = set(), _clipboard.EnumClipboardFormats(0)
        while kind:
            formats.add(kind)
            kind = _clipboard.EnumClipboardFormats(kind)
        if formats - _TEXT_ONLY:
            raise NotPossible(
                "enthält etwas anderes als Text und bleibt, wie sie ist", "holds more than text and stays as it is"
            )
        before = _clipboard.GetClipboardData(_clipboard.CF_UNICODETEXT) if formats else None
    finally:
        _clipboard.CloseClipboard()
    try:
        SystemClipboard().write(_SAMPLE)
        found = SystemClipboard().read()
    finally:
        _opened()
        try:
            _clipboard.EmptyClipboard()
            if before is not None:
                _clipboard.SetClipboardData(_clipboard.CF_UNICODETEXT, before)
        finally:
            _clipboard.CloseClipboard()
    if found != _SAMPLE:
        raise Failed(f"gelesen: {found!r}", f"read: {found!r}")
    return Text("geschrieben, gelesen, zurückgestellt", "written, read, put back")


def _opened() -> None:
    until = time.monotonic() + 2
    while True:
        try:
            _clipboard.OpenClipboard(None)
        except pywintypes.error:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _tray() -> str:
    icon = TrayIcon(ICONS, lambda _choice: None)
    begin = time.monotonic()
    try:
        icon.set(TrayContent(TrayState.ACTIVE, "Zuruf", ()))
        while not icon.shown:
            if time.monotonic() - begin > _TRAY_WITHIN_S:
                raise Failed("erscheint nicht", "does not appear")
            time.sleep(0.01)
        return f"{(time.monotonic() - begin) * 1000:.0f} ms"
    finally:
        icon.close()


class _Variant(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_ushort), ("reserved", ctypes.c_ushort * 3), ("number", ctypes.c_longlong * 2))


_I_ACCESSIBLE = uuid.UUID("618736e0-3c3d-11cf-810c-00aa00389b71").bytes_le
_CLIENT, _VT_I4 = 0xFFFFFFFC, 3
_GET_NAME, _RELEASE = 10, 2


def _annotate() -> str:
    """Annotate a hidden window and ask for its name as a screen reader does."""
    window = win32gui.CreateWindowEx(0, "STATIC", "", 0, 0, 0, 0, 0, 0, 0, 0, None)
    try:
        annotations = Annotations()
        annotations.describe(window, Description(Role.BUTTON, "Zuruf"))
        if not annotations.available:
            raise Failed("Windows nimmt keine Beschreibungen an", "Windows takes no descriptions")
        name = _name_of(window)
        annotations.forget(window)
    finally:
        win32gui.DestroyWindow(window)
    if name != "Zuruf":
        raise Failed(f"vorgelesen wird {name!r}", f"{name!r} is read out")
    return name


def _name_of(window: int) -> str:
    oleacc, oleaut = _windows.WinDLL("oleacc"), _windows.WinDLL("oleaut32")
    accessible = ctypes.c_void_p()
    oleacc.AccessibleObjectFromWindow.argtypes = (wintypes.HWND, wintypes.DWORD, ctypes.c_char_p, ctypes.c_void_p)
    if oleacc.AccessibleObjectFromWindow(window, _CLIENT, _I_ACCESSIBLE, ctypes.byref(accessible)) != 0:
        raise Failed("das Fenster ist nicht zu finden", "the window cannot be found")
    name = ctypes.c_void_p()
    get_name = _windows.WINFUNCTYPE(ctypes.c_long, _Variant, ctypes.c_void_p)(_GET_NAME, "get_accName")
    release = _windows.WINFUNCTYPE(ctypes.c_ulong)(_RELEASE, "Release")
    try:
        get_name(accessible, _Variant(_VT_I4), ctypes.byref(name))
        return ctypes.wstring_at(name.value) if name.value else ""
    finally:
        release(accessible)
        if name.value:
            oleaut.SysFreeString.argtypes = (ctypes.c_void_p,)
            oleaut.SysFreeString(name)
