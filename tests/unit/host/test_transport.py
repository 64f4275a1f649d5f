"""Whom the host trusts on the network."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.certificate import certificate
from tests.support.host.house import House
from tests.support.host.server import NUMBER, FakeServer
from tests.unit.host.test_session import finished, stopping
from zuruf.host.transport import BadAddress, NoServer, Patience, Transport, Unreachable
from zuruf.protocol.codes import Code


@pytest.fixture
def authority(tmp_path: Path) -> tuple[str, ssl.SSLContext]:
    pem, path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return pem, context


@pytest.fixture
async def tls_server(authority: tuple[str, ssl.SSLContext]) -> AsyncIterator[FakeServer]:
    async with FakeServer(tls=authority[1]) as running:
        yield running


async def test_a_session_runs_over_tls_with_the_operators_authority(
    tmp_path: Path, authority: tuple[str, ssl.SSLContext], tls_server: FakeServer
) -> None:
    (tmp_path / "ca.pem").write_text(authority[0])
    house = House(tmp_path / "home", tls_server.url)
    async with stopping(house.start(["123456789"], "--ca", str(tmp_path / "ca.pem"))):
        await tls_server.next_report("active")
        connection_id, ticket = await tls_server.open()
        await tls_server.technician.connect(await tls_server.viewer(ticket), connection_id)
    tls_server.host_arrived.clear()
    (tmp_path / "ca.pem").unlink()
    async with stopping(house.resume()):
        await tls_server.host()


async def test_a_server_that_no_authority_vouches_for_is_not_spoken_to(tmp_path: Path, tls_server: FakeServer) -> None:
    house = House(tmp_path / "home", tls_server.url)
    assert await finished(house.start()) == 4
    assert [problem.code for problem in house.customer.problems] == [Code.NO_CONNECTION]


async def test_another_authority_does_not_vouch_either(tmp_path: Path, tls_server: FakeServer) -> None:
    other = tmp_path / "other"
    other.mkdir()
    transport = Transport(tls_server.url, certificate(other)[0])
    with pytest.raises(NoServer):
        await transport.facts(NUMBER)
    with pytest.raises(ssl.SSLCertVerificationError):
        await transport.dial(transport.socket_url("/ws/host/control"), 1000)


def test_an_authority_that_is_none_is_refused() -> None:
    with pytest.raises(BadAddress):
        Transport("https://127.0.0.1", "no PEM text")


async def test_only_the_servers_own_sockets_are_dialled(server: FakeServer) -> None:
    transport = Transport(server.url, allow_plain=True)
    async with FakeServer() as other:
        own, foreign = (one.url.replace("http", "ws", 1) for one in (server, other))
        for url in (f"{foreign}/ws/relay", own.replace("ws", "wss", 1), own.replace("//", "//user@"), server.url, ""):
            with pytest.raises(BadAddress):
                await transport.dial(url, 1000)
        assert other.requests == []
    socket = await transport.dial(f"{own}/ws/relay", 1000)
    await socket.close()


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("https://127.0.0.1", "wss://127.0.0.1:443/ws/relay"),
        ("https://localhost:443/", "wss://LOCALHOST/ws/relay"),
        ("http://127.0.0.1", "ws://127.0.0.1:80/ws/relay"),
    ],
)
async def test_an_address_with_the_usual_port_is_the_same_server(server: str, url: str) -> None:
    transport = Transport(server, allow_plain=True, patience=Patience(dial_s=0.01))
    with pytest.raises(Unreachable):
        await transport.dial(url, 1000)


@pytest.mark.parametrize("target", [None, "http://[", "ws://127.0.0.1:99999", "gopher://127.0.0.1"])
async def test_a_redirect_leads_nowhere(server: FakeServer, target: str | None) -> None:
    transport = Transport(server.url, allow_plain=True)
    async with FakeServer() as other:
        server.redirect = target or other.url.replace("http", "ws", 1)
        with pytest.raises(Unreachable):
            await transport.dial(transport.socket_url("/ws/host/control"), 1000)
        server.redirect = target or other.url
        with pytest.raises(NoServer):
            await transport.facts(NUMBER)
        assert other.requests == []
    assert len(server.requests) == 2


async def test_facts_that_make_no_sense_are_no_server(server: FakeServer) -> None:
    server.state = 7  # type: ignore[assignment]
    with pytest.raises(NoServer):
        await Transport(server.url, allow_plain=True).facts(NUMBER)


async def test_telling_the_server_something_never_fails_the_host(server: FakeServer) -> None:
    await server.vanish()
    await Transport(server.url, allow_plain=True).tell(NUMBER, "refused", "ZRF-506")
    await server.listen()
