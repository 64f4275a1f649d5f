"""What a tool sees of its connection: messages in, messages out, and what the customer is told. Not for sockets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from zuruf.host.consent.state import ConsentState
from zuruf.protocol.codes import Code


class ChannelClosed(Exception):
    """The connection is over: the other end left, the network broke, or a record did not open."""


class Channel(Protocol):
    """One connection after its handshake. Messages arrive whole, in order, or not at all."""

    async def send(self, message: bytes) -> None:
        """Send one message of at most RECORD_PLAINTEXT_MAX bytes; waits while the other end does not read.

        Raises ChannelClosed. Messages of several tasks go out in the order of their calls.
        """
        ...

    async def recv(self) -> bytes:
        """Return the next message. Raises ChannelClosed. Only one task may wait here."""
        ...


Activity = Callable[[str], None]
"""A tool says what it is doing now, one of ``consent.activity``; the customer's window shows it."""

ServeTool = Callable[[Channel, ConsentState, Activity], Awaitable[None]]
"""Serves one connection until it returns or raises ChannelClosed; it is cancelled when the connection must close."""


@dataclass(frozen=True)
class Tool:
    """A tool the host can serve."""

    serve: ServeTool
    closing: Callable[[Code], bytes]
    """Makes the tool's last message, which tells the viewer why the host closes."""
