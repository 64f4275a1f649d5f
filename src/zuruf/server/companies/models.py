"""Table of companies."""

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from zuruf.server.db import Base, UtcDateTime, new_id


class Company(Base):
    """A tenant. The limits are the plan's business; ``*_limit`` hold what it grants this company."""

    __tablename__ = "companies"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    locale: Mapped[str] = mapped_column(String(2), default="de")
    plan: Mapped[str] = mapped_column(String(16), default="basic")
    insight: Mapped[bool] = mapped_column(Boolean, default=False)
    user_session_limit: Mapped[int] = mapped_column(Integer, default=1)
    company_session_limit: Mapped[int] = mapped_column(Integer, default=5)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
