"""Turns every error into the one JSON shape of the API: code, English sentence, parameters. Never a stack trace."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from zuruf.protocol.codes import Code
from zuruf.server.errors import ServerError, TooMany

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


class ErrorOut(BaseModel):
    """Every answer of 400 and above: ``docs/errors.md`` explains the codes, the console translates them."""

    code: str
    message: str
    params: dict[str, str | int]


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": description}
    for status, description in {
        400: "Not valid",
        401: "Not signed in",
        403: "Not allowed",
        404: "Not there",
        405: "Not this method",
        409: "Does not fit the present state",
        413: "Too large",
        422: "Not valid",
        429: "Too many attempts",
    }.items()
}
"""For the routers: what the OpenAPI document says of errors."""


def answer(
    status: int, code: Code, params: dict[str, str | int], headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the answer to a request that did not succeed."""
    body = {"code": code.value, "message": SENTENCES.get(code, code.value), "params": params}
    return JSONResponse(body, status_code=status, headers=headers)


async def _server_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServerError)
    headers = {"Retry-After": str(error.params["retry_after_s"])} if isinstance(error, TooMany) else None
    return answer(error.status, error.code, error.params, headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = sorted({".".join(str(part) for part in item["loc"][1:]) for item in error.errors()})
    return answer(422, Code.BAD_INPUT, {"field": ", ".join(fields)[:200]})


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = Code.NOT_FOUND if error.status_code in (404, 405) else Code.BAD_INPUT
    return answer(error.status_code, code, {}, dict(error.headers) if error.headers else None)


def install(app: FastAPI) -> None:
    """Answer every exception that is meant; ``requests.py`` answers the others."""
    app.add_exception_handler(ServerError, _server_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
