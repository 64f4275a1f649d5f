"""The icon beside the clock: Shell_NotifyIcon with a hidden window in a thread of its own. What it shows: ``ui.tray``.

The icon is made again whenever the taskbar was (Explorer restarted), and tried for again while there is no taskbar yet.
"""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pywintypes
import win32api
import win32con
import win32gui as _module

from zuruf.host.platform.windows.tray_menu import (
    TEXT_MAX,
    TITLE_MAX,
    TOOLTIP_MAX,
    Reaction,
    fitting,
    menu_text,
    place,
    reaction,
)
from zuruf.host.ui.tray import TrayChoice, TrayContent, TrayState

log = logging.getLogger(__name__)

# The stubs describe much of it otherwise than it is.
win32gui: Any = _module

_CLASS = "ZurufSupportSessionIcon"
_ICON_ID = 1
_FROM_ICON, _UPDATE = win32con.WM_APP + 1, win32con.WM_APP + 2
_WM_DPICHANGED = 0x02E0
_NIM_SETVERSION = 4
_NIF_SHOWTIP = 0x80
_MODERN = 4
_RETRY_TIMER, _RETRY_MS = 1, 5000
_GONE_WITHIN_S = 1.0
_NOTICES_MAX = 4
_PARTS = win32gui.NIF_ICON | win32gui.NIF_MESSAGE | win32gui.NIF_TIP | _NIF_SHOWTIP


class TrayIcon:
    """The ``Tray`` of Windows. ``chosen`` is called in the icon's thread."""

    def __init__(self, icons: Path, chosen: Callable[[TrayChoice], None]) -> None:
        self._icons = icons
        self._chosen = chosen
        self._guard = threading.Lock()
        self._content: TrayContent | None = None
        self._notices: deque[tuple[str, str]] = deque(maxlen=_NOTICES_MAX)
        self._window = 0
        self._closing = False
        self._shown: TrayContent | None = None
        self._version = 0
        self._loaded: dict[TrayState, int] = {}
        self._size = 0
        self._thread = threading.Thread(target=self._run, name="tray icon", daemon=True)
        self._thread.start()

    # From any thread

    def set(self, content: TrayContent) -> None:
        """Show this."""
        with self._guard:
            self._content = content
            self._post(_UPDATE)

    def notify(self, title: str, text: str) -> None:
        """Show a message beside the icon."""
        with self._guard:
            self._notices.append((title, text))
            self._post(_UPDATE)

    def close(self) -> None:
        """Take the icon away; an icon without a process would stay until the mouse moves over it."""
        with self._guard:
            self._closing = True
            self._post(win32con.WM_CLOSE)
        self._thread.join(_GONE_WITHIN_S)

    def _post(self, message: int) -> None:
        if self._window:
            with contextlib.suppress(pywintypes.error):
                win32gui.PostMessage(self._window, message, 0, 0)

    @property
    def shown(self) -> bool:
        """Whether the taskbar has taken the icon."""
        return self._shown is not None

    # In the icon's thread

    def _run(self) -> None:
        try:
            window = self._make_window()
        except pywintypes.error:
            log.exception("no icon beside the clock")
            return
        with self._guard:
            self._window = window
            self._post(win32con.WM_CLOSE if self._closing else _UPDATE)
        win32gui.PumpMessages()

    def _make_window(self) -> int:
        window_class = win32gui.WNDCLASS()
        window_class.lpszClassName = _CLASS
        window_class.hInstance = win32api.GetModuleHandle(None)
        window_class.lpfnWndProc = {
            win32gui.RegisterWindowMessage("TaskbarCreated"): self._on_new_taskbar,
            _FROM_ICON: self._on_icon,
            _UPDATE: self._on_update,
            _WM_DPICHANGED: self._on_other_size,
            win32con.WM_DISPLAYCHANGE: self._on_other_size,
            win32con.WM_SETTINGCHANGE: self._on_other_size,
            win32con.WM_TIMER: self._on_timer,
            win32con.WM_CLOSE: self._on_close,
            win32con.WM_DESTROY: self._on_destroy,
        }
        with contextlib.suppress(pywintypes.error):
            # Left over from an icon before this one.
            win32gui.UnregisterClass(_CLASS, window_class.hInstance)
        win32gui.RegisterClass(window_class)
        # A window like others, though never shown: those for messages only do not hear of a new taskbar.
        return int(
            win32gui.CreateWindow(
                _CLASS, _CLASS, win32con.WS_OVERLAPPED, 0, 0, 0, 0, 0, 0, window_class.hInstance, None
            )
        )

    def _on_new_taskbar(self, *_: int) -> int:
        self._shown = None
        return self._on_update()

    def _on_other_size(self, *_: int) -> int:
        if self._icon_size() != self._size:
            self._drop_icons()
            if self._shown is not None:
                self._change(win32gui.NIM_MODIFY, self._shown)
        return 0

    def _on_timer(self, window: int, *_: int) -> int:
        win32gui.KillTimer(window, _RETRY_TIMER)
        return self._on_update()

    def _on_update(self, *_: int) -> int:
        with self._guard:
            content, notices = self._content, list(self._notices)
            self._notices.clear()
        if content is None:
            return 0
        if content != self._shown and not self._show(content):
            with self._guard:
                self._notices.extendleft(reversed(notices))
            win32gui.SetTimer(self._window, _RETRY_TIMER, _RETRY_MS)
            return 0
        for title, text in notices:
            self._say(title, text)
        return 0

    def _show(self, content: TrayContent) -> bool:
        if self._shown is not None and self._change(win32gui.NIM_MODIFY, content):
            self._shown = content
            return True
        if not self._change(win32gui.NIM_ADD, content):
            self._shown = None
            return False
        self._shown = content
        self._version = _MODERN if self._set_version() else 0
        return True

    def _change(self, how: int, content: TrayContent) -> bool:
        tooltip = fitting(content.tooltip, TOOLTIP_MAX)
        icon = self._icon(content.state)
        try:
            win32gui.Shell_NotifyIcon(how, (self._window, _ICON_ID, _PARTS, _FROM_ICON, icon, tooltip))
        except pywintypes.error as error:
            log.info("icon beside the clock: %s", error.strerror)
            return False
        return True

    def _set_version(self) -> bool:
        # The version's place is that of the old message's time-out.
        with contextlib.suppress(pywintypes.error):
            data = (self._window, _ICON_ID, 0, 0, 0, "", "", _MODERN)
            win32gui.Shell_NotifyIcon(_NIM_SETVERSION, data)
            return True
        return False

    def _say(self, title: str, text: str) -> None:
        shown = (fitting(text, TEXT_MAX), 0, fitting(title, TITLE_MAX), win32gui.NIIF_INFO)
        with contextlib.suppress(pywintypes.error):
            data = (self._window, _ICON_ID, win32gui.NIF_INFO, 0, 0, "", *shown)
            win32gui.Shell_NotifyIcon(win32gui.NIM_MODIFY, data)

    def _on_icon(self, _window: int, _message: int, anchor: int, what: int) -> int:
        meant = reaction(what & 0xFFFF, self._version)
        if meant is Reaction.OPEN:
            self._chosen(TrayChoice.OPEN)
        elif meant is Reaction.MENU:
            self._offer_menu(place(anchor) if self._version == _MODERN else win32gui.GetCursorPos())
        return 0

    def _offer_menu(self, at: tuple[int, int]) -> None:
        content = self._shown
        if content is None:
            return
        menu = win32gui.CreatePopupMenu()
        try:
            for number, entry in enumerate(content.menu, 1):
                flags = win32con.MF_STRING | (win32con.MF_CHECKED if entry.checked else 0)
                win32gui.AppendMenu(menu, flags, number, menu_text(entry.label))
            win32gui.SetMenuDefaultItem(menu, 1, False)
            # Without the foreground the menu would not go away when the customer clicks elsewhere.
            with contextlib.suppress(pywintypes.error):
                win32gui.SetForegroundWindow(self._window)
            flags = win32con.TPM_RIGHTBUTTON | win32con.TPM_RETURNCMD | win32con.TPM_NONOTIFY
            chosen = win32gui.TrackPopupMenu(menu, flags, *at, 0, self._window, None)
            win32gui.PostMessage(self._window, win32con.WM_NULL, 0, 0)
        finally:
            win32gui.DestroyMenu(menu)
        if chosen:
            self._chosen(content.menu[chosen - 1].choice)

    def _on_close(self, window: int, *_: int) -> int:
        with contextlib.suppress(pywintypes.error):
            win32gui.Shell_NotifyIcon(win32gui.NIM_DELETE, (window, _ICON_ID))
        win32gui.DestroyWindow(window)
        return 0

    def _on_destroy(self, *_: int) -> int:
        with self._guard:
            self._window = 0
        self._drop_icons()
        win32gui.PostQuitMessage(0)
        return 0

    # Pictures

    @staticmethod
    def _icon_size() -> int:
        return int(win32api.GetSystemMetrics(win32con.SM_CXSMICON))

    def _icon(self, state: TrayState) -> int:
        if state not in self._loaded:
            self._size = self._icon_size()
            path = str(self._icons / f"{state.value}.ico")
            how = win32con.LR_LOADFROMFILE
            self._loaded[state] = int(win32gui.LoadImage(0, path, win32con.IMAGE_ICON, self._size, self._size, how))
        return self._loaded[state]

    def _drop_icons(self) -> None:
        for icon in self._loaded.values():
            win32gui.DestroyIcon(icon)
        self._loaded.clear()
