"""The life cycle of one session, sans-I/O: events in, commands out. No clock, no database, no socket.

                     CodeIssued, RunStarted
        ┌──────────┐ ─────────────────────▶ ┌─────────┐  KeyRegistered, then   ┌────────┐
    ──▶ │ prepared │                        │ pairing │ ─────────────────────▶ │ active │
        └──────────┘ ◀───────────────────── └─────────┘       HostActive       └────────┘
             │         code dies, AppLeft        │                                  │
             │ EndRequested: cancelled           │ the same                         │ EndRequested: technician
             │ link's time is up: lapsed         │                                  │ HostEnded: customer, expired
             ▼                                   ▼                                  ▼ time is up: expired
        ┌───────────────────────────────────── ended ───────────────────────────────────┐

Time is judged first: whatever arrives after a moment at which something ended finds it ended, at that moment, whether
or not the timer has fired yet. Every event may be repeated; the repetition changes nothing and commands nothing.
Orthogonal to the state: host online or not, the code, the removal, what the customer has done so far.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zuruf.protocol.codes import Code
from zuruf.protocol.limits import CODE_LIFETIME_S, CODE_TRIES
from zuruf.server.audit.events import AuditEvent
from zuruf.server.sessions import events as e
from zuruf.server.sessions.events import Command, EndReason, Event, Removal, State, Timer

CODE_LIFETIME = timedelta(seconds=CODE_LIFETIME_S)
REMOVAL_PATIENCE = timedelta(minutes=10)
"""How long a removal counts as pending before the list says *not yet confirmed*."""
INSTALLATION_PATIENCE = timedelta(hours=1)
"""A link that lapses while the app installs itself turns nobody away: the session stays open for at least so long."""
EARLY_EXPIRY = timedelta(minutes=5)
"""The host's clock starts a little before the server's; a host that says *expired* before that ended otherwise."""


@dataclass
class SessionData:
    """What a session remembers. Every field is a column of the same name."""

    duration: timedelta
    link_lifetime: timedelta
    state: State = State.PREPARED
    prepared_at: datetime | None = None
    link_expires_at: datetime | None = None
    link_opened_at: datetime | None = None
    app_started_at: datetime | None = None
    refusal_code: str | None = None
    refusal_detail: str | None = None
    refusal_at: datetime | None = None
    code_id: str | None = None
    code_expires_at: datetime | None = None
    code_tries_left: int = 0
    code_entered_at: datetime | None = None
    run_id: str | None = None
    last_try_run_id: str | None = None
    host_key: bytes | None = None
    paired_at: datetime | None = None
    activated_at: datetime | None = None
    expires_at: datetime | None = None
    hostname: str | None = None
    system: str | None = None
    app_version: str | None = None
    host_online: bool = False
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    removal: Removal = Removal.NONE
    removal_receipt: str | None = None
    removal_signature: bytes | None = None

    def code_alive(self, now: datetime) -> bool:
        """Say whether a code may still be typed."""
        return (
            self.code_id is not None
            and self.code_expires_at is not None
            and now < self.code_expires_at
            and self.code_tries_left > 0
            and self.state in (State.PREPARED, State.PAIRING)
        )


class SessionMachine:
    """Decides; whoever calls ``handle`` carries out the commands in the transaction that stores ``data``."""

    def __init__(self, data: SessionData) -> None:
        self.data = data

    def handle(self, event: Event, now: datetime) -> list[Command]:
        """Take one event at this moment and return what is to be done."""
        commands = self._judge_time(now)
        handler = getattr(self, f"_on_{type(event).__name__}")
        commands += handler(event, now)
        return commands

    # Time

    def _judge_time(self, now: datetime) -> list[Command]:
        d = self.data
        if d.state is State.ACTIVE and d.expires_at is not None and now >= d.expires_at:
            return self._end(EndReason.EXPIRED, d.expires_at, "system")
        if d.state in (State.PREPARED, State.PAIRING) and d.link_expires_at is not None and now >= d.link_expires_at:
            return self._end(EndReason.LAPSED, d.link_expires_at, "system")
        if d.code_id is not None and d.code_expires_at is not None and now >= d.code_expires_at:
            return self._kill_code()
        return []

    def _on_TimerFired(self, event: e.TimerFired, now: datetime) -> list[Command]:
        d = self.data
        if event.timer is Timer.REMOVAL and d.removal is Removal.PENDING and d.ended_at is not None:
            due = d.ended_at + REMOVAL_PATIENCE
            if now < due:
                return [e.ScheduleTimer(Timer.REMOVAL, due)]
            d.removal = Removal.UNCONFIRMED
        at = {
            Timer.LINK: d.link_expires_at if d.state in (State.PREPARED, State.PAIRING) else None,
            Timer.CODE: d.code_expires_at if d.code_id is not None else None,
            Timer.EXPIRY: d.expires_at if d.state is State.ACTIVE else None,
            Timer.REMOVAL: None,
        }[event.timer]
        return [e.ScheduleTimer(event.timer, at)] if at is not None else []

    # Before activation

    def _on_Prepared(self, _event: e.Prepared, now: datetime) -> list[Command]:
        d = self.data
        if d.prepared_at is not None:
            return []
        d.prepared_at, d.link_expires_at = now, now + d.link_lifetime
        return [e.ScheduleTimer(Timer.LINK, d.link_expires_at)]

    def _on_LinkOpened(self, _event: e.LinkOpened, now: datetime) -> list[Command]:
        if self._open() and self.data.link_opened_at is None:
            self.data.link_opened_at = now
        return []

    def _on_AppStarted(self, _event: e.AppStarted, now: datetime) -> list[Command]:
        d = self.data
        if self._open() and (d.app_started_at is None or d.refusal_code is not None):
            d.app_started_at = now
            self._forget_refusal()
        return []

    def _on_AppRefused(self, event: e.AppRefused, now: datetime) -> list[Command]:
        d = self.data
        if not self._open() or (d.refusal_code, d.refusal_detail) == (event.code, event.detail):
            return []
        d.refusal_code, d.refusal_detail, d.refusal_at = event.code, event.detail, now
        return [e.Audit(AuditEvent.APP_REFUSED, "customer", {"code": event.code, "detail": event.detail})]

    def _forget_refusal(self) -> None:
        self.data.refusal_code, self.data.refusal_detail, self.data.refusal_at = None, None, None

    def _on_CodeIssued(self, event: e.CodeIssued, now: datetime) -> list[Command]:
        d = self.data
        if not self._open() or d.code_id == event.code_id:
            return []
        commands: list[Command] = []
        if d.code_id is not None or d.run_id is not None:
            commands.append(e.StopPairing(Code.CODE_DEAD))
        self._back_to_prepared()
        d.code_id, d.code_expires_at, d.code_tries_left = event.code_id, now + CODE_LIFETIME, CODE_TRIES
        return [
            *commands,
            e.ScheduleTimer(Timer.CODE, d.code_expires_at),
            e.Audit(AuditEvent.CODE_ISSUED, "technician"),
        ]

    def _on_RunStarted(self, event: e.RunStarted, now: datetime) -> list[Command]:
        d = self.data
        if d.code_alive(now) and d.run_id != event.run_id:
            d.state, d.run_id, d.code_entered_at = State.PAIRING, event.run_id, now
            d.host_key, d.paired_at = None, None
            self._forget_refusal()
        return []

    def _on_TrySpent(self, event: e.TrySpent, _now: datetime) -> list[Command]:
        d = self.data
        if d.run_id != event.run_id or d.last_try_run_id == event.run_id or d.code_id is None:
            return []
        d.last_try_run_id = event.run_id
        d.code_tries_left -= 1
        return []

    def _on_AppLeft(self, event: e.AppLeft, _now: datetime) -> list[Command]:
        d = self.data
        if d.state is not State.PAIRING or d.run_id != event.run_id or d.paired_at is not None:
            return []
        self._back_to_prepared()
        commands: list[Command] = []
        if d.last_try_run_id == event.run_id:
            commands.append(e.Audit(AuditEvent.PAIRING_FAILED, "customer", {"tries_left": d.code_tries_left}))
        if d.code_tries_left <= 0 and d.code_id is not None:
            commands += self._kill_code()
        return commands

    def _on_KeyRegistered(self, event: e.KeyRegistered, _now: datetime) -> list[Command]:
        d = self.data
        if d.state is not State.PAIRING or d.run_id != event.run_id or d.host_key is not None:
            return []
        d.host_key = event.host_key
        d.code_id, d.code_expires_at, d.code_tries_left = None, None, 0
        return [
            e.CancelTimer(Timer.CODE),
            e.Audit(AuditEvent.HOST_REGISTERED, "technician", {"host_key": event.host_key.hex()}),
        ]

    def _on_RunConfirmed(self, event: e.RunConfirmed, now: datetime) -> list[Command]:
        d = self.data
        if d.state is not State.PAIRING or d.run_id != event.run_id or d.host_key is None or d.paired_at is not None:
            return []
        d.paired_at = now
        if d.link_expires_at is None or d.link_expires_at >= now + INSTALLATION_PATIENCE:
            return []
        d.link_expires_at = now + INSTALLATION_PATIENCE
        return [e.ScheduleTimer(Timer.LINK, d.link_expires_at)]

    def _kill_code(self) -> list[Command]:
        d = self.data
        d.code_id, d.code_expires_at, d.code_tries_left = None, None, 0
        self._back_to_prepared()
        return [e.CancelTimer(Timer.CODE), e.StopPairing(Code.CODE_DEAD), e.Audit(AuditEvent.CODE_DIED, "system")]

    # The host

    def _on_HostActive(self, event: e.HostActive, now: datetime) -> list[Command]:
        d = self.data
        if d.state is not State.PAIRING or d.paired_at is None:
            return []
        d.state, d.activated_at, d.expires_at = State.ACTIVE, now, now + d.duration
        d.hostname, d.system, d.app_version = event.hostname, event.system, event.app_version
        details: dict[str, object] = {"hostname": d.hostname, "system": d.system, "app_version": d.app_version}
        return [
            e.CancelTimer(Timer.LINK),
            e.ScheduleTimer(Timer.EXPIRY, d.expires_at),
            e.Audit(AuditEvent.SESSION_ACTIVATED, "host", details),
        ]

    def _on_HostOnline(self, _event: e.HostOnline, _now: datetime) -> list[Command]:
        d = self.data
        d.host_online = True
        if d.state is State.ENDED and d.end_reason is not None and d.removal is not Removal.CONFIRMED:
            return [e.TellHostToEnd(d.end_reason)]
        return []

    def _on_HostOffline(self, _event: e.HostOffline, _now: datetime) -> list[Command]:
        self.data.host_online = False
        return []

    # The end

    def _on_EndRequested(self, event: e.EndRequested, now: datetime) -> list[Command]:
        if self.data.state is State.ENDED:
            return []
        active = self.data.state is State.ACTIVE
        return self._end(EndReason.TECHNICIAN if active else EndReason.CANCELLED, now, event.actor)

    def _on_HostEnded(self, event: e.HostEnded, now: datetime) -> list[Command]:
        if self.data.state is State.ENDED or self.data.host_key is None:
            return []
        d = self.data
        in_time = d.expires_at is not None and now >= d.expires_at - EARLY_EXPIRY
        expired = event.reason is EndReason.EXPIRED and in_time
        return self._end(EndReason.EXPIRED if expired else EndReason.CUSTOMER, now, "host" if expired else "customer")

    def _on_HostRemoved(self, event: e.HostRemoved, now: datetime) -> list[Command]:
        d = self.data
        if d.removal is Removal.CONFIRMED or d.host_key is None:
            return []
        commands = [] if d.state is State.ENDED else self._end(EndReason.CUSTOMER, now, "host")
        d.removal, d.host_online = Removal.CONFIRMED, False
        d.removal_receipt, d.removal_signature = event.receipt, event.signature
        proof: dict[str, object] = {"receipt": event.receipt, "signature": event.signature.hex()}
        return [*commands, e.CancelTimer(Timer.REMOVAL), e.Audit(AuditEvent.HOST_REMOVED, "host", proof)]

    def _end(self, reason: EndReason, at: datetime, actor: str) -> list[Command]:
        d = self.data
        pairing = d.state is not State.ACTIVE
        d.state, d.ended_at, d.end_reason = State.ENDED, at, reason
        d.code_id, d.code_expires_at, d.code_tries_left, d.run_id = None, None, 0, None
        commands: list[Command] = [
            *(e.CancelTimer(timer) for timer in (Timer.LINK, Timer.CODE, Timer.EXPIRY)),
            e.ReleaseSlots(),
            e.CloseConnections(),
            e.Audit(AuditEvent.SESSION_ENDED, actor, {"reason": reason.value}),
        ]
        if pairing:
            commands.append(e.StopPairing(Code.SESSION_ENDED))
        if d.host_key is not None:
            d.removal = Removal.PENDING
            commands += [e.ScheduleTimer(Timer.REMOVAL, at + REMOVAL_PATIENCE), e.TellHostToEnd(reason)]
        return commands

    def _back_to_prepared(self) -> None:
        # A key that was registered goes too: whoever holds it is turned away for good and removes itself.
        d = self.data
        d.state, d.run_id, d.code_entered_at, d.host_key, d.paired_at = State.PREPARED, None, None, None, None

    def _open(self) -> bool:
        return self.data.state in (State.PREPARED, State.PAIRING)
