"""Ways for a mail to leave: SMTP, or a folder where no SMTP is configured."""

import asyncio
from pathlib import Path

import aiosmtplib

from zuruf.server.mail.message import message
from zuruf.server.ports import Mail, MailResult
from zuruf.server.settings import SmtpSettings

_ATTEMPT_S = 60.0
"""Well below the lease of the job that sends."""


def _refusal(code: int, answer: str) -> MailResult:
    return MailResult(False, final=500 <= code < 600, answer=f"{code} {answer}")


class SmtpMailer:
    """Sends through one SMTP server (RFC 5321). 5xx answers are final, everything else may be tried again."""

    local_outbox = False

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, mail: Mail) -> MailResult:
        """Try once."""
        try:
            async with asyncio.timeout(_ATTEMPT_S):
                return MailResult(True, final=True, answer=await self._send(mail))
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refusal(error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            return _refusal(error.code, error.message)
        except (aiosmtplib.SMTPNotSupported, ValueError) as error:
            return MailResult(False, final=True, answer=str(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            return MailResult(False, final=False, answer=str(error) or type(error).__name__)

    async def _send(self, mail: Mail) -> str:
        s = self._settings
        _, answer = await aiosmtplib.send(
            message(mail, s.sender),
            hostname=s.host,
            port=s.port,
            username=s.username or None,
            password=s.password.get_secret_value() or None,
            use_tls=s.security == "tls",
            start_tls=s.security == "starttls",
            timeout=s.timeout_s,
        )
        return answer


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
            await asyncio.to_thread(self._write, name, bytes(message(mail, self._sender)))
        except ValueError as error:
            return MailResult(False, final=True, answer=str(error))
        except OSError as error:
            return MailResult(False, final=False, answer=str(error))
        return MailResult(True, final=True, answer=f"outbox: {name}")

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self._folder / f".{name}.new"
        temporary.write_bytes(content)
        temporary.replace(self._folder / name)
