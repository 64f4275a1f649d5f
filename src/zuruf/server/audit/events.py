"""What is audited. Every action of consequence has its name here."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """Names are stable: they are hashed into the chain."""

    COMPANY_CREATED = "company.created"
    USER_CREATED = "user.created"
    USER_PASSWORD_SET = "user.password_set"  # noqa: S105
    SIGNED_IN = "auth.signed_in"
    SIGN_IN_FAILED = "auth.sign_in_failed"
    SIGNED_OUT = "auth.signed_out"
    SESSION_PREPARED = "session.prepared"
    INVITATION_SENT = "invitation.sent"
    INVITATION_FAILED = "invitation.failed"
    INVITATION_RESENT = "invitation.resent"
    CODE_ISSUED = "session.code_issued"
    CODE_DIED = "session.code_died"
    PAIRING_FAILED = "session.pairing_failed"
    HOST_REGISTERED = "session.host_registered"
    SESSION_ACTIVATED = "session.activated"
    APP_REFUSED = "session.app_refused"
    CONNECTION_REQUESTED = "connection.requested"
    CONNECTION_OPENED = "connection.opened"
    CONNECTION_CLOSED = "connection.closed"
    CONNECTION_REFUSED = "connection.refused"
    SESSION_ENDED = "session.ended"
    HOST_REMOVED = "session.host_removed"
    PAYLOAD_ERASED = "audit.payload_erased"
