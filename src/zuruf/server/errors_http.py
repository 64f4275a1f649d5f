"""Turns every error into the one JSON shape of the API: code, English sentence, parameters. Never a stack trace."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from zuruf.protocol.codes import Code
from zuruf.server.errors import ServerError, TooMany

_log = structlog.get_logger(__name__)

SENTENCES = {
    Code.NOT_SIGNED_IN: "Please sign in.",
    Code.WRONG_CREDENTIALS: "E-mail address or password is wrong.",
    Code.TOO_MANY_ATTEMPTS: "Too many attempts. Please wait and try again.",
    Code.FORBIDDEN: "You may not do this.",
    Code.WRONG_ORIGIN: "The request did not come from this site.",
    Code.SESSION_NOT_FOUND: "There is no such session.",
    Code.USER_LIMIT_REACHED: "You have an open session already. End it before preparing another.",
    Code.COMPANY_LIMIT_REACHED: "Your company has reached its number of open sessions.",
    Code.SESSION_ENDED: "The session has ended.",
    Code.WRONG_STATE: "This does not fit the session's present state.",
    Code.TOOL_NOT_IN_PLAN: "Your plan does not include this tool.",
    Code.HOST_OFFLINE: "The customer's PC is not connected at the moment. The session goes on.",
    Code.BAD_INPUT: "Something in the request is not valid.",
    Code.NOT_FOUND: "There is nothing here.",
    Code.INTERNAL: "Something went wrong on the server. Nothing was lost; please try again.",
}


def _answer(
    status: int, code: Code, params: dict[str, str | int], headers: dict[str, str] | None = None
) -> JSONResponse:
    body = {"code": code.value, "message": SENTENCES.get(code, code.value), "params": params}
    return JSONResponse(body, status_code=status, headers=headers)


async def _server_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServerError)
    headers = {"Retry-After": str(error.params["retry_after_s"])} if isinstance(error, TooMany) else None
    return _answer(error.status, error.code, error.params, headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = sorted({".".join(str(part) for part in item["loc"][1:]) for item in error.errors()})
    return _answer(422, Code.BAD_INPUT, {"field": ", ".join(fields)[:200]})


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = Code.NOT_FOUND if error.status_code in (404, 405) else Code.BAD_INPUT
    return _answer(error.status_code, code, {}, dict(error.headers) if error.headers else None)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.error("request.failed", path=request.url.path, exc_info=error)
    return _answer(500, Code.INTERNAL, {})


def install(app: FastAPI) -> None:
    """Answer every exception of this app."""
    app.add_exception_handler(ServerError, _server_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
