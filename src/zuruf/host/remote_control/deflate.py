"""The one raw DEFLATE stream of a connection, in pieces the viewer can inflate as they come. Pure.

The level may change between pieces although a compressor's cannot: a new one takes over with the last 32 KiB as its
dictionary (RFC 1951 knows only that distances reach back that far), so that nothing of the history is lost.
"""

import zlib

_WINDOW = 32 * 1024
_WINDOW_BITS = -15
_MEMORY_LEVEL = 9
_SYNC_MARK = b"\x00\x00\xff\xff"


class DeflateStream:
    """Compresses piece after piece. Not for two threads at a time."""

    def __init__(self) -> None:
        self._history = b""
        self._level: int | None = None
        self._compressor = zlib.compressobj()

    def pack(self, data: bytes, level: int) -> bytes:
        """Return the next piece of the stream, without the trailing 00 00 FF FF."""
        if level != self._level:
            self._level = level
            self._compressor = zlib.compressobj(
                level, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, self._history
            )
        piece = self._compressor.compress(data) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
        self._history = data[-_WINDOW:] if len(data) >= _WINDOW else (self._history + data)[-_WINDOW:]
        return piece.removesuffix(_SYNC_MARK)
