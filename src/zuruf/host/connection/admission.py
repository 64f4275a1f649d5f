"""Decides whether the host serves a connection that the server asks for. The server is not trusted. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from zuruf.protocol.codes import Code

CONNECTIONS_MAX = 8
"""Connections at a time, those in their handshake included."""


@dataclass(frozen=True)
class Standing:
    """What matters about this session at this moment."""

    active: bool
    expired: bool
    entitled_tools: Collection[str]
    """What the technician's browser sealed at pairing."""
    served_tools: Collection[str]
    """What this build of the host can do."""
    open_connections: int


def refusal(tool: str, standing: Standing) -> Code | None:
    """Return why a connection for this tool is refused, or None."""
    if not standing.active or standing.expired:
        return Code.SESSION_ENDED
    if tool not in standing.entitled_tools:
        return Code.TOOL_NOT_IN_PLAN
    if tool not in standing.served_tools:
        return Code.TOOL_NOT_AVAILABLE
    if standing.open_connections >= CONNECTIONS_MAX:
        return Code.TOO_MANY_ATTEMPTS
    return None
