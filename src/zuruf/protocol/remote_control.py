"""Messages of a remote-control connection, each one record of the secure channel. Arrays with an integer tag: small.

``Update.data`` is one sync-flushed piece of a raw DEFLATE stream (RFC 1951) that lives as long as the connection,
without the trailing 00 00 FF FF. Inflated it is a sequence of rectangles, integers big-endian:

    kind u8 · x u16 · y u16 · width u16 · height u16 · body
    kind 0 solid    body: r g b
    kind 1 palette  body: count-1 u8 · count × (r g b) · width × height indices, one byte each, row by row
    kind 2 rgb      body: width × height × (r g b), row by row
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.protocol.codec import Decoder
from zuruf.protocol.control import Count, ShortText
from zuruf.protocol.limits import (
    CLIPBOARD_TEXT_MAX,
    CURSOR_SIDE_MAX,
    RECORD_PLAINTEXT_MAX,
    SCREEN_SIDE_MAX,
    TEXT_INPUT_MAX,
)

RECT_SOLID, RECT_PALETTE, RECT_RGB = 0, 1, 2

Side = Annotated[int, Meta(ge=1, le=SCREEN_SIDE_MAX)]
Coordinate = Annotated[int, Meta(ge=0, lt=SCREEN_SIDE_MAX)]


class ScreenInfo(msgspec.Struct, tag=1, array_like=True):
    """Host → viewer: size of the picture in pixels; the first message, and after every mode change."""

    width: Side
    height: Side


class Update(msgspec.Struct, tag=2, array_like=True):
    """Host → viewer: part of a frame; the frame is complete with ``last``."""

    frame: Count
    last: bool
    data: bytes


class Cursor(msgspec.Struct, tag=3, array_like=True):
    """Host → viewer: pointer shape; ``rgba`` is not premultiplied, width × height × 4 bytes; 0 × 0 hides it."""

    width: Annotated[int, Meta(ge=0, le=CURSOR_SIDE_MAX)]
    height: Annotated[int, Meta(ge=0, le=CURSOR_SIDE_MAX)]
    hot_x: Annotated[int, Meta(ge=0, le=CURSOR_SIDE_MAX)]
    hot_y: Annotated[int, Meta(ge=0, le=CURSOR_SIDE_MAX)]
    rgba: Annotated[bytes, Meta(max_length=CURSOR_SIDE_MAX * CURSOR_SIDE_MAX * 4)]


class Clipboard(msgspec.Struct, tag=4, array_like=True):
    """Both ways: the clipboard's text changed."""

    text: Annotated[str, Meta(max_length=CLIPBOARD_TEXT_MAX)]


class Rights(msgspec.Struct, tag=5, array_like=True):
    """Host → viewer: what the customer allows at this moment."""

    view: bool
    control: bool
    clipboard: bool


class Closing(msgspec.Struct, tag=6, array_like=True):
    """Host → viewer: the host closes this connection; ``code`` is one of ``codes.Code``."""

    code: ShortText


class Pong(msgspec.Struct, tag=7, array_like=True):
    """Host → viewer: answer to Ping."""

    token: Count


class Ack(msgspec.Struct, tag=32, array_like=True):
    """Viewer → host: this frame and all before it are on the screen."""

    frame: Count


class PointerMove(msgspec.Struct, tag=33, array_like=True):
    """Viewer → host: in the host's pixels."""

    x: Coordinate
    y: Coordinate


class PointerButton(msgspec.Struct, tag=34, array_like=True):
    """Viewer → host: ``button`` as in DOM MouseEvent.button (0 left, 1 middle, 2 right, 3 back, 4 forward)."""

    x: Coordinate
    y: Coordinate
    button: Annotated[int, Meta(ge=0, le=4)]
    down: bool


class Wheel(msgspec.Struct, tag=35, array_like=True):
    """Viewer → host: whole notches, positive is down and right."""

    x: Coordinate
    y: Coordinate
    dx: Annotated[int, Meta(ge=-50, le=50)]
    dy: Annotated[int, Meta(ge=-50, le=50)]


class Key(msgspec.Struct, tag=36, array_like=True):
    """Viewer → host: ``code`` is the position (KeyboardEvent.code), ``key`` the character or name (.key)."""

    code: ShortText
    key: ShortText
    down: bool


class Text(msgspec.Struct, tag=37, array_like=True):
    """Viewer → host: characters to type where no key event fits (composition, dead keys, paste as typing)."""

    text: Annotated[str, Meta(max_length=TEXT_INPUT_MAX)]


class ReleaseAll(msgspec.Struct, tag=38, array_like=True):
    """Viewer → host: the viewer lost the focus; release every key and button it holds."""


class Ping(msgspec.Struct, tag=39, array_like=True):
    """Viewer → host: round-trip probe."""

    token: Count


class Refresh(msgspec.Struct, tag=40, array_like=True):
    """Viewer → host: send the whole picture again."""


ToViewer = ScreenInfo | Update | Cursor | Clipboard | Rights | Closing | Pong
ToHost = Ack | PointerMove | PointerButton | Wheel | Key | Text | ReleaseAll | Ping | Refresh | Clipboard

to_viewer: Decoder[ToViewer] = Decoder(ToViewer, RECORD_PLAINTEXT_MAX)
to_host: Decoder[ToHost] = Decoder(ToHost, RECORD_PLAINTEXT_MAX)
