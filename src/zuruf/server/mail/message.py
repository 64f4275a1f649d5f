"""Makes the RFC 5322 message of a mail: text and HTML, no header that a value could break out of."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from zuruf.server.ports import Mail


def message(mail: Mail, sender: str) -> EmailMessage:
    """Return the message. Raises ValueError for a line break in a header's value."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = mail.recipient
    made["Subject"] = mail.subject
    made["Message-ID"] = mail.message_id
    made["Date"] = formatdate(usegmt=True)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notices in answer
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made
