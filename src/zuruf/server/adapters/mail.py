"""Ways for a mail to leave: SMTP, or a folder where no SMTP is configured."""

import asyncio
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

import aiosmtplib

from zuruf.server.ports import Mail, MailResult
from zuruf.server.settings import SmtpSettings


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


class SmtpMailer:
    """Sends through one SMTP server (RFC 5321). 5xx answers are final, everything else may be tried again."""

    local_outbox = False

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, mail: Mail) -> MailResult:
        """Try once."""
        s = self._settings
        try:
            _, answer = await aiosmtplib.send(
                _message(mail, s.sender),
                hostname=s.host,
                port=s.port,
                username=s.username or None,
                password=s.password.get_secret_value() or None,
                use_tls=s.security == "tls",
                start_tls=s.security == "starttls",
                timeout=s.timeout_s,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            return MailResult(False, final=500 <= refused.code < 600, answer=f"{refused.code} {refused.message}")
        except aiosmtplib.SMTPResponseException as error:
            return MailResult(False, final=500 <= error.code < 600, answer=f"{error.code} {error.message}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return MailResult(False, final=False, answer=str(error) or type(error).__name__)
        return MailResult(True, final=True, answer=answer)


class OutboxMailer:
    """Writes each mail as a file (RFC 5322) into a folder that only the server's user reads."""

    local_outbox = True

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> MailResult:
        """Write the file; the same Message-ID again replaces it."""
        name = mail.message_id.strip("<>").split("@")[0] + ".eml"
        try:
            await asyncio.to_thread(self._write, name, bytes(_message(mail, self._sender)))
        except OSError as error:
            return MailResult(False, final=False, answer=str(error))
        return MailResult(True, final=True, answer=f"outbox: {name}")

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self._folder / f".{name}.new"
        temporary.write_bytes(content)
        temporary.replace(self._folder / name)
