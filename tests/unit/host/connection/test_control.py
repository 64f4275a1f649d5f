"""The control socket: silence, restarts, and what the server may not do."""

import asyncio
import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.host.house import House
from tests.support.host.server import FakeServer
from tests.unit.host.test_session import finished, stopping
from zuruf.host.connection.link import Link
from zuruf.host.transport import BadAddress, Patience, Transport
from zuruf.protocol import control
from zuruf.protocol.codec import encode
from zuruf.protocol.limits import CONTROL_PING_INTERVAL_S, CONTROL_PING_TIMEOUT_S


class Hole:
    """A network path in front of the server that can swallow everything without closing anything."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def listen(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def swallow(self) -> None:
        self._open.clear()

    def heal(self) -> None:
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        near, far = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._writers += [writer, far]
        await asyncio.gather(self._pump(reader, far), self._pump(near, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
            writer.close()

    async def close(self) -> None:
        assert self._server is not None
        self._open.set()
        for writer in self._writers:
            writer.close()
        self._server.close()
        await self._server.wait_closed()


async def test_a_half_open_socket_is_noticed_and_dialled_again(house: House, server: FakeServer) -> None:
    hole = Hole(int(server.url.rsplit(":", 1)[1]))
    house.server_url = await hole.listen()
    house.patience = Patience(ping_interval_s=0.2, ping_timeout_s=0.3, dial_s=0.5, hello_s=0.5)
    async with stopping(house.start()):
        await server.next_report("active")
        hole.swallow()
        await house.customer.sees(lambda view: view.link is Link.OFFLINE)
        hole.heal()
        await house.customer.sees(lambda view: view.link is Link.ONLINE)
    await hole.close()


def test_the_shipped_patience_notices_a_half_open_socket_in_time() -> None:
    patience = Patience()
    assert patience.ping_interval_s + patience.ping_timeout_s < 45
    assert (patience.ping_interval_s, patience.ping_timeout_s) == (CONTROL_PING_INTERVAL_S, CONTROL_PING_TIMEOUT_S)


async def test_an_end_that_was_pushed_twice_is_one(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    socket = await server.host()
    for reason in ("customer", "technician"):
        await socket.send(encode(control.End(reason=reason)))
    receipt = await server.next_report("removed")
    assert receipt["reason"] == "customer"
    assert await finished(host) == 0


async def test_unaccepted_reports_of_the_end_cost_a_bounded_time(house: House, server: FakeServer) -> None:
    house.patience = Patience(farewell_s=0.2)
    host = house.start()
    await server.next_report("active")
    await house.customer.sees(lambda view: view.link is Link.ONLINE)
    server.accept_reports = False
    await (await server.host()).send(encode(control.End(reason="technician")))
    assert await finished(host) == 0
    assert house.left_behind() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nonsense=st.one_of(st.binary(max_size=20_000), st.text(max_size=50)))
async def test_nonsense_instead_of_a_welcome_is_survived(
    house: House, server: FakeServer, nonsense: bytes | str
) -> None:
    server.welcome = nonsense
    async with stopping(house.start() if not house.left_behind() else house.resume()):
        await server.refused_a_host()
        server.welcome = None
        await server.host()
        await house.customer.sees(lambda view: view.link is Link.ONLINE)
    server.host_arrived.clear()


@pytest.mark.parametrize("server_url", ["", "ftp://x", "https://", "http://x/?q=1", "x"])
def test_an_address_that_is_none_is_refused(server_url: str) -> None:
    with pytest.raises(BadAddress):
        Transport(server_url, allow_plain=True)


def test_a_build_for_operators_refuses_an_address_without_tls() -> None:
    with pytest.raises(BadAddress):
        Transport("http://127.0.0.1:8080")


async def test_a_relay_without_tls_is_refused_behind_a_server_with_tls() -> None:
    with pytest.raises(BadAddress):
        await Transport("https://127.0.0.1:1").dial("ws://127.0.0.1:1/ws/relay", 100)
