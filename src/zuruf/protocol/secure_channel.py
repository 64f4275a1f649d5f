"""Records of the secure channel: AES-256-GCM with a key and a counter for each direction. Not for sockets."""

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zuruf.protocol.limits import RECORD_PLAINTEXT_MAX, RELAY_MESSAGE_MAX

_TAG_BYTES = 16
_COUNTER_LIMIT = 1 << 48


class ChannelError(Exception):
    """A record that does not open, or one too many or too long. The connection ends; nothing is skipped."""


class RecordChannel(Protocol):
    """Seals what goes out and opens what comes in, in order."""

    def seal(self, plaintext: bytes) -> bytes:
        """Return the record of one message."""
        ...

    def open(self, record: bytes) -> bytes:
        """Return the message of one record. Raises ChannelError."""
        ...


class ChannelFactory(Protocol):
    """Makes a channel from the two direction keys; a test build of the protocol gives another one."""

    def __call__(self, send_key: bytes, receive_key: bytes) -> RecordChannel:
        """Return a channel at counter 0. Keys are 32 bytes."""
        ...


class SecureChannel:
    """The one RecordChannel of the product. Nonce: four zero bytes and the record's number (docs/protocol.md)."""

    def __init__(self, send_key: bytes, receive_key: bytes) -> None:
        self._send = AESGCM(send_key)
        self._receive = AESGCM(receive_key)
        self._sent = 0
        self._received = 0
        self._broken = False

    def seal(self, plaintext: bytes) -> bytes:
        """Return ciphertext and tag. Raises ChannelError beyond the record size or 2^48 records."""
        if len(plaintext) > RECORD_PLAINTEXT_MAX:
            raise ChannelError(f"message of {len(plaintext)} bytes, limit {RECORD_PLAINTEXT_MAX}")
        record = self._send.encrypt(_nonce(self._sent), plaintext, None)
        self._sent += 1
        return record

    def open(self, record: bytes) -> bytes:
        """Return the plaintext. Raises ChannelError if altered, repeated, reordered or too long, and ever after."""
        if self._broken:
            raise ChannelError("an earlier record did not open")
        self._broken = True
        if not _TAG_BYTES <= len(record) <= RELAY_MESSAGE_MAX:
            raise ChannelError(f"record of {len(record)} bytes")
        try:
            plaintext = self._receive.decrypt(_nonce(self._received), record, None)
        except InvalidTag as error:
            raise ChannelError("record does not open") from error
        self._received += 1
        self._broken = False
        return plaintext


def _nonce(number: int) -> bytes:
    if number >= _COUNTER_LIMIT:
        raise ChannelError("too many records under one key")
    return number.to_bytes(12, "big")
