"""What goes into the session machine and what comes out of it. Plain values; times are UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zuruf.server.audit.events import AuditEvent


class State(StrEnum):
    """Where a session stands."""

    PREPARED = "prepared"
    PAIRING = "pairing"
    ACTIVE = "active"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a session ended."""

    TECHNICIAN = "technician"
    CUSTOMER = "customer"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Removal(StrEnum):
    """Whether the app has removed itself, as far as the server knows."""

    NONE = "none"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Timer(StrEnum):
    """The session's durable timers."""

    LINK = "link"
    CODE = "code"
    EXPIRY = "expiry"
    REMOVAL = "removal"


# Events


@dataclass(frozen=True)
class Prepared:
    """The technician prepared the session; the first event of every machine."""


@dataclass(frozen=True)
class LinkOpened:
    """The customer's browser showed the page behind the link."""


@dataclass(frozen=True)
class AppStarted:
    """Somebody started the app with this number. Informational: the number is no secret."""


@dataclass(frozen=True)
class AppRefused:
    """The app says why it does not go on. Informational, never an end. ``detail``: what it found, in its own words."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class CodeIssued:
    """The technician's browser made a security code."""

    code_id: str


@dataclass(frozen=True)
class RunStarted:
    """An app entered a code and the exchange begins."""

    run_id: str


@dataclass(frozen=True)
class TrySpent:
    """The exchange of this run reached the point where it counts."""

    run_id: str


@dataclass(frozen=True)
class AppLeft:
    """The app that was pairing is gone, or gave up."""

    run_id: str


@dataclass(frozen=True)
class KeyRegistered:
    """The technician's browser vouches for the host's key: the code was right."""

    run_id: str
    host_key: bytes


@dataclass(frozen=True)
class RunConfirmed:
    """The technician's browser proves itself to the app, which will accept the pairing on reading it."""

    run_id: str


@dataclass(frozen=True)
class HostActive:
    """The host reports, signed, that it is installed and running."""

    hostname: str
    system: str
    app_version: str


@dataclass(frozen=True)
class HostOnline:
    """The host's control socket is open."""


@dataclass(frozen=True)
class HostOffline:
    """The host's control socket is gone."""


@dataclass(frozen=True)
class EndRequested:
    """A user ends or cancels the session."""

    actor: str


@dataclass(frozen=True)
class HostEnded:
    """The host reports, signed, that the customer or the clock ended the session."""

    reason: EndReason


@dataclass(frozen=True)
class HostRemoved:
    """The host's removal receipt as JSON, and the host's signature of it."""

    receipt: str
    signature: bytes


@dataclass(frozen=True)
class TimerFired:
    """A timer; may come late, twice or after it was cancelled. The time decides, not the event."""

    timer: Timer


Event = (
    Prepared | LinkOpened | AppStarted | AppRefused | CodeIssued | RunStarted | TrySpent | AppLeft | KeyRegistered
    | RunConfirmed | HostActive | HostOnline | HostOffline | EndRequested | HostEnded | HostRemoved | TimerFired
)  # fmt: skip

# Commands


@dataclass(frozen=True)
class ScheduleTimer:
    """Fire ``TimerFired(timer)`` at or after this moment; replaces an earlier one of the same name."""

    timer: Timer
    at: datetime


@dataclass(frozen=True)
class CancelTimer:
    """Forget the timer."""

    timer: Timer


@dataclass(frozen=True)
class ReleaseSlots:
    """Give the session's place back to the user and the company."""


@dataclass(frozen=True)
class TellHostToEnd:
    """Push the end to the host, now or when it comes online."""

    reason: EndReason


@dataclass(frozen=True)
class CloseConnections:
    """End every connection of the session at the relay and void its tickets."""


@dataclass(frozen=True)
class StopPairing:
    """No app may go on with the code that was alive; whoever pairs is told ``code``."""

    code: str


@dataclass(frozen=True)
class Audit:
    """Write an audit entry."""

    event: AuditEvent
    actor: str
    details: dict[str, object] = field(default_factory=dict)


Command = ScheduleTimer | CancelTimer | ReleaseSlots | TellHostToEnd | CloseConnections | StopPairing | Audit
