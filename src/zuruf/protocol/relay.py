"""Admission to the relay (``/ws/relay``): one message up, one down, then opaque bytes both ways."""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.protocol.codec import Decoder
from zuruf.protocol.limits import RELAY_HELLO_MAX, TICKET_LENGTH


class RelayHello(msgspec.Struct, tag="relay_hello", tag_field="t"):
    """First message of both ends."""

    ticket: Annotated[bytes, Meta(min_length=TICKET_LENGTH, max_length=TICKET_LENGTH)]
    role: Annotated[str, Meta(pattern=r"^(host|viewer)\Z")]


class RelayPaired(msgspec.Struct, tag="relay_paired", tag_field="t"):
    """Both ends are there; every further message is forwarded unread."""


hello: Decoder[RelayHello] = Decoder(RelayHello, RELAY_HELLO_MAX)
paired: Decoder[RelayPaired] = Decoder(RelayPaired, RELAY_HELLO_MAX)
