"""What every WebSocket endpoint shares: a rate limit, exact Origin, binary messages only. Not for their meaning."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import CloseCode
from zuruf.server.auth.dependencies import client_address
from zuruf.server.auth.limits import RateLimits, network_of
from zuruf.server.errors import TooMany


class SocketLimit:
    """Refuses a handshake (HTTP 403) where its address opens too many sockets. ASGI middleware of the routes."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through, or close before anything is accepted."""
        try:
            self._limits.hit("socket_address", network_of(client_address(HTTPConnection(scope))))
        except TooMany:
            await receive()
            await send({"type": "websocket.close", "code": CloseCode.TOO_MANY})
            return
        await self._app(scope, receive, send)


async def require_own_origin(socket: WebSocket, origin: str) -> bool:
    """A browser's socket: exactly our origin, or the handshake is refused (HTTP 403). Returns whether it is."""
    if socket.headers.get("origin") == origin:
        return True
    await socket.close(CloseCode.WRONG_ORIGIN)
    return False


async def require_no_origin(socket: WebSocket) -> bool:
    """The app's socket: no browser may open it, and every browser sends an Origin. Returns whether there is none."""
    if "origin" not in socket.headers:
        return True
    await socket.close(CloseCode.WRONG_ORIGIN)
    return False


async def receive(socket: WebSocket) -> bytes:
    """Return the next message. Raises ProtocolError for text, WebSocketDisconnect at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    data = message.get("bytes")
    if data is None:
        raise ProtocolError("text where binary was expected")
    assert isinstance(data, bytes)
    return data
