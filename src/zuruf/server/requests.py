"""What every HTTP request goes through: a request id, a bound on its body, one line of log, an answer to what breaks.

The line has neither query string, body, cookie nor address. Not for WebSockets: their parts log for themselves.
"""

import time
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zuruf.protocol.codes import Code
from zuruf.server.errors_http import answer

BODY_MAX = 64 * 1024
"""Bytes; the longest body that the API has a use for is a few kilobytes."""
_log = structlog.get_logger(__name__)


class Requests:
    """ASGI middleware, outside of everything but the security headers."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._count = Counter("zuruf_http_requests", "Requests answered", ("method", "status"), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through; whatever breaks is answered with a code."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started = uuid4().hex, time.monotonic()
        status, taken = 0, 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_MAX:
                raise HTTPException(413)  # the one kind that FastAPI lets through while it reads a body
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, bounded, marked)
            except Exception as error:  # noqa: BLE001 - the last resort of every request
                _log.error("request.failed", path=scope["path"], exc_info=error)
                if status == 0:
                    await answer(500, Code.INTERNAL, {})(scope, receive, marked)
            finally:
                self._count.labels(scope["method"] if scope["method"] in _METHODS else "other", status).inc()
                took_ms = round((time.monotonic() - started) * 1000, 1)
                _log.info("request", method=scope["method"], path=scope["path"], status=status, took_ms=took_ms)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
