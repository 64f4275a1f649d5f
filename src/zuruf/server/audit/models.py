"""Tables of the audit log: the chain, and beside it the payload that may be erased."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zuruf.server.db import Base, UtcDateTime, new_id


class AuditEntry(Base):
    """One link of a company's chain. ``commitment`` stands for the payload; ``hash`` covers everything here."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("company_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id"), index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditPayload(Base):
    """Who and what, as JSON, with the salt of its commitment. Deleting a row leaves the chain whole."""

    __tablename__ = "audit_payloads"

    entry_id: Mapped[str] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    session_id: Mapped[str | None] = mapped_column(String(36), index=True)
    payload: Mapped[str] = mapped_column(Text)


class AuditHead(Base):
    """The newest link of each company's chain; its row is the lock that serialises appends."""

    __tablename__ = "audit_heads"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
