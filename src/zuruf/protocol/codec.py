"""MessagePack in and out with the length checked before anything is decoded. Not for pixels or ciphertext."""

from typing import Any, Generic, TypeVar

import msgspec

M = TypeVar("M")

_encoder = msgspec.msgpack.Encoder()


class ProtocolError(Exception):
    """Anything a peer sent that the protocol does not allow. The text is for logs, never for a person."""


def encode(message: msgspec.Struct) -> bytes:
    """Return the MessagePack form of a message."""
    return _encoder.encode(message)


class Decoder(Generic[M]):
    """Decodes one union of messages, refusing anything longer than ``limit`` bytes unread."""

    def __init__(self, union: Any, limit: int) -> None:
        self._decoder = msgspec.msgpack.Decoder(union)
        self._limit = limit

    def decode(self, data: bytes | bytearray | memoryview | str) -> M:
        """Return the message. Raises ProtocolError for text, for oversized and for malformed data."""
        if isinstance(data, str):
            raise ProtocolError("text where binary was expected")
        if len(data) > self._limit:
            raise ProtocolError(f"message of {len(data)} bytes, limit {self._limit}")
        try:
            message: M = self._decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ProtocolError(str(error)) from error
        return message
