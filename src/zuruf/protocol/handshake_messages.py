"""What host and browser say to each other to agree on a key, the same for pairing and connecting."""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.protocol.codec import Decoder
from zuruf.protocol.control import Count, Key32, ShortText, Tool
from zuruf.protocol.limits import (
    HANDSHAKE_MESSAGE_MAX,
    PRS_LENGTH,
    SALT_LENGTH,
    SEALED_SETTINGS_MAX,
    SESSION_DURATION_S,
)

Mac = Annotated[bytes, Meta(min_length=64, max_length=64)]


class HostOffer(msgspec.Struct, tag="host_offer", tag_field="t"):
    """Host → browser, first. ``salt`` is empty when pairing, the PRS's salt when connecting."""

    protocol: Count
    ya: Key32
    host_key: Key32
    salt: Annotated[bytes, Meta(max_length=SALT_LENGTH)]


class HostRefusal(msgspec.Struct, tag="host_refusal", tag_field="t"):
    """Host → browser instead of an offer: not now. Not authenticated: it only explains."""

    code: ShortText
    retry_after_s: Count


class BrowserAnswer(msgspec.Struct, tag="browser_answer", tag_field="t"):
    """Browser → host."""

    yb: Key32


class HostConfirm(msgspec.Struct, tag="host_confirm", tag_field="t"):
    """Host → browser: proof that the host knows the secret. Sending it is a try, until the browser's proof arrives."""

    mac: Mac


class BrowserConfirm(msgspec.Struct, tag="browser_confirm", tag_field="t"):
    """Browser → host: proof of the browser; ``sealed`` holds a ``Settings`` under the paired key when pairing."""

    mac: Mac
    sealed: Annotated[bytes, Meta(max_length=SEALED_SETTINGS_MAX)]


class Settings(msgspec.Struct, tag="settings", tag_field="t"):
    """What the technician's browser hands the host at pairing, sealed: never seen by the server."""

    duration_s: Annotated[int, Meta(ge=60, le=SESSION_DURATION_S)]
    tools: Annotated[list[Tool], Meta(max_length=8)]
    salt: Annotated[bytes, Meta(min_length=SALT_LENGTH, max_length=SALT_LENGTH)]
    prs: Annotated[bytes, Meta(min_length=PRS_LENGTH, max_length=PRS_LENGTH)]
    technician: ShortText
    company: ShortText


HandshakeMessage = HostOffer | HostRefusal | BrowserAnswer | HostConfirm | BrowserConfirm

decoder: Decoder[HandshakeMessage] = Decoder(HandshakeMessage, HANDSHAKE_MESSAGE_MAX)
settings: Decoder[Settings] = Decoder(Settings, SEALED_SETTINGS_MAX)
