"""Reaches the operator's server: addresses, TLS, the two public requests, WebSockets. Not for what is said on them."""

import asyncio
import http.client
import ipaddress
import json
import logging
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO
from urllib.parse import SplitResult, urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from zuruf.protocol.limits import CONTROL_PING_INTERVAL_S, CONTROL_PING_TIMEOUT_S

log = logging.getLogger(__name__)

_REQUEST_TIMEOUT_S = 10.0
_ANSWER_MAX_BYTES = 64 * 1024

Unreachable = (OSError, TimeoutError, WebSocketException, asyncio.IncompleteReadError)
"""What dialling or using a socket raises when the network or the other end fails."""


_SECURE = {"http": False, "ws": False, "https": True, "wss": True}


class NoServer(Exception):
    """The server did not answer, or not as it should. Text for logs only."""


class BadAddress(ValueError):
    """An address that the host must not dial."""


class PublicFacts(msgspec.Struct):
    """What the number alone tells (``GET /api/v1/public/sessions/{number}``)."""

    session_id: str
    number: str
    company: str
    technician: str
    locale: str
    state: str
    minimum_app_version: str


@dataclass(frozen=True)
class Patience:
    """Seconds the host waits. The defaults notice a half-open socket after at most 35 s."""

    dial_s: float = 10.0
    ping_interval_s: float = CONTROL_PING_INTERVAL_S
    ping_timeout_s: float = CONTROL_PING_TIMEOUT_S
    close_s: float = 0.4
    hello_s: float = 10.0
    handshake_s: float = 20.0
    run_s: float = 75.0
    away_s: float = 2.5
    """Between two attempts while the other end is just arriving: the technician's page, or this app's last socket."""
    partner_s: float = 35.0
    question_s: float = 60.0
    farewell_s: float = 15.0


class Transport:
    """Everything the host dials goes through here, with one TLS context and one idea of whom to trust."""

    def __init__(
        self,
        server: str,
        certificate_authority: str = "",
        *,
        allow_plain: bool = False,
        patience: Patience | None = None,
    ) -> None:
        parts = urlsplit(server)
        self._origin = _origin(parts)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise BadAddress("the server's address must be http(s)://name[:port]")
        self._secure = parts.scheme == "https"
        if not self._secure and not allow_plain:
            raise BadAddress("the server's address must be https")
        self.server = server.rstrip("/")
        self.address = f"{parts.hostname}:{self._origin[2]}"
        """Host and port, for people who look for what blocks the way."""
        self.patience = patience or Patience()
        try:
            self._tls = ssl.create_default_context(cadata=certificate_authority or None)
        except (ssl.SSLError, ValueError) as error:
            raise BadAddress("the certificate authority is no PEM text") from error
        handler = urllib.request.HTTPSHandler(context=self._tls)
        proxies = urllib.request.ProxyHandler({} if _is_loopback(parts.hostname) else None)
        self._opener = urllib.request.build_opener(handler, proxies, _NoRedirects)

    async def facts(self, number: str) -> PublicFacts | None:
        """Return what the number tells, None for an unknown one. Raises NoServer."""
        answer = await asyncio.to_thread(self._request, f"/api/v1/public/sessions/{number}", None)
        if answer is None:
            return None
        try:
            return msgspec.json.decode(answer, type=PublicFacts)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NoServer("facts not understood") from error

    async def tell(self, number: str, kind: str, code: str | None = None, detail: str = "") -> None:
        """Say that the app was started or does not go on. Informational: a failure is nobody's problem."""
        body = {"kind": kind} if code is None else {"kind": kind, "code": code}
        if detail:
            body["detail"] = detail
        try:
            await asyncio.to_thread(self._request, f"/api/v1/public/sessions/{number}/app", json.dumps(body).encode())
        except NoServer:
            return

    def _request(self, path: str, body: bytes | None) -> bytes | None:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        request = urllib.request.Request(self.server + path, data=body, headers=headers)  # noqa: S310 - checked above
        try:
            with self._opener.open(request, timeout=_REQUEST_TIMEOUT_S) as answer:
                data: bytes = answer.read(_ANSWER_MAX_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (404, 422):
                return None
            raise NoServer(f"status {error.code}") from error
        except (OSError, ValueError) as error:
            # A URLError only wraps what happened.
            raise NoServer(str(getattr(error, "reason", error))) from error
        if len(data) > _ANSWER_MAX_BYTES:
            raise NoServer("answer too long")
        return data

    def socket_url(self, path: str) -> str:
        """Return the address of one of the server's sockets."""
        parts = urlsplit(self.server)
        return urlunsplit(("wss" if self._secure else "ws", parts.netloc, parts.path + path, "", ""))

    async def dial(self, url: str, max_message: int, max_queue: int = 8) -> ClientConnection:
        """Open a WebSocket at the server's own origin; follows no redirect.

        Raises one of ``Unreachable``; BadAddress for an address that this host must not dial.
        """
        try:
            parts = urlsplit(url)
            foreign = parts.scheme not in ("ws", "wss") or "@" in parts.netloc or _origin(parts) != self._origin
        except ValueError as error:
            raise BadAddress("no address") from error
        if foreign:
            # Nobody but the operator may make this computer call another one, in its network or outside.
            raise BadAddress("not a WebSocket of the server itself")
        try:
            return await _Connect(
                url,
                ssl=self._tls if self._secure else None,
                proxy=None if _is_loopback(parts.hostname or "") else True,
                compression=None,
                user_agent_header=None,
                open_timeout=self.patience.dial_s,
                ping_interval=self.patience.ping_interval_s,
                ping_timeout=self.patience.ping_timeout_s,
                close_timeout=self.patience.close_s,
                max_size=max_message,
                max_queue=max_queue,
            )
        except Unreachable:
            raise
        except Exception as error:
            # Whatever an answer makes the library stumble over is one more way of not being reachable.
            log.warning("dialling failed: %s: %s", type(error).__name__, error)
            raise ConnectionError("dialling failed") from error


class _Connect(connect):
    """Takes a redirect for the refusal it is: the server's answer must not send this host elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _origin(parts: SplitResult) -> tuple[bool | None, str | None, int]:
    """Return TLS or not, name and port. Raises BadAddress."""
    secure = _SECURE.get(parts.scheme)
    try:
        return secure, parts.hostname, parts.port or (443 if secure else 80)
    except ValueError as error:
        raise BadAddress("no port") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
