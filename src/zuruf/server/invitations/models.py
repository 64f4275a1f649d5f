"""Table of invitations."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from zuruf.server.db import Base, UtcDateTime


class Invitation(Base):
    """The mail of one session and what became of it. ``facts`` are what its text is made of, as JSON; no secret."""

    __tablename__ = "invitations"

    session_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(36))
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    facts: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    round: Mapped[int] = mapped_column(Integer, default=1)
    """Rises with every resend: another mail, with a Message-ID of its own."""
    unfinished: Mapped[int] = mapped_column(Integer, default=0)
    """Attempts of this round that were begun and of whose end nothing is known: the server died in between."""
    answer: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
