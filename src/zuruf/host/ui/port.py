"""What the host asks and shows a customer, as a Protocol. Adapters: ``window`` (Tk) and ``command_line``."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.protocol.codes import Code


class CustomerLeft(Exception):
    """The customer closed the window, or the input ended, before a session was active."""


@dataclass(frozen=True)
class Problem:
    """Something that did not work. The sentence for it has the id ``problem.<code>``."""

    code: Code
    tries_left: int | None = None
    detail: str = ""
    """What was found, or where: the name of a program, a host and port."""
    report: str = ""
    """Text to copy for somebody who can help with it; empty: nothing to copy."""
    typed: str = ""
    """What the customer need not type again, only correct."""


@dataclass(frozen=True)
class Caller:
    """Who wants to help."""

    number: str
    company: str
    technician: str


@dataclass(frozen=True)
class View:
    """All that a customer sees of an active session; a new one replaces the last."""

    caller: Caller
    link: Link
    connections: tuple[tuple[str, str], ...]
    """Tool and report (``consent.activity``) of each connection."""
    remaining_s: float
    rights: Rights
    passwords_closed: bool
    """Too many wrong passwords; only the customer can allow them again."""
    downloaded: bool = False
    """There is a downloaded file that can be deleted at the end."""


@dataclass(frozen=True)
class EndSession:
    """The customer ends the session and removes the app."""


@dataclass(frozen=True)
class SetRights:
    """The customer turned switches of ``Rights``."""

    switches: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class AllowPasswords:
    """The customer allows password tries again."""


Action = EndSession | SetRights | AllowPasswords
Busy = Literal["looking_up", "pairing", "installing"]


class UserInterface(Protocol):
    """Every method is called in the event loop's thread. Only the ``ask_…`` methods wait for the customer."""

    async def ask_number(self, problem: Problem | None) -> str:
        """Return what the customer typed as session number. Raises CustomerLeft."""
        ...

    async def ask_code(self, caller: Caller, problem: Problem | None) -> str:
        """Return what the customer typed as security code. Raises CustomerLeft."""
        ...

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        """Ask whether this connection may begin, one question after the other. When cancelled, it disappears."""
        ...

    def busy(self, what: Busy) -> None:
        """The customer has to wait a moment."""
        ...

    async def refuse(self, problem: Problem) -> None:
        """This computer or this app cannot be supported. Returns when the customer has seen it."""
        ...

    def show(self, view: View) -> None:
        """The session is active."""
        ...

    async def next_action(self) -> Action:
        """Return the next thing the customer wants of an active session."""
        ...

    def ended(self, reason: str, receipt: str) -> None:
        """The session is over and the app has removed itself; ``reason`` as in ``removal.plan``.

        ``receipt``: the removal receipt as a text for the customer (``ui.receipt``), empty where there is none.
        """
        ...

    async def seen(self) -> None:
        """Return when the customer has had the time to read that the session has ended."""
        ...
