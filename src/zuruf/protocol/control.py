"""Messages of the control socket between an activated host and the server (``/ws/host/control``)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.protocol.codec import Decoder
from zuruf.protocol.limits import CONTROL_MESSAGE_MAX, INTEGER_MAX

SessionId = Annotated[str, Meta(min_length=36, max_length=36)]
ShortText = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Key32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
Tool = Annotated[str, Meta(pattern=r"^(remote_control|file_manager|dashboard)\Z")]


class Challenge(msgspec.Struct, tag="challenge", tag_field="t"):
    """Server's first message: sign this."""

    nonce: Key32


class Authenticate(msgspec.Struct, tag="authenticate", tag_field="t"):
    """Host's answer. ``signature``: Ed25519 by the session's host key over ``control_transcript``."""

    session_id: SessionId
    signature: Signature
    app_version: ShortText
    protocol: Count


class Welcome(msgspec.Struct, tag="welcome", tag_field="t"):
    """The server knows this host. Reports follow from the host, connections from the server."""


class Rejected(msgspec.Struct, tag="rejected", tag_field="t"):
    """The server does not admit this host. ``final``: the session is over here; otherwise try again later."""

    code: ShortText
    final: bool


class Report(msgspec.Struct, tag="report", tag_field="t"):
    """A fact the host signs: ``active``, ``ended`` or ``removed``; ``detail`` is JSON, see protocol.md."""

    kind: Annotated[str, Meta(pattern=r"^(active|ended|removed)\Z")]
    detail: Annotated[str, Meta(max_length=8192)]
    signature: Signature


class ReportAccepted(msgspec.Struct, tag="report_accepted", tag_field="t"):
    """The report is committed in the server's database; the host may forget it."""

    kind: ShortText


class OpenConnection(msgspec.Struct, tag="open_connection", tag_field="t"):
    """Server asks the host to dial the relay for one connection."""

    connection_id: SessionId
    tool: Tool
    relay_url: Annotated[str, Meta(max_length=500)]
    ticket: Key32
    epoch: Count


class ConnectionRefused(msgspec.Struct, tag="connection_refused", tag_field="t"):
    """Host will not serve this connection; ``code`` is one of ``codes.Code``."""

    connection_id: SessionId
    code: ShortText


class ConnectionState(msgspec.Struct, tag="connection_state", tag_field="t"):
    """Host's word on a connection: ``open`` after the handshake, then ``closed``."""

    connection_id: SessionId
    state: Annotated[str, Meta(pattern=r"^(open|closed)\Z")]


class End(msgspec.Struct, tag="end", tag_field="t"):
    """Server tells the host that the session has ended; the host removes itself."""

    reason: Annotated[str, Meta(pattern=r"^(technician|expired|customer)\Z")]


ToHost = Challenge | Welcome | Rejected | ReportAccepted | OpenConnection | End
ToServer = Authenticate | Report | ConnectionRefused | ConnectionState

to_host: Decoder[ToHost] = Decoder(ToHost, CONTROL_MESSAGE_MAX)
to_server: Decoder[ToServer] = Decoder(ToServer, CONTROL_MESSAGE_MAX)
