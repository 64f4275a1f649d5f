"""Whose desktop is the customer's, when several people may be signed in to one computer. Pure; ``session_probe`` looks.

Switching users, locking, signing out, remote desktops: what counts is who sits there now. On a computer that several
people use at once over remote desktops, a stranger's desktop is never taken for the customer's.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Session(NamedTuple):
    """One session of Windows. ``user``: ``DOMAIN\\name``, empty where nobody is signed in."""

    id: int
    active: bool
    """Somebody is connected to it, at the console or from afar; also while it is locked."""
    user: str


def choose(sessions: Sequence[Session], console: int | None, customer: str) -> int | None:
    """Return the session the customer sits at; None while nobody does.

    ``console``: the session at the computer's own screen. ``customer``: who installed the app, empty where unknown.
    """
    used = [session for session in sessions if session.active and session.user]
    own = [session.id for session in used if session.user.casefold() == customer.casefold()]
    if own:
        return console if console in own else own[0]
    if any(session.id == console for session in used):
        return console
    # Away from the console, only where it cannot be somebody else's.
    return used[0].id if len(used) == 1 and not customer else None
