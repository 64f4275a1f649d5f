"""Connections: the viewer's request, the offer to the host, and what became of it. Not for forwarding: see relay."""

from dataclasses import dataclass

from sqlalchemy import select, update

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.auth.service import Principal
from zuruf.server.companies import service as companies
from zuruf.server.db import Database, new_id
from zuruf.server.errors import Conflict, Forbidden
from zuruf.server.plans.policy import Tool
from zuruf.server.ports import Clock, Event, EventBus, FaultPoints, RelayDirectory
from zuruf.server.sessions import policy, store, tickets
from zuruf.server.sessions.events import State
from zuruf.server.sessions.models import Connection
from zuruf.server.sessions.service import SessionService
from zuruf.server.sessions.tickets import Admission, TicketRole

FAULT_POINTS = ("connection.ticketed",)


@dataclass(frozen=True)
class NewConnection:
    """For the viewer: where to dial and with what."""

    connection_id: str
    ticket: bytes
    relay_url: str
    epoch: int
    host_key: bytes
    session_number: str
    session_id: str


@dataclass(frozen=True)
class Offer:
    """For the host: a connection it is asked to dial."""

    connection_id: str
    tool: str
    ticket: bytes
    relay_url: str
    epoch: int


class ConnectionService:
    """The feature's use cases that concern one connection."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: EventBus,
        directory: RelayDirectory,
        faults: FaultPoints,
        sessions: SessionService,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._directory = directory
        self._faults = faults
        self._sessions = sessions

    async def connect(self, principal: Principal, session_id: str, tool: Tool) -> NewConnection:
        """Admit the viewer to the relay and ask the host to dial it. Raises Conflict, Forbidden, NotFound."""
        async with self._database.transaction() as db:
            row = policy.require_owner(principal, await store.try_locked(db, session_id))
            company = await companies.get(db, row.company_id)
            if tool not in company.entitlements:
                raise Forbidden(Code.TOOL_NOT_IN_PLAN)
            now = self._clock.now()
            if row.expires_at is not None and now >= row.expires_at:
                raise Conflict(Code.SESSION_ENDED)
            if row.state != State.ACTIVE.value or row.host_key is None:
                raise Conflict(Code.SESSION_ENDED if row.state == State.ENDED.value else Code.WRONG_STATE)
            if not row.host_online:
                raise Conflict(Code.HOST_OFFLINE)
            address = await self._directory.locate(session_id)
            connection = Connection(
                id=new_id(), session_id=row.id, user_id=principal.user.id, tool=tool.value,
                epoch=address.epoch, requested_at=now,
            )  # fmt: skip
            db.add(connection)
            await db.flush()
            admission = Admission(TicketRole.VIEWER, row.id, principal.user.id, connection.id)
            ticket = await tickets.issue(db, admission, now)
            await audit.record(
                db,
                company_id=row.company_id,
                event=AuditEvent.CONNECTION_REQUESTED,
                actor=principal.user.id,
                now=now,
                session_id=row.id,
                details={"number": row.number, "tool": tool.value, "connection": connection.id},
            )
        self._faults.reached("connection.ticketed")
        await self._bus.publish(Event(f"session:{row.id}", "connection", row.id))
        return NewConnection(connection.id, ticket, address.url, address.epoch, row.host_key, row.number, row.id)

    async def reoffer(self, session_id: str) -> None:
        """A new control socket is there: what an old one was asked to dial and has not dialled, is offered again.

        Only where the host's ticket is still unused, which is void then: a host that has dialled needs no second word.
        """
        now = self._clock.now()
        query = select(Connection).where(
            Connection.session_id == session_id,
            Connection.offered_at.is_not(None),
            Connection.opened_at.is_(None),
            Connection.closed_at.is_(None),
            Connection.requested_at > now - tickets.LIFETIME,
        )
        async with self._database.transaction() as db:
            for connection in await db.scalars(query.with_for_update()):
                if await tickets.void_host(db, connection.id):
                    connection.offered_at = None

    async def offers(self, session_id: str) -> list[Offer]:
        """Return, once each, the connections that the host has not been asked to dial yet."""
        now = self._clock.now()
        query = select(Connection).where(
            Connection.session_id == session_id, Connection.offered_at.is_(None), Connection.closed_at.is_(None)
        )
        found: list[Offer] = []
        async with self._database.transaction() as db:
            for connection in await db.scalars(query.with_for_update()):
                connection.offered_at = now
                if connection.requested_at + tickets.LIFETIME <= now:
                    connection.closed_at = now
                    continue
                address = await self._directory.locate(session_id)
                admission = Admission(TicketRole.HOST, session_id, connection.user_id, connection.id)
                ticket = await tickets.issue(db, admission, now)
                found.append(Offer(connection.id, connection.tool, ticket, address.url, address.epoch))
        return found

    async def opened(self, session_id: str, connection_id: str) -> None:
        """Note that the host has begun to serve a connection."""
        await self._connection_fact(session_id, connection_id, AuditEvent.CONNECTION_OPENED)

    async def closed(self, session_id: str, connection_id: str) -> None:
        """Note the end of a connection."""
        await self._connection_fact(session_id, connection_id, AuditEvent.CONNECTION_CLOSED)

    async def refused(self, session_id: str, connection_id: str, code: str) -> None:
        """Note that the host will not serve a connection."""
        await self._connection_fact(session_id, connection_id, AuditEvent.CONNECTION_REFUSED, code)

    async def refusal(self, connection_id: str) -> str | None:
        """Return the code with which the host refused a connection, or None."""
        async with self._database.reading() as db:
            connection = await db.get(Connection, connection_id)
            return connection.refusal if connection is not None else None

    async def _connection_fact(
        self, session_id: str, connection_id: str, event: AuditEvent, code: str | None = None
    ) -> None:
        now = self._clock.now()
        async with self._database.transaction() as db:
            row = await store.locked(db, session_id)
            connection = await db.get(Connection, connection_id)
            if connection is None or connection.session_id != session_id or connection.closed_at is not None:
                return
            if event is AuditEvent.CONNECTION_OPENED:
                if connection.opened_at is not None:
                    return
                connection.opened_at = now
            else:
                connection.closed_at, connection.refusal = now, code
            details = {"number": row.number, "connection": connection.id, "tool": connection.tool, "code": code}
            await audit.record(
                db, company_id=row.company_id, event=event, actor="host", now=now, session_id=row.id, details=details
            )
        await self._sessions.changed(session_id)

    async def recover(self) -> None:
        """After a start: no connection survived the process."""
        async with self._database.transaction() as db:
            statement = update(Connection).where(Connection.closed_at.is_(None))
            await db.execute(statement.values(closed_at=self._clock.now()))
