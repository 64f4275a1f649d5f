"""From the outbox to the mail server: states, back-off, resending, and a process that dies on the way."""

from datetime import timedelta

import pytest

from tests.support.server import START, Faults, ManualClock, MemoryMailer, Stopped
from zuruf.server.audit import service as audit
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.errors import NotFound
from zuruf.server.invitations import service as invitations
from zuruf.server.invitations.service import (
    ATTEMPTS,
    FAULT_POINTS,
    JOB_KIND,
    UNKNOWN_END,
    InvitationSender,
    InvitationState,
    InvitationView,
)
from zuruf.server.invitations.text import Facts
from zuruf.server.jobs.service import LEASE
from zuruf.server.jobs.worker import Worker
from zuruf.server.ports import MailResult

_SESSION = "00000000-0000-4000-8000-000000000001"
_BUSY = MailResult(delivered=False, final=False, answer="450 busy")
_REFUSED = MailResult(delivered=False, final=True, answer="550 no such user")
_FACTS = Facts(
    number="1234567890",
    company="Hilfe GmbH",
    technician="Tina Technik",
    link="https://hilfe.test/join/1234567890?lang=de",
    link_expires_at="2026-03-02T09:00:00+00:00",
)


class House:
    """Database, mailer and the worker that sends."""

    def __init__(
        self, database: Database, clock: ManualClock, mailer: MemoryMailer, faults: Faults, company: CompanyView
    ) -> None:
        self.database, self.clock, self.mailer, self.faults, self.company = database, clock, mailer, faults, company
        self.changed: list[str] = []
        sender = InvitationSender(database, clock, mailer, faults, domain="hilfe.test", changed=self._changed)
        self.worker = Worker(database, clock, faults)
        self.worker.register(JOB_KIND, sender.run)

    async def _changed(self, session_id: str) -> None:
        self.changed.append(session_id)

    async def queue(self) -> None:
        async with self.database.transaction() as db:
            await invitations.queue(
                db, session_id=_SESSION, company_id=self.company.id, recipient="karla@kunde.test", locale="de",
                facts=_FACTS, now=self.clock.now(),
            )  # fmt: skip

    async def resend(self) -> None:
        async with self.database.transaction() as db:
            await invitations.requeue(db, _SESSION, self.clock.now())

    async def view(self) -> InvitationView:
        async with self.database.reading() as db:
            return await invitations.view(db, _SESSION)

    async def events(self) -> list[str]:
        async with self.database.reading() as db:
            page = await audit.page(db, self.company.id, before=None, limit=100)
        return [record.event for record in reversed(page)]


@pytest.fixture
async def house(
    database: Database, clock: ManualClock, mailer: MemoryMailer, faults: Faults, company: CompanyView
) -> House:
    made = House(database, clock, mailer, faults, company)
    await made.queue()
    return made


async def test_a_queued_invitation_is_sent_once(house: House) -> None:
    assert (await house.view()).state is InvitationState.QUEUED
    assert await house.worker.run_one()
    assert not await house.worker.run_one()
    (mail,) = house.mailer.sent
    view = await house.view()
    assert (mail.recipient, mail.subject) == ("karla@kunde.test", view.text.subject)
    assert (view.state, view.attempts, view.answer) == (InvitationState.SENT, 1, "250 accepted")
    assert house.changed == [_SESSION]
    assert await house.events() == ["invitation.sent"]


async def test_a_mail_server_that_is_busy_is_asked_again_later_with_the_same_mail(house: House) -> None:
    house.mailer.answers.extend([_BUSY, _BUSY])
    await house.worker.run_one()
    view = await house.view()
    assert (view.state, view.attempts, view.answer) == (InvitationState.QUEUED, 1, "450 busy")
    assert not await house.worker.run_one()
    for wait_s in (5, 10):
        house.clock.advance(timedelta(seconds=wait_s))
        assert await house.worker.run_one()
    view = await house.view()
    assert (view.state, view.attempts) == (InvitationState.SENT, 3)
    assert len({mail.message_id for mail in house.mailer.sent}) == 1


async def test_a_final_refusal_fails_at_once_in_the_servers_words(house: House) -> None:
    house.mailer.answers.append(_REFUSED)
    await house.worker.run_one()
    house.clock.advance(timedelta(days=1))
    assert not await house.worker.run_one()
    view = await house.view()
    assert (view.state, view.answer) == (InvitationState.FAILED, "550 no such user")
    assert await house.events() == ["invitation.failed"]


async def test_a_mail_server_that_stays_away_fails_it_in_the_end(house: House) -> None:
    house.mailer.answers.extend([_BUSY] * 100)
    while await house.worker.run_one():
        house.clock.advance(timedelta(hours=1))
    assert len(house.mailer.sent) == ATTEMPTS
    assert (await house.view()).state is InvitationState.FAILED
    assert house.clock.now() - START == ATTEMPTS * timedelta(hours=1)


async def test_a_resend_is_another_mail(house: House) -> None:
    house.mailer.answers.append(_REFUSED)
    await house.worker.run_one()
    await house.resend()
    assert (await house.view()).state is InvitationState.QUEUED
    await house.worker.run_one()
    assert (await house.view()).state is InvitationState.SENT
    assert len({mail.message_id for mail in house.mailer.sent}) == 2


async def test_the_answer_to_an_older_mail_says_nothing_of_a_resent_one(house: House) -> None:
    class ResentMeanwhile(MemoryMailer):
        async def send(self, mail):  # type: ignore[no-untyped-def]
            if not self.sent:
                await house.resend()
            return await super().send(mail)

    slow = ResentMeanwhile()
    slow.answers.append(_REFUSED)
    sender = InvitationSender(
        house.database, house.clock, slow, house.faults, domain="hilfe.test", changed=house._changed
    )
    house.worker.register(JOB_KIND, sender.run)
    await house.worker.run_one()
    assert (await house.view()).state is InvitationState.QUEUED
    await house.worker.run_one()
    view = await house.view()
    assert (view.state, view.answer) == (InvitationState.SENT, "250 accepted")


async def test_a_withdrawn_invitation_is_not_sent(house: House) -> None:
    async with house.database.transaction() as db:
        await invitations.withdraw(db, _SESSION)
    assert not await house.worker.run_one()
    assert house.mailer.sent == []


@pytest.mark.parametrize("point", FAULT_POINTS)
async def test_dying_at_any_step_leads_to_at_most_one_more_mail(point: str, house: House) -> None:
    house.faults.die_at = point
    with pytest.raises(Stopped):
        await house.worker.run_one()
    house.clock.advance(LEASE)
    assert await house.worker.run_one()
    assert not await house.worker.run_one()
    assert (await house.view()).state is InvitationState.SENT
    assert len(house.mailer.sent) == (2 if point == "mail.after_send" else 1)
    assert len({mail.message_id for mail in house.mailer.sent}) == 1
    assert await house.events() == ["invitation.sent"]


async def test_dying_again_and_again_while_sending_sends_no_third_mail(house: House) -> None:
    for _ in range(2):
        house.faults.die_at = "mail.after_send"
        with pytest.raises(Stopped):
            await house.worker.run_one()
        house.clock.advance(LEASE)
    assert await house.worker.run_one()
    assert not await house.worker.run_one()
    view = await house.view()
    assert (view.state, view.answer) == (InvitationState.FAILED, UNKNOWN_END)
    assert len(house.mailer.sent) == 2
    await house.resend()
    await house.worker.run_one()
    assert (await house.view()).state is InvitationState.SENT


async def test_states_tell_of_the_sessions_that_have_an_invitation(house: House) -> None:
    async with house.database.reading() as db:
        found = await invitations.states(db, [_SESSION, "unknown"])
    assert found == {_SESSION: (InvitationState.QUEUED, "", _FACTS.link)}


async def test_an_unknown_invitation_is_not_found(database: Database) -> None:
    async with database.reading() as db:
        with pytest.raises(NotFound):
            await invitations.view(db, "unknown")
