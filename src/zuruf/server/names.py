"""Checks names that people are shown: one printable line. Not for e-mail addresses."""

from zuruf.protocol.codes import Code
from zuruf.server.errors import ServerError

_LONGEST = 120


def checked_name(text: str) -> str:
    """Return a name that can stand in a list and in a mail's subject. Raises ServerError BAD_INPUT."""
    name = text.strip()
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise ServerError(Code.BAD_INPUT, field="name", reason="empty, too long, or with control characters")
    return name
