"""Tables of sessions, their slots and connections."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from zuruf.server.db import Base, UtcDateTime, new_id


class Session(Base):
    """One support session. Columns named as in ``machine.SessionData`` are the machine's; it alone changes them."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(10), unique=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    customer_email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    note: Mapped[str] = mapped_column(Text, default="")
    duration_s: Mapped[int] = mapped_column(Integer)
    link_lifetime_s: Mapped[int] = mapped_column(Integer)

    state: Mapped[str] = mapped_column(String(16), index=True)
    prepared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    app_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal_code: Mapped[str | None] = mapped_column(String(16))
    refusal_detail: Mapped[str | None] = mapped_column(String(80))
    refusal_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_id: Mapped[str | None] = mapped_column(String(36))
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_tries_left: Mapped[int] = mapped_column(Integer, default=0)
    code_entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_id: Mapped[str | None] = mapped_column(String(36))
    last_try_run_id: Mapped[str | None] = mapped_column(String(36))
    host_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    paired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hostname: Mapped[str | None] = mapped_column(String(200))
    system: Mapped[str | None] = mapped_column(String(200))
    app_version: Mapped[str | None] = mapped_column(String(200))
    host_online: Mapped[bool] = mapped_column(Boolean, default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    end_reason: Mapped[str | None] = mapped_column(String(16))
    removal: Mapped[str] = mapped_column(String(16))
    removal_receipt: Mapped[str | None] = mapped_column(Text)
    """The JSON text that the host signed, letter by letter."""
    removal_signature: Mapped[bytes | None] = mapped_column(LargeBinary(64))


class UserSlot(Base):
    """A place for one open session of a user. Free where ``session_id`` is NULL; claimed by conditional UPDATE."""

    __tablename__ = "user_slots"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(String(36), index=True)


class CompanySlot(Base):
    """A place for one open session of a company."""

    __tablename__ = "company_slots"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(String(36), index=True)


class Connection(Base):
    """One use of one tool, from its request to its end."""

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    tool: Mapped[str] = mapped_column(String(20))
    epoch: Mapped[int] = mapped_column(BigInteger)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the host was asked to dial."""
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(String(16))


class Ticket(Base):
    """Admission to one socket, once. Only the hash is kept, and the row goes with its use."""

    __tablename__ = "tickets"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    user_id: Mapped[str] = mapped_column(String(36))
    connection_id: Mapped[str | None] = mapped_column(String(36))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
