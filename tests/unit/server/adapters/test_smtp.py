"""Mail through a real SMTP server, and what the server says to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from zuruf.server.adapters.mail import SmtpMailer
from zuruf.server.ports import Mail
from zuruf.server.settings import SmtpSettings

_MAIL = Mail("karla@kunde.test", "Hilfe", "Text", "<p>HTML</p>", "<1.2@zuruf.test>")


@dataclass
class Inbox:
    """aiosmtpd's handler: keeps the mails, and answers at each step as told."""

    to_recipient: str = "250 OK"
    to_data: str = "250 accepted as 42"
    mails: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.to_data.startswith("2"):
            self.mails.append(envelope)
        return self.to_data


@asynccontextmanager
async def _serving(protocol: Callable[[], asyncio.BaseProtocol], port: int = 0) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def _smtp(inbox: Inbox, port: int = 0) -> AsyncIterator[int]:
    async with _serving(lambda: SMTP(inbox, enable_SMTPUTF8=False), port) as used:
        yield used


def _mailer(port: int, **more: object) -> SmtpMailer:
    values = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "Zuruf <z@hilfe.test>"} | more
    return SmtpMailer(SmtpSettings(_env_file=None, **values))


async def test_an_accepted_mail_is_delivered_with_the_servers_answer() -> None:
    inbox = Inbox()
    async with _smtp(inbox) as port:
        result = await _mailer(port).send(_MAIL)
    (envelope,) = inbox.mails
    assert (result.delivered, result.answer) == (True, "accepted as 42")
    assert (envelope.mail_from, envelope.rcpt_tos) == ("z@hilfe.test", ["karla@kunde.test"])
    assert b"Message-ID: <1.2@zuruf.test>" in envelope.content


@pytest.mark.parametrize(
    ("inbox", "final", "answer"),
    [
        (Inbox(to_recipient="450 mailbox busy"), False, "450 mailbox busy"),
        (Inbox(to_recipient="550 no such user"), True, "550 no such user"),
        (Inbox(to_data="451 try later"), False, "451 try later"),
        (Inbox(to_data="554 looks like spam"), True, "554 looks like spam"),
    ],
)
async def test_a_refusal_is_final_with_5xx_only_and_told_in_the_servers_words(
    inbox: Inbox, final: bool, answer: str
) -> None:
    async with _smtp(inbox) as port:
        result = await _mailer(port).send(_MAIL)
    assert (result.delivered, result.final, result.answer) == (False, final, answer)


async def test_a_server_that_is_down_may_be_tried_again_and_then_delivers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    mailer, inbox = _mailer(port), Inbox()
    down = await mailer.send(_MAIL)
    assert (down.delivered, down.final) == (False, False)
    assert down.answer != ""
    async with _smtp(inbox, port):
        assert (await mailer.send(_MAIL)).delivered
    assert len(inbox.mails) == 1


async def test_a_server_that_never_says_a_word_is_given_up_for_now() -> None:
    async with _serving(asyncio.Protocol) as port:
        result = await _mailer(port, timeout_s=0.2).send(_MAIL)
    assert (result.delivered, result.final) == (False, False)


async def test_a_server_without_the_demanded_encryption_gets_nothing() -> None:
    inbox = Inbox()
    async with _smtp(inbox) as port:
        result = await _mailer(port, security="starttls").send(_MAIL)
    assert (result.delivered, inbox.mails) == (False, [])
    assert "STARTTLS" in result.answer


async def test_a_mail_that_cannot_be_written_is_never_tried_again() -> None:
    inbox = Inbox()
    async with _smtp(inbox) as port:
        mail = Mail("karla@kunde.test", "a\nBcc: eve@evil.test", "", "", "<1.2@zuruf.test>")
        result = await _mailer(port).send(mail)
    assert (result.delivered, result.final, inbox.mails) == (False, True, [])


async def test_an_address_that_the_server_cannot_spell_is_final() -> None:
    inbox = Inbox()
    async with _smtp(inbox) as port:
        result = await _mailer(port).send(Mail("kärla@kunde.test", "Hilfe", "Text", "", "<1.2@zuruf.test>"))
    assert (result.delivered, result.final, inbox.mails) == (False, True, [])
