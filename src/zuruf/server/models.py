"""Imports every feature's tables, so that the metadata is whole. For migrations only."""

from zuruf.server.audit.models import AuditEntry, AuditHead, AuditPayload
from zuruf.server.auth.models import WebSession
from zuruf.server.companies.models import Company
from zuruf.server.invitations.models import Invitation
from zuruf.server.jobs.models import Job
from zuruf.server.sessions.models import CompanySlot, Connection, Session, Ticket, UserSlot
from zuruf.server.users.models import User

__all__ = [
    "AuditEntry", "AuditHead", "AuditPayload", "Company", "CompanySlot", "Connection", "Invitation", "Job",
    "Session", "Ticket", "User", "UserSlot", "WebSession",
]  # fmt: skip
