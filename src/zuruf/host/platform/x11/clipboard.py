"""The CLIPBOARD selection as text, both ways, piecewise (INCR) where it is long. Never reads unless it is asked to.

Source: Inter-Client Communication Conventions Manual 2.0, chapter 2.
"""

import struct
from collections import OrderedDict
from typing import Any

import xcffib
import xcffib.xfixes
from xcffib.xproto import (
    CW,
    Atom,
    EventMask,
    GetPropertyType,
    Property,
    PropertyNotifyEvent,
    PropMode,
    SelectionClearEvent,
    SelectionNotifyEvent,
    SelectionRequestEvent,
    WindowClass,
)

from zuruf.host.platform.desktop import DesktopListener
from zuruf.host.platform.x11.display import Display, connected
from zuruf.protocol.limits import CLIPBOARD_TEXT_MAX

_PIECE = 64 * 1024
_READ_MAX = CLIPBOARD_TEXT_MAX * 4
"""Bytes: UTF-8 needs up to four for a character."""
_TRANSFERS_MAX = 8
_CURRENT_TIME = 0


_selection_notify: Any = SelectionNotifyEvent.synthetic


class X11Clipboard:
    """See ``desktop.Clipboard``. A text longer than CLIPBOARD_TEXT_MAX characters is not told."""

    def __init__(self, display: Display, listener: DesktopListener) -> None:
        self._display = display
        self._listener = listener
        self._selection = display.atom("CLIPBOARD")
        self._targets = display.atom("TARGETS")
        self._timestamp = display.atom("TIMESTAMP")
        self._utf8 = display.atom("UTF8_STRING")
        self._incr = display.atom("INCR")
        self._property = display.atom("ZURUF_CLIPBOARD")
        self._text_targets = (self._utf8, display.atom("text/plain;charset=utf-8"), display.atom("TEXT"))
        self._wanted = False
        self._text: bytes | None = None
        self._owned_since = _CURRENT_TIME
        self._asked = _CURRENT_TIME
        self._arriving: bytearray | None = None
        self._leaving: OrderedDict[tuple[int, int], tuple[int, bytes]] = OrderedDict()

        self._window = display.connection.generate_id()
        core = display.core
        core.CreateWindow(
            0, self._window, display.root, -1, -1, 1, 1, 0, WindowClass.InputOnly, 0, CW.EventMask,
            [EventMask.PropertyChange],
        )  # fmt: skip
        fixes = display.extension(xcffib.xfixes, "XFIXES")
        fixes.SelectSelectionInput(self._window, self._selection, xcffib.xfixes.SelectionEventMask.SetSelectionOwner)
        display.on(xcffib.xfixes.SelectionNotifyEvent, self._owner_changed)
        display.on(SelectionNotifyEvent, self._converted)
        display.on(SelectionRequestEvent, self._requested)
        display.on(SelectionClearEvent, self._cleared)
        display.on(PropertyNotifyEvent, self._property_changed)

    def watch(self, wanted: bool) -> None:
        """Read the text at every change from now on, or no more."""
        self._wanted = wanted

    @connected()
    def set_text(self, text: str) -> None:
        """Own the selection with this text until somebody else does."""
        self._text = text.encode("utf-8", "replace")
        self._display.core.SetSelectionOwner(self._window, self._selection, _CURRENT_TIME)
        self._display.flush()

    def _owner_changed(self, event: Any) -> None:
        if event.owner == self._window:
            self._owned_since = event.selection_timestamp
        elif event.owner and self._wanted:
            self._arriving = None
            self._asked = event.selection_timestamp
            self._display.core.ConvertSelection(
                self._window, self._selection, self._utf8, self._property, event.selection_timestamp
            )

    def _cleared(self, event: Any) -> None:
        if event.selection == self._selection:
            self._text = None

    # Reading what somebody copied.

    def _converted(self, event: Any) -> None:
        if event.requestor != self._window or event.time != self._asked:
            # Not for us, or the answer to a question that a newer copy made void.
            return
        if not event.property:
            if event.target == self._utf8:
                self._display.core.ConvertSelection(
                    self._window, self._selection, Atom.STRING, self._property, event.time
                )
            return
        kind, data = self._take_property()
        if kind == self._incr:
            self._arriving = bytearray()
        else:
            self._tell(kind, data)

    def _property_changed(self, event: Any) -> None:
        if event.window == self._window and event.atom == self._property and event.state == Property.NewValue:
            self._piece_arrived()
        elif event.state == Property.Delete:
            self._send_piece((event.window, event.atom))

    def _piece_arrived(self) -> None:
        if self._arriving is None:
            return
        kind, data = self._take_property()
        if data:
            # Beyond the limit the rest is taken and forgotten, so that the owner is not left waiting.
            if len(self._arriving) <= _READ_MAX:
                self._arriving += data
            return
        arrived, self._arriving = bytes(self._arriving), None
        self._tell(kind, arrived)

    def _take_property(self) -> tuple[int, bytes]:
        reply = self._display.reply(
            self._display.core.GetProperty(
                True, self._window, self._property, GetPropertyType.Any, 0, _READ_MAX // 4 + 1
            )
        )
        if reply.bytes_after:
            self._display.core.DeleteProperty(self._window, self._property)
        return reply.type, reply.value.buf()

    def _tell(self, kind: int, data: bytes) -> None:
        text = data.decode("latin-1" if kind == Atom.STRING else "utf-8", "replace").rstrip("\0")
        if self._wanted and text and len(text) <= CLIPBOARD_TEXT_MAX:
            self._listener.clipboard_changed(text)

    # Handing out what the viewer copied.

    def _requested(self, event: Any) -> None:
        target_property = event.property or event.target
        if event.selection != self._selection or not self._provide(event.requestor, event.target, target_property):
            target_property = Atom._None
        answer = _selection_notify(event.time, event.requestor, event.selection, event.target, target_property)
        self._display.core.SendEvent(False, event.requestor, EventMask.NoEvent, answer.pack())

    def _provide(self, requestor: int, target: int, target_property: int) -> bool:
        if self._text is None:
            return False
        if target == self._targets:
            atoms = (self._targets, self._timestamp, *self._text_targets, Atom.STRING)
            self._put(requestor, target_property, Atom.ATOM, 32, struct.pack(f"={len(atoms)}I", *atoms))
        elif target == self._timestamp:
            self._put(requestor, target_property, Atom.INTEGER, 32, struct.pack("=I", self._owned_since))
        elif target in self._text_targets:
            kind = self._utf8 if target == self._text_targets[2] else target
            self._put_text(requestor, target_property, kind, self._text)
        elif target == Atom.STRING:
            latin = self._text.decode("utf-8").encode("latin-1", "replace")
            self._put_text(requestor, target_property, target, latin)
        else:
            return False
        return True

    def _put_text(self, requestor: int, target_property: int, kind: int, data: bytes) -> None:
        if len(data) <= _PIECE:
            self._put(requestor, target_property, kind, 8, data)
            return
        while len(self._leaving) >= _TRANSFERS_MAX:
            self._leaving.popitem(last=False)
        self._leaving[requestor, target_property] = (kind, data)
        self._display.core.ChangeWindowAttributes(requestor, CW.EventMask, [EventMask.PropertyChange])
        self._put(requestor, target_property, self._incr, 32, struct.pack("=I", len(data)))

    def _send_piece(self, transfer: tuple[int, int]) -> None:
        if transfer not in self._leaving:
            return
        kind, data = self._leaving.pop(transfer)
        requestor, target_property = transfer
        self._put(requestor, target_property, kind, 8, data[:_PIECE])
        if data:
            self._leaving[transfer] = (kind, data[_PIECE:])
        elif requestor != self._window:
            self._display.core.ChangeWindowAttributes(requestor, CW.EventMask, [EventMask.NoEvent])

    def _put(self, window: int, target_property: int, kind: int, unit: int, data: bytes) -> None:
        self._display.core.ChangeProperty(
            PropMode.Replace, window, target_property, kind, unit, len(data) * 8 // unit, data
        )
