"""Error codes that a person may see; ``docs/errors.md`` explains each. One list for server, host and browser."""

from enum import StrEnum


class Code(StrEnum):
    """``ZRF-`` and three digits: 1 sign-in, 2 sessions, 3 pairing, 4 connections, 5 the app, 6 mail, 9 general."""

    NOT_SIGNED_IN = "ZRF-101"
    WRONG_CREDENTIALS = "ZRF-102"
    TOO_MANY_ATTEMPTS = "ZRF-103"
    FORBIDDEN = "ZRF-104"
    WRONG_ORIGIN = "ZRF-105"

    SESSION_NOT_FOUND = "ZRF-201"
    USER_LIMIT_REACHED = "ZRF-202"
    COMPANY_LIMIT_REACHED = "ZRF-203"
    SESSION_ENDED = "ZRF-204"
    WRONG_STATE = "ZRF-205"
    LINK_LAPSED = "ZRF-206"

    NO_CODE_LIVE = "ZRF-301"
    CODE_DEAD = "ZRF-302"
    WRONG_CODE = "ZRF-303"
    ANOTHER_APP_PAIRS = "ZRF-304"
    TECHNICIAN_AWAY = "ZRF-305"
    PAIRING_TIMEOUT = "ZRF-306"
    APP_TOO_OLD = "ZRF-307"
    HANDSHAKE_BROKEN = "ZRF-308"

    TICKET_INVALID = "ZRF-401"
    TOOL_NOT_IN_PLAN = "ZRF-402"
    HOST_OFFLINE = "ZRF-403"
    WRONG_PASSWORD = "ZRF-404"  # noqa: S105
    PASSWORD_PAUSE = "ZRF-405"  # noqa: S105
    PASSWORD_CLOSED = "ZRF-406"  # noqa: S105
    CUSTOMER_REFUSED = "ZRF-407"
    PEER_LEFT = "ZRF-408"
    MESSAGE_TOO_LARGE = "ZRF-409"
    TOOL_NOT_AVAILABLE = "ZRF-410"

    NOT_ADMINISTRATOR = "ZRF-501"
    HOST_ALREADY_INSTALLED = "ZRF-502"
    SYSTEM_TOO_OLD = "ZRF-503"
    NO_CONNECTION = "ZRF-504"
    UNKNOWN_NUMBER = "ZRF-505"
    NO_SCREEN = "ZRF-506"

    MAIL_FAILED = "ZRF-601"

    BAD_INPUT = "ZRF-901"
    MALFORMED_MESSAGE = "ZRF-902"
    INTERNAL = "ZRF-903"
    NOT_FOUND = "ZRF-904"


class CloseCode:
    """WebSocket close codes of ours (RFC 6455 7.4.2 leaves 4000–4999 to applications)."""

    MALFORMED = 4400
    NOT_ADMITTED = 4401
    WRONG_ORIGIN = 4403
    PARTNER_MISSING = 4408
    REPLACED = 4409
    SESSION_ENDED = 4410
    TOO_LARGE = 4413
    TOO_MANY = 4429
    PARTNER_LEFT = 4490
