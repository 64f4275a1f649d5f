"""What every WebSocket endpoint shares: exact Origin, binary messages only. Not for what the messages mean."""

from starlette.websockets import WebSocket, WebSocketDisconnect

from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import CloseCode


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
