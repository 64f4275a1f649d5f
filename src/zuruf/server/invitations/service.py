"""Queues invitations in the transaction that prepares a session, sends them from the outbox, and knows their state.

A crash between the mail server's answer and our commit sends the same Message-ID a second time, and not a third: after
two attempts of whose end nothing is known, a person decides.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.db import Database
from zuruf.server.errors import NotFound
from zuruf.server.invitations.models import Invitation
from zuruf.server.invitations.text import Facts, Text, compose
from zuruf.server.jobs import service as jobs
from zuruf.server.jobs.worker import RetryLater
from zuruf.server.ports import Clock, FaultPoints, Mail, Mailer, MailResult

JOB_KIND = "invitation"
ATTEMPTS = 12
_UNKNOWN_ENDS = 2
UNKNOWN_END = "the server stopped twice while sending; the mail may have arrived"
FAULT_POINTS = ("mail.before_send", "mail.after_send", "mail.committed")


class InvitationState(StrEnum):
    """What became of the mail."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class InvitationView:
    """For the console."""

    state: InvitationState
    recipient: str
    attempts: int
    answer: str
    link: str
    text: Text


def _job_key(session_id: str) -> str:
    return f"invitation:{session_id}"


async def queue(
    db: AsyncSession, *, session_id: str, company_id: str, recipient: str, locale: str, facts: Facts, now: datetime
) -> None:
    """Write the invitation and its job in the caller's transaction."""
    db.add(
        Invitation(
            session_id=session_id,
            company_id=company_id,
            recipient=recipient,
            locale=locale,
            facts=facts.to_json(),
            state=InvitationState.QUEUED,
            queued_at=now,
        )
    )
    await jobs.enqueue(db, kind=JOB_KIND, key=_job_key(session_id), payload={"session_id": session_id}, run_at=now)


async def requeue(db: AsyncSession, session_id: str, now: datetime) -> None:
    """Send it once more, as a new mail."""
    invitation = await _get(db, session_id, for_update=True)
    invitation.state, invitation.answer, invitation.attempts = InvitationState.QUEUED, "", 0
    invitation.round += 1
    invitation.unfinished = 0
    invitation.queued_at = now
    await jobs.enqueue(db, kind=JOB_KIND, key=_job_key(session_id), payload={"session_id": session_id}, run_at=now)


async def withdraw(db: AsyncSession, session_id: str) -> None:
    """Do not send what is still queued: the session has ended."""
    await jobs.cancel(db, _job_key(session_id))


async def view(db: AsyncSession, session_id: str) -> InvitationView:
    """Return the state and the text of a session's invitation."""
    invitation = await _get(db, session_id)
    facts = Facts.from_json(invitation.facts)
    return InvitationView(
        InvitationState(invitation.state),
        invitation.recipient,
        invitation.attempts,
        invitation.answer,
        facts.link,
        compose(facts, invitation.locale),
    )


async def states(db: AsyncSession, session_ids: list[str]) -> dict[str, tuple[InvitationState, str, str]]:
    """Return state, answer and link for each of these sessions."""
    found = [await db.get(Invitation, session_id) for session_id in session_ids]
    return {
        i.session_id: (InvitationState(i.state), i.answer, Facts.from_json(i.facts).link)
        for i in found
        if i is not None
    }


async def _get(db: AsyncSession, session_id: str, *, for_update: bool = False) -> Invitation:
    invitation = await db.get(Invitation, session_id, with_for_update=for_update)
    if invitation is None:
        raise NotFound(Code.SESSION_NOT_FOUND)
    return invitation


class InvitationSender:
    """The job that sends. One attempt a call; the worker's back-off decides when the next one comes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        mailer: Mailer,
        faults: FaultPoints,
        *,
        domain: str,
        changed: Callable[[str], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._mailer = mailer
        self._faults = faults
        self._domain = domain
        self._changed = changed

    async def run(self, payload: dict[str, str], attempt: int) -> None:
        """Send the invitation of ``session_id``. Raises RetryLater."""
        session_id = payload["session_id"]
        async with self._database.transaction() as db:
            invitation = await _get(db, session_id, for_update=True)
            if invitation.state != InvitationState.QUEUED:
                return
            number = invitation.round
            mail = None if invitation.unfinished >= _UNKNOWN_ENDS else self._mail(invitation)
            invitation.unfinished += 1
        self._faults.reached("mail.before_send")
        if mail is None:
            result = MailResult(delivered=False, final=True, answer=UNKNOWN_END)
        else:
            result = await self._mailer.send(mail)
        self._faults.reached("mail.after_send")
        failed = not result.delivered and (result.final or attempt >= ATTEMPTS)
        await self._store(session_id, number, result, attempt, failed)
        self._faults.reached("mail.committed")
        await self._changed(session_id)
        if not result.delivered and not failed:
            raise RetryLater(result.answer)

    def _mail(self, invitation: Invitation) -> Mail:
        text = compose(Facts.from_json(invitation.facts), invitation.locale)
        message_id = f"<{invitation.session_id}.{invitation.round}@{self._domain}>"
        return Mail(invitation.recipient, text.subject, text.text, text.html, message_id)

    async def _store(self, session_id: str, number: int, result: MailResult, attempt: int, failed: bool) -> None:
        now = self._clock.now()
        async with self._database.transaction() as db:
            invitation = await _get(db, session_id, for_update=True)
            if invitation.round != number:
                return  # sent anew meanwhile; this answer is about the mail before
            invitation.attempts, invitation.answer, invitation.unfinished = attempt, result.answer[:1000], 0
            if result.delivered:
                invitation.state, invitation.sent_at = InvitationState.SENT, now
            elif failed:
                invitation.state = InvitationState.FAILED
            else:
                return
            await audit.record(
                db,
                company_id=invitation.company_id,
                event=AuditEvent.INVITATION_SENT if result.delivered else AuditEvent.INVITATION_FAILED,
                actor="system",
                now=now,
                session_id=session_id,
                details={"number": Facts.from_json(invitation.facts).number, "answer": invitation.answer},
            )
