"""What routes ask for: the caller, the exact Origin on requests that change something, the caller's address."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection

from zuruf.protocol.codes import Code
from zuruf.server.auth.service import AuthService, Principal
from zuruf.server.errors import Forbidden, Unauthenticated

COOKIE = "zuruf_session"
_cookie = APIKeyCookie(name=COOKIE, scheme_name="web session", auto_error=False)


def client_address(connection: HTTPConnection) -> str:
    """The caller's address; behind a trusted proxy uvicorn has already put the right one there."""
    return connection.client.host if connection.client else "unknown"


def require_origin(request: Request) -> None:
    """Raise Forbidden unless the request carries exactly our origin."""
    if request.headers.get("origin") != request.app.state.context.origin:
        raise Forbidden(Code.WRONG_ORIGIN)


async def current_principal(request: Request, token: Annotated[str | None, Depends(_cookie)]) -> Principal:
    """Return the caller. Raises Unauthenticated."""
    if not token or len(token) > 100:
        raise Unauthenticated(Code.NOT_SIGNED_IN)
    auth: AuthService = request.app.state.context.auth
    return await auth.authenticate(token)


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]
SameOrigin = Depends(require_origin)
Address = Annotated[str, Depends(client_address)]
