"""What a WebSocket peer without admission can make the server keep; a real uvicorn, run as ``zuruf serve`` runs it."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.frames import Frame, Opcode

from zuruf.protocol.limits import RELAY_MESSAGE_MAX
from zuruf.server.cli import uvicorn_config
from zuruf.server.settings import Settings, SmtpSettings
from zuruf.server.websocket_protocol import BoundedWebSocketProtocol, _header

FLOOD = 32 * 1024 * 1024
KEPT_MAX = 1024 * 1024
PATIENCE_S = 30


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message["bytes"]})


@dataclass
class Running:
    port: int
    server: uvicorn.Server

    @property
    def protocol(self) -> BoundedWebSocketProtocol:
        (found,) = self.server.server_state.connections
        assert isinstance(found, BoundedWebSocketProtocol)
        return found


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    listener = socket.create_server(("127.0.0.1", 0))
    settings = Settings(_env_file=None, data_dir=tmp_path, smtp=SmtpSettings(_env_file=None))
    server = uvicorn.Server(uvicorn_config(echo, settings))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield Running(listener.getsockname()[1], server)
    server.should_exit = True
    await serving
    listener.close()


async def handshake(port: int) -> socket.socket:
    """A socket that is through with the handshake and never reads again."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(peer, ("127.0.0.1", port))
    await loop.sock_sendall(
        peer,
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
    )
    assert b" 101 " in await loop.sock_recv(peer, 4096)
    return peer


def frame(first: int, payload: bytes) -> bytes:
    return struct.pack("!BB4x", first, 0x80 | len(payload)) + payload


async def test_whoever_pings_without_reading_is_cut_off_and_little_is_kept(running: Running) -> None:
    peer = await handshake(running.port)
    transport, loop = running.protocol.transport, asyncio.get_running_loop()
    pings, most = frame(0x89, bytes(125)) * 500, 0

    async def flood() -> None:
        nonlocal most
        for _ in range(FLOOD // len(pings)):
            await loop.sock_sendall(peer, pings)
            most = max(most, transport.get_write_buffer_size())

    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        await asyncio.wait_for(flood(), PATIENCE_S)
    peer.close()
    assert most < KEPT_MAX


async def test_empty_fragments_are_not_kept(running: Running) -> None:
    async with connect(f"ws://127.0.0.1:{running.port}/", compression=None) as peer:

        async def fragments() -> AsyncIterator[bytes]:
            yield b"a"
            for _ in range(1000):
                yield b""
            await (await peer.ping())
            assert len(running.protocol.frames) == 1
            yield b"b"

        await peer.send(fragments())
        assert await peer.recv() == b"ab"


async def test_pings_and_the_longest_message_are_answered(running: Running) -> None:
    async with connect(f"ws://127.0.0.1:{running.port}/", compression=None) as peer:
        for _ in range(100):
            await (await peer.ping())
        await peer.send(bytes(RELAY_MESSAGE_MAX))
        assert len(await peer.recv()) == RELAY_MESSAGE_MAX
        await peer.send(bytes(RELAY_MESSAGE_MAX + 1))
        await peer.wait_closed()
        assert peer.close_code == 1009


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 1 << 20])
def test_our_own_header_is_the_librarys(length: int) -> None:
    data = bytes(length)
    assert _header(length) + data == Frame(Opcode.BINARY, data).serialize(mask=False)
