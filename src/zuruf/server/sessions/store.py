"""Between the machine and the database: loads a session under a lock, stores it, carries out the commands.

What reaches other sockets goes as a hint after the commit; whoever gets one reads the database.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.errors import NotFound
from zuruf.server.invitations import service as invitations
from zuruf.server.jobs import service as jobs
from zuruf.server.sessions import events as e
from zuruf.server.sessions import slots, tickets
from zuruf.server.sessions.events import Command, EndReason, Event, Removal, State
from zuruf.server.sessions.machine import SessionData, SessionMachine
from zuruf.server.sessions.models import Connection, Session

TIMER_JOB = "session_timer"
_STORED = tuple(f.name for f in fields(SessionData) if f.name not in ("duration", "link_lifetime"))
_ENUMS = {"state": State, "end_reason": EndReason, "removal": Removal}


@dataclass(frozen=True)
class Outcome:
    """What happened: the session as stored, and whether anything changed that others want to know."""

    row: Session
    commands: tuple[Command, ...]

    @property
    def ended(self) -> bool:
        """Whether this was the event that ended the session."""
        return any(isinstance(command, e.ReleaseSlots) for command in self.commands)

    @property
    def stopped_pairing(self) -> str | None:
        """The code to tell whoever is pairing, or None."""
        return next((command.code for command in self.commands if isinstance(command, e.StopPairing)), None)


def data_of(row: Session) -> SessionData:
    """Return the machine's view of a row."""
    values = {name: getattr(row, name) for name in _STORED}
    for name, kind in _ENUMS.items():
        values[name] = kind(values[name]) if values[name] is not None else None
    return SessionData(
        duration=timedelta(seconds=row.duration_s), link_lifetime=timedelta(seconds=row.link_lifetime_s), **values
    )


async def try_locked(db: AsyncSession, session_id: str) -> Session | None:
    """Return a session's row, locked until the transaction ends, or None."""
    query = select(Session).where(Session.id == session_id).with_for_update()
    return await db.scalar(query.execution_options(populate_existing=True))


async def locked(db: AsyncSession, session_id: str) -> Session:
    """Return a session's row, locked until the transaction ends. Raises NotFound."""
    row = await try_locked(db, session_id)
    if row is None:
        raise NotFound(Code.SESSION_NOT_FOUND)
    return row


async def apply(db: AsyncSession, row: Session, event: Event, now: datetime) -> Outcome:
    """Let the machine take the event and carry out in this transaction what it commands."""
    machine = SessionMachine(data_of(row))
    commands = machine.handle(event, now)
    for name in _STORED:
        value = getattr(machine.data, name)
        setattr(row, name, value.value if isinstance(value, State | EndReason | Removal) else value)
    await db.flush()
    for command in commands:
        await _carry_out(db, row, command, now)
    return Outcome(row, tuple(commands))


async def _carry_out(db: AsyncSession, row: Session, command: Command, now: datetime) -> None:
    match command:
        case e.ScheduleTimer(timer, at):
            await jobs.enqueue(
                db,
                kind=TIMER_JOB,
                key=_timer_key(row.id, timer),
                payload={"session_id": row.id, "timer": timer.value},
                run_at=at,
            )
        case e.CancelTimer(timer):
            await jobs.cancel(db, _timer_key(row.id, timer))
        case e.ReleaseSlots():
            await slots.release(db, row.id)
            await invitations.withdraw(db, row.id)
        case e.CloseConnections():
            await tickets.void(db, row.id)
            await db.execute(
                update(Connection)
                .where(Connection.session_id == row.id, Connection.closed_at.is_(None))
                .values(closed_at=now)
            )
        case e.Audit(AuditEvent.APP_REFUSED, _, {"code": str(code)}) if await audit.refusal_recorded(db, row.id, code):
            pass  # anyone who knows the number can say so again and again
        case e.Audit(name, actor, details):
            await audit.record(
                db,
                company_id=row.company_id,
                event=name,
                actor=row.user_id if actor == "technician" else actor,
                now=now,
                session_id=row.id,
                details={"number": row.number, **details},
            )
        case e.TellHostToEnd() | e.StopPairing():
            pass  # told by a hint after the commit; the sockets read the database


def _timer_key(session_id: str, timer: e.Timer) -> str:
    return f"session:{session_id}:{timer.value}"
