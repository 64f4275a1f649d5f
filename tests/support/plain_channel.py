"""The protocol's record channel without encryption: a test build, to prove that a search would find what it seeks."""


class PlainChannel:
    """Seals nothing."""

    def __init__(self, send_key: bytes, receive_key: bytes) -> None:
        self.keys = (send_key, receive_key)

    def seal(self, plaintext: bytes) -> bytes:
        return plaintext

    def open(self, record: bytes) -> bytes:
        return record
