"""Connections at the host's end, through a real socket in the relay's place."""

import asyncio
import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.support.host.house import House
from tests.support.host.server import FakeServer
from tests.support.host.technician import PRS, WrongPassword
from tests.unit.host.test_session import finished, stopping
from zuruf.host.connection.channel import Activity, Channel
from zuruf.host.connection.channel import Tool as HostTool
from zuruf.host.consent.state import ConsentState
from zuruf.host.ui.port import AllowPasswords, EndSession, SetRights
from zuruf.protocol import control, handshake_messages
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import Code
from zuruf.protocol.handshake_messages import HostRefusal
from zuruf.protocol.limits import RELAY_MESSAGE_MAX


async def test_the_password_opens_a_sealed_channel_to_the_tool(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        connection_id, ticket = await server.open()
        viewer = await server.viewer(ticket)
        channel = await server.technician.connect(viewer, connection_id)
        assert (await server.next(control.ConnectionState)).state == "open"
        await viewer.send(channel.seal(b"hello"))
        record = await viewer.recv()
        assert isinstance(record, bytes)
        assert channel.open(record) == b"echo hello"
        view = await house.customer.sees(lambda view: view.connections != ())
        assert view.connections == (("remote_control", "viewing"),)


async def test_a_viewer_that_leaves_closes_its_connection_only(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        connection_id, ticket = await server.open()
        viewer = await server.viewer(ticket)
        await server.technician.connect(viewer, connection_id)
        assert (await server.next(control.ConnectionState)).state == "open"
        await viewer.close()
        assert (await server.next(control.ConnectionState)).state == "closed"
        view = await house.customer.sees(lambda view: view.connections == ())
        assert view.remaining_s > 0


async def test_several_connections_are_served_at_a_time(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        for _ in range(3):
            connection_id, ticket = await server.open()
            await server.technician.connect(await server.viewer(ticket), connection_id)
        await house.customer.sees(lambda view: len(view.connections) == 3)


@pytest.mark.parametrize("tool", ["file_manager", "dashboard"])
async def test_a_tool_outside_the_plan_is_refused_even_if_the_server_asks(
    house: House, server: FakeServer, tool: str
) -> None:
    async with stopping(house.start()):
        connection_id, _ticket = await server.open(tool)
        refused = await server.next(control.ConnectionRefused)
        assert (refused.connection_id, refused.code) == (connection_id, Code.TOOL_NOT_IN_PLAN)


async def test_a_tool_this_build_does_not_have_is_refused(house: House, server: FakeServer) -> None:
    server.technician.settings.tools = ["remote_control", "dashboard"]
    async with stopping(house.start()):
        await server.open("dashboard")
        assert (await server.next(control.ConnectionRefused)).code == Code.TOOL_NOT_AVAILABLE


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "ws://", "ws://[", "ws://127.0.0.1:x/", "file:///etc/passwd", "ws://127.0.0.1:1/ws/relay"],
)
async def test_a_relay_that_cannot_be_dialled_is_said_so(house: House, server: FakeServer, url: str) -> None:
    async with stopping(house.start()):
        await server.open(relay_url=url)
        assert (await server.next(control.ConnectionRefused)).code == Code.HOST_OFFLINE


async def _guess(server: FakeServer, prs: bytes) -> None:
    connection_id, ticket = await server.open()
    viewer = await server.viewer(ticket)
    try:
        await server.technician.connect(viewer, connection_id, prs=prs)
    finally:
        await viewer.close()


async def _refusal(server: FakeServer) -> HostRefusal:
    _connection_id, ticket = await server.open()
    viewer = await server.viewer(ticket)
    message = handshake_messages.decoder.decode(await viewer.recv())
    assert isinstance(message, HostRefusal)
    return message


async def test_ten_wrong_passwords_bring_a_pause_that_ends(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        for _ in range(10):
            with pytest.raises(WrongPassword):
                await _guess(server, b"wrong" + bytes(59))
        refusal = await _refusal(server)
        assert (refusal.code, refusal.retry_after_s) == (Code.PASSWORD_PAUSE, 300)
        house.clock.advance(300)
        await _guess(server, PRS)


async def test_the_count_of_wrong_passwords_survives_a_restart(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        for _ in range(10):
            with pytest.raises(WrongPassword):
                await _guess(server, b"wrong" + bytes(59))
    server.host_arrived.clear()
    async with stopping(house.resume()):
        assert (await _refusal(server)).code == Code.PASSWORD_PAUSE


async def test_fifty_wrong_passwords_close_connections_until_the_customer_allows(
    house: House, server: FakeServer
) -> None:
    async with stopping(house.start()):
        for round_number in range(5):
            for _ in range(10):
                with pytest.raises(WrongPassword):
                    await _guess(server, b"wrong" + bytes(59))
            if round_number < 4:
                house.clock.advance(300)
        house.clock.advance(3000 - 1200)
        assert (await _refusal(server)).code == Code.PASSWORD_CLOSED
        await house.customer.sees(lambda view: view.passwords_closed)
        house.customer.actions.put_nowait(AllowPasswords())
        await house.customer.sees(lambda view: not view.passwords_closed)
        await _guess(server, PRS)


async def test_the_right_password_costs_no_try(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        for _ in range(12):
            await _guess(server, PRS)


async def test_a_customer_who_wants_to_be_asked_decides(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.host()
        house.customer.actions.put_nowait(SetRights({"ask": True}))
        await house.customer.sees(lambda view: view.rights.ask)
        house.customer.allowed = False
        house.customer.allow_connections.set()
        connection_id, ticket = await server.open()
        viewer = await server.viewer(ticket)
        channel = await server.technician.connect(viewer, connection_id)
        record = await viewer.recv()
        assert isinstance(record, bytes)
        assert channel.open(record) == b"closing " + Code.CUSTOMER_REFUSED.encode()
        assert (await server.next(control.ConnectionRefused)).code == Code.CUSTOMER_REFUSED
        house.customer.allowed = True
        await _guess(server, PRS)
        assert (await server.next(control.ConnectionState)).state == "open"
        assert house.customer.questions == ["remote_control"] * 2


async def test_the_customers_switches_survive_a_restart(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.host()
        house.customer.actions.put_nowait(SetRights({"control": False}))
        await house.customer.sees(lambda view: not view.rights.control)
    async with stopping(house.resume()):
        await house.customer.sees(lambda view: not view.rights.control)


async def test_the_end_of_the_session_tells_every_viewer_why(house: House, server: FakeServer) -> None:
    host = house.start()
    connection_id, ticket = await server.open()
    viewer = await server.viewer(ticket)
    channel = await server.technician.connect(viewer, connection_id)
    await house.customer.sees(lambda view: view.connections != ())
    house.customer.actions.put_nowait(EndSession())
    record = await viewer.recv()
    assert isinstance(record, bytes)
    assert channel.open(record) == b"closing " + Code.SESSION_ENDED.encode()
    with pytest.raises(ConnectionClosed):
        await viewer.recv()
    assert await finished(host) == 0


async def test_a_viewer_that_reads_nothing_cannot_hold_up_the_end(house: House, server: FakeServer) -> None:
    async def flood(channel: Channel, _consent: ConsentState, _activity: Activity) -> None:
        while True:
            await channel.send(bytes(RELAY_MESSAGE_MAX - 16))

    house.tools["remote_control"] = HostTool(serve=flood, closing=lambda code: code.encode())
    host = house.start()
    connection_id, ticket = await server.open()
    viewer = await server.viewer(ticket)
    await server.technician.connect(viewer, connection_id)
    viewer.transport.pause_reading()
    await house.customer.sees(lambda view: view.connections != ())
    house.customer.actions.put_nowait(EndSession())
    assert await finished(host) == 0
    assert house.left_behind() == []


async def test_a_tool_that_breaks_ends_its_connection_only(house: House, server: FakeServer) -> None:
    async def broken(_channel: Channel, _consent: ConsentState, _activity: Activity) -> None:
        raise RuntimeError("a mistake in a tool")

    good = house.tools["remote_control"]
    house.tools["remote_control"] = HostTool(serve=broken, closing=good.closing)
    async with stopping(house.start()):
        await _guess(server, PRS)
        assert (await server.next(control.ConnectionState)).state == "open"
        assert (await server.next(control.ConnectionState)).state == "closed"
        house.tools["remote_control"] = good
        await _guess(server, PRS)
        assert (await server.next(control.ConnectionState)).state == "open"


async def test_the_ninth_connection_at_a_time_is_refused(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        for _ in range(8):
            _connection_id, ticket = await server.open()
            await server.viewer(ticket)
        await server.open()
        assert (await server.next(control.ConnectionRefused)).code == Code.TOO_MANY_ATTEMPTS


async def test_a_repeated_request_is_the_same_connection(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        connection_id, ticket = await server.open()
        request = control.OpenConnection(
            connection_id=connection_id, tool="remote_control", relay_url="ws://127.0.0.1:1/", ticket=ticket, epoch=1
        )
        await (await server.host()).send(encode(request))
        await server.technician.connect(await server.viewer(ticket), connection_id)
        await house.customer.sees(lambda view: len(view.connections) == 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nonsense=st.one_of(st.binary(max_size=3000), st.text(max_size=50)), after_offer=st.booleans())
async def test_nonsense_from_a_viewer_never_reaches_further(
    house: House, server: FakeServer, nonsense: bytes | str, after_offer: bool
) -> None:
    async with stopping(house.start() if not house.left_behind() else house.resume()):
        server.host_arrived.clear()
        _connection_id, ticket = await server.open()
        viewer = await server.viewer(ticket)
        if after_offer:
            await viewer.recv()
        await viewer.send(nonsense)
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(20):
                while True:
                    await viewer.recv()
        await _guess(server, PRS)


async def test_an_oversized_record_ends_its_connection_only(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        connection_id, ticket = await server.open()
        viewer = await server.viewer(ticket)
        await server.technician.connect(viewer, connection_id)
        await viewer.send(bytes(RELAY_MESSAGE_MAX + 1))
        with pytest.raises(ConnectionClosed):
            await viewer.recv()
        await _guess(server, PRS)


async def test_the_end_cuts_a_viewer_off_while_the_disk_does_not_answer(house: House, server: FakeServer) -> None:
    host = house.start()
    connection_id, ticket = await server.open()
    viewer = await server.viewer(ticket)
    await server.technician.connect(viewer, connection_id)
    await house.customer.sees(lambda view: view.connections != ())
    house.platform.disk_answers.clear()
    try:
        house.customer.actions.put_nowait(EndSession())
        async with asyncio.timeout(5):
            await viewer.wait_closed()
        assert house.customer.end_reason is None
    finally:
        house.platform.disk_answers.set()
    assert await finished(host) == 0
    assert house.left_behind() == []
