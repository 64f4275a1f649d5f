"""Messages of the two pairing sockets (``/ws/host/pairing``, ``/ws/console/pairing``); the server joins them.

The payload of ``Forward`` is a message of ``handshake_messages``; the server forwards it unread.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.protocol.codec import Decoder
from zuruf.protocol.control import Count, SessionId, ShortText
from zuruf.protocol.limits import HANDSHAKE_MESSAGE_MAX, PAIRING_MESSAGE_MAX, TICKET_LENGTH

RunId = SessionId


class HostHello(msgspec.Struct, tag="host_hello", tag_field="t"):
    """App's first message: which session it wants to pair with. Repeated for each further try (a run each)."""

    number: Annotated[str, Meta(pattern=r"^[0-9]{10}\Z")]
    protocol: Count
    app_version: ShortText
    platform: ShortText


class ConsoleHello(msgspec.Struct, tag="console_hello", tag_field="t"):
    """Console's first message: a ticket from ``POST /api/v1/sessions/{id}/pairing-ticket``."""

    ticket: Annotated[bytes, Meta(min_length=TICKET_LENGTH, max_length=TICKET_LENGTH)]


class ConsoleReady(msgspec.Struct, tag="console_ready", tag_field="t"):
    """The console is admitted."""


class RunStarted(msgspec.Struct, tag="run_started", tag_field="t"):
    """To both ends: a try begins. The host answers with its offer."""

    run_id: RunId
    session_id: SessionId
    tries_left: Count
    platform: ShortText = ""
    app_version: ShortText = ""


class Forward(msgspec.Struct, tag="forward", tag_field="t"):
    """One handshake message, unread by the server."""

    run_id: RunId
    payload: Annotated[bytes, Meta(max_length=HANDSHAKE_MESSAGE_MAX)]


class RunFailed(msgspec.Struct, tag="run_failed", tag_field="t"):
    """From either end: this try is over without success (wrong code, broken message)."""

    run_id: RunId
    code: ShortText


class RunEnded(msgspec.Struct, tag="run_ended", tag_field="t"):
    """To both ends. ``code`` empty: success, the browser registered the host's key and the host may dial control."""

    run_id: RunId
    code: ShortText
    tries_left: Count


class Refused(msgspec.Struct, tag="refused", tag_field="t"):
    """The server does not let this app pair now; ``code`` says why."""

    code: ShortText


PairingMessage = HostHello | ConsoleHello | ConsoleReady | RunStarted | Forward | RunFailed | RunEnded | Refused

decoder: Decoder[PairingMessage] = Decoder(PairingMessage, PAIRING_MESSAGE_MAX)
