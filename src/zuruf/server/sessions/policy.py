"""Who may do what with a session. A session of another company does not exist for the caller."""

from zuruf.protocol.codes import Code
from zuruf.server.auth.service import Principal
from zuruf.server.errors import Forbidden, NotFound
from zuruf.server.sessions.models import Session
from zuruf.server.users.service import Role


def require_read(principal: Principal, row: Session | None) -> Session:
    """Users of the company may read. Raises NotFound."""
    if row is None or row.company_id != principal.company.id:
        raise NotFound(Code.SESSION_NOT_FOUND)
    return row


def require_owner(principal: Principal, row: Session | None) -> Session:
    """Only the owner may pair, connect and send mail. Raises NotFound, Forbidden."""
    found = require_read(principal, row)
    if found.user_id != principal.user.id:
        raise Forbidden(Code.FORBIDDEN)
    return found


def require_end(principal: Principal, row: Session | None) -> Session:
    """The owner may end, and so may the company's administrators. Raises NotFound, Forbidden."""
    found = require_read(principal, row)
    if found.user_id != principal.user.id and principal.user.role is not Role.ADMINISTRATOR:
        raise Forbidden(Code.FORBIDDEN)
    return found
