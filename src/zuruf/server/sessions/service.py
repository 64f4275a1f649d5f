"""What users and hosts do with sessions. Each call is one transaction; hints go out after its commit."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.protocol.limits import SESSION_NUMBER_DIGITS
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.auth.service import Principal
from zuruf.server.companies import service as companies
from zuruf.server.db import Database, new_id
from zuruf.server.errors import Conflict, NotFound
from zuruf.server.invitations import service as invitations
from zuruf.server.invitations.text import Facts
from zuruf.server.ports import Clock, Event, EventBus, FaultPoints
from zuruf.server.sessions import events as e
from zuruf.server.sessions import policy, slots, store, tickets
from zuruf.server.sessions.events import Removal, State
from zuruf.server.sessions.models import Connection, Session
from zuruf.server.sessions.store import Outcome
from zuruf.server.sessions.tickets import Admission, TicketRole
from zuruf.server.sessions.views import SessionOut, view, view_all
from zuruf.server.users import service as users

FAULT_POINTS = (
    "session.prepared", "code.issued", "activation.registered", "session.active", "connection.ticketed",
    "session.ended", "removal.confirmed",
)  # fmt: skip


@dataclass(frozen=True)
class PublicFacts:
    """What the number alone tells: enough for the customer to know who calls whom."""

    session_id: str
    number: str
    company: str
    technician: str
    locale: str
    open: bool
    link_expires_at: datetime


@dataclass(frozen=True)
class Receipt:
    """A removal receipt: ``signature`` is that of ``host_key`` over the report's transcript of ``detail``."""

    session_id: str
    number: str
    detail: str
    signature: bytes
    host_key: bytes


class SessionService:
    """The feature's use cases."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: EventBus,
        faults: FaultPoints,
        *,
        public_url: str,
        duration_s: int,
        link_lifetime_s: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._faults = faults
        self._public_url = public_url.rstrip("/")
        self._duration_s = duration_s
        self._link_lifetime_s = link_lifetime_s

    # Preparing and reading

    async def prepare(self, principal: Principal, *, customer_email: str, locale: str, note: str) -> SessionOut:
        """Prepare a session and queue its invitation. Raises Conflict for a limit, ServerError for a bad address."""
        address = users.normalise_email(customer_email)
        now = self._clock.now()
        async with self._database.transaction() as db:
            company = await companies.get(db, principal.company.id)
            row = Session(
                id=new_id(),
                number=await _free_number(db),
                company_id=company.id,
                user_id=principal.user.id,
                customer_email=address,
                locale=locale,
                note=note,
                duration_s=self._duration_s,
                link_lifetime_s=self._link_lifetime_s,
                state=State.PREPARED.value,
                removal=Removal.NONE.value,
                code_tries_left=0,
                host_online=False,
            )
            await slots.claim(
                db,
                session_id=row.id,
                user_id=row.user_id,
                user_limit=company.user_session_limit,
                company_id=company.id,
                company_limit=company.company_session_limit,
            )
            db.add(row)
            await store.apply(db, row, e.Prepared(), now)
            assert row.link_expires_at is not None
            await invitations.queue(
                db,
                session_id=row.id,
                company_id=company.id,
                recipient=address,
                locale=locale,
                facts=Facts(
                    number=row.number,
                    company=company.name,
                    technician=principal.user.name,
                    link=f"{self._public_url}/join/{row.number}?lang={locale}",
                    link_expires_at=row.link_expires_at.isoformat(),
                ),
                now=now,
            )
            await audit.record(
                db,
                company_id=company.id,
                event=AuditEvent.SESSION_PREPARED,
                actor=principal.user.id,
                now=now,
                session_id=row.id,
                details={"number": row.number, "customer": address},
            )
            out = await view(db, row, now)
        self._faults.reached("session.prepared")
        await self._hint(row)
        return out

    async def list_open(self, principal: Principal) -> list[SessionOut]:
        """Return the company's open sessions, newest first, and ended ones whose removal is still awaited."""
        query = select(Session).where(Session.company_id == principal.company.id, Session.state != State.ENDED.value)
        async with self._database.reading() as db:
            rows = list(await db.scalars(query.order_by(Session.prepared_at.desc())))
            return await view_all(db, rows, self._clock.now())

    async def list_history(self, principal: Principal, before: datetime | None, limit: int) -> list[SessionOut]:
        """Return ended sessions, newest first."""
        query = select(Session).where(Session.company_id == principal.company.id, Session.state == State.ENDED.value)
        if before is not None:
            query = query.where(Session.ended_at < before)
        async with self._database.reading() as db:
            rows = list(await db.scalars(query.order_by(Session.ended_at.desc()).limit(limit)))
            return await view_all(db, rows, self._clock.now())

    async def get(self, principal: Principal, session_id: str) -> SessionOut:
        """Return one session. Raises NotFound."""
        async with self._database.reading() as db:
            row = policy.require_read(principal, await db.get(Session, session_id))
            return await view(db, row, self._clock.now())

    async def company_view(self, company_id: str, session_id: str) -> SessionOut | None:
        """Return a session for a live stream of its company, or None."""
        async with self._database.reading() as db:
            row = await db.get(Session, session_id)
            if row is None or row.company_id != company_id:
                return None
            return await view(db, row, self._clock.now())

    async def public_facts(self, number: str) -> PublicFacts:
        """Return what the customer may know. Raises NotFound."""
        async with self._database.reading() as db:
            row = await _by_number(db, number)
            company = await companies.get(db, row.company_id)
            names = await users.names(db, {row.user_id})
            db.expunge(row)
        assert row.link_expires_at is not None
        waiting = row.state in (State.PREPARED.value, State.PAIRING.value)
        return PublicFacts(
            session_id=row.id,
            number=row.number,
            company=company.name,
            technician=names[row.user_id],
            locale=row.locale,
            open=row.state == State.ACTIVE.value or (waiting and self._clock.now() < row.link_expires_at),
            link_expires_at=row.link_expires_at,
        )

    async def receipt(self, principal: Principal, session_id: str) -> Receipt:
        """Return what the host handed in of its removal. Raises NotFound, also where there is nothing yet."""
        async with self._database.reading() as db:
            row = policy.require_read(principal, await db.get(Session, session_id))
            if row.removal_receipt is None or row.removal_signature is None or row.host_key is None:
                raise NotFound(Code.NOT_FOUND)
            return Receipt(row.id, row.number, row.removal_receipt, row.removal_signature, row.host_key)

    # What the technician does

    async def end(self, principal: Principal, session_id: str) -> SessionOut:
        """End or cancel a session; ended already is fine."""
        async with self._database.transaction() as db:
            row = policy.require_end(principal, await store.try_locked(db, session_id))
            outcome = await store.apply(db, row, e.EndRequested(principal.user.id), self._clock.now())
            out = await view(db, row, self._clock.now())
        await self._publish(outcome)
        return out

    async def invitation(self, principal: Principal, session_id: str) -> invitations.InvitationView:
        """Return the invitation of a session. Raises NotFound."""
        async with self._database.reading() as db:
            policy.require_read(principal, await db.get(Session, session_id))
            return await invitations.view(db, session_id)

    async def resend(self, principal: Principal, session_id: str) -> invitations.InvitationView:
        """Send the invitation once more. Raises Conflict where the session is active or over."""
        async with self._database.transaction() as db:
            row = policy.require_owner(principal, await store.try_locked(db, session_id))
            if row.state not in (State.PREPARED.value, State.PAIRING.value):
                raise Conflict(Code.WRONG_STATE)
            now = self._clock.now()
            await invitations.requeue(db, session_id, now)
            await audit.record(
                db,
                company_id=row.company_id,
                event=AuditEvent.INVITATION_RESENT,
                actor=principal.user.id,
                now=now,
                session_id=row.id,
                details={"number": row.number},
            )
            found = await invitations.view(db, session_id)
        await self._hint(row)
        return found

    async def issue_code(self, principal: Principal, session_id: str) -> SessionOut:
        """Note that a new code is alive; which one, only the technician's browser knows. Raises Conflict."""
        async with self._database.transaction() as db:
            row = policy.require_owner(principal, await store.try_locked(db, session_id))
            now = self._clock.now()
            outcome = await store.apply(db, row, e.CodeIssued(new_id()), now)
            if row.code_id is None:
                raise Conflict(Code.WRONG_STATE)
            out = await view(db, row, now)
        self._faults.reached("code.issued")
        await self._publish(outcome)
        return out

    async def pairing_ticket(self, principal: Principal, session_id: str) -> bytes:
        """Return a ticket for the console's pairing socket. Raises Conflict."""
        async with self._database.transaction() as db:
            row = policy.require_owner(principal, await store.try_locked(db, session_id))
            if row.state not in (State.PREPARED.value, State.PAIRING.value):
                raise Conflict(Code.WRONG_STATE)
            admission = Admission(TicketRole.PAIRING, row.id, principal.user.id, None)
            return await tickets.issue(db, admission, self._clock.now())

    async def register_key(self, principal: Principal, session_id: str, run_id: str, host_key: bytes) -> SessionOut:
        """Register the host's key that the technician's browser vouches for. Raises Conflict."""
        async with self._database.transaction() as db:
            row = policy.require_owner(principal, await store.try_locked(db, session_id))
            now = self._clock.now()
            outcome = await store.apply(db, row, e.KeyRegistered(run_id, host_key), now)
            if row.run_id != run_id or row.host_key != host_key:
                raise Conflict(Code.WRONG_STATE)
            out = await view(db, row, now)
        self._faults.reached("activation.registered")
        await self._publish(outcome)
        return out

    # What the customer's side and the clock do

    async def customer_event(self, number: str, event: e.LinkOpened | e.AppStarted | e.AppRefused) -> None:
        """Note something informational. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.locked(db, (await _by_number(db, number)).id)
            outcome = await store.apply(db, row, event, self._clock.now())
        await self._publish(outcome)

    async def session_event(self, session_id: str, event: e.Event) -> Outcome:
        """Let the machine take an event that another part of the server has checked. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.locked(db, session_id)
            outcome = await store.apply(db, row, event, self._clock.now())
        if isinstance(event, e.HostActive):
            self._faults.reached("session.active")
        if isinstance(event, e.HostRemoved):
            self._faults.reached("removal.confirmed")
        await self._publish(outcome)
        return outcome

    async def timer(self, payload: dict[str, str], _attempt: int) -> None:
        """Job handler of the durable timers."""
        await self.session_event(payload["session_id"], e.TimerFired(e.Timer(payload["timer"])))

    async def row(self, session_id: str) -> Session | None:
        """Return a session as stored; for the sockets, which re-read it on every hint."""
        async with self._database.reading() as db:
            return _kept(db, await db.get(Session, session_id))

    async def row_by_number(self, number: str) -> Session | None:
        """Return a session by its number, or None."""
        async with self._database.reading() as db:
            return _kept(db, await db.scalar(select(Session).where(Session.number == number)))

    async def admit(self, ticket: bytes, role: TicketRole) -> Admission | None:
        """Take a ticket, once. None also where what it was issued for no longer holds."""
        now = self._clock.now()
        # Whoever has no ticket makes nobody wait who writes.
        async with self._database.reading() as db:
            if not await tickets.known(db, ticket, role, now):
                return None
        async with self._database.transaction() as db:
            admission = await tickets.consume(db, ticket, role, now)
            if admission is None or not await self._still_holds(db, admission, now):
                return None
            return admission

    @staticmethod
    async def _still_holds(db: AsyncSession, admission: Admission, now: datetime) -> bool:
        row = await db.get(Session, admission.session_id)
        user = await users.get(db, admission.user_id)
        if row is None or user is None or row.user_id != user.id:
            return False
        if admission.connection_id is None:
            return row.state in (State.PREPARED.value, State.PAIRING.value)
        connection = await db.get(Connection, admission.connection_id)
        if row.state != State.ACTIVE.value or row.expires_at is None or row.expires_at <= now or connection is None:
            return False
        # A viewer whose host has refused already is let in, to be told why.
        return connection.closed_at is None or connection.refusal is not None

    async def recover(self) -> None:
        """After a start: no host and no app is connected to this process yet."""
        async with self._database.transaction() as db:
            await db.execute(update(Session).values(host_online=False))
            query = select(Session.id, Session.run_id).where(
                Session.state == State.PAIRING.value, Session.paired_at.is_(None)
            )
            broken = (await db.execute(query)).all()
        for session_id, run_id in broken:
            await self.session_event(session_id, e.AppLeft(run_id or ""))

    async def count_open(self) -> int:
        """Return how many sessions hold a slot."""
        query = select(func.count()).select_from(Session).where(Session.state != State.ENDED.value)
        async with self._database.reading() as db:
            return await db.scalar(query) or 0

    async def changed(self, session_id: str) -> None:
        """Tell live streams that something about this session is new."""
        row = await self.row(session_id)
        if row is not None:
            await self._hint(row)

    async def _publish(self, outcome: Outcome) -> None:
        if outcome.ended:
            self._faults.reached("session.ended")
        code = outcome.stopped_pairing
        if code is not None:
            await self._bus.publish(Event(f"pairing:{outcome.row.id}", code, outcome.row.id))
        await self._hint(outcome.row)

    async def _hint(self, row: Session) -> None:
        for topic in (f"company:{row.company_id}", f"session:{row.id}"):
            await self._bus.publish(Event(topic, "session", row.id))


def _kept(db: AsyncSession, row: Session | None) -> Session | None:
    """Return the row for use after the reading; the end of a reading forgets what it still has."""
    if row is not None:
        db.expunge(row)
    return row


async def _free_number(db: AsyncSession) -> str:
    while True:
        number = str(secrets.randbelow(9 * 10 ** (SESSION_NUMBER_DIGITS - 1)) + 10 ** (SESSION_NUMBER_DIGITS - 1))
        if await db.scalar(select(Session.id).where(Session.number == number)) is None:
            return number


async def _by_number(db: AsyncSession, number: str) -> Session:
    row = await db.scalar(select(Session).where(Session.number == number))
    if row is None:
        raise NotFound(Code.SESSION_NOT_FOUND)
    return row
