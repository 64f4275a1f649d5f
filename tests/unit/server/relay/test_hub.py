"""The relay of a live server."""

import asyncio
import secrets
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from tests.support.server import ManualClock
from tests.unit.server.conftest import LiveServer, NewUser
from tests.unit.server.sessions.ends import Browser, Host, activate, closed, dial, raw, told, unpack
from zuruf.protocol import control, relay
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.limits import RELAY_HELLO_MAX, RELAY_MESSAGE_MAX, TICKET_LIFETIME_S
from zuruf.server.companies.service import CompanyView
from zuruf.server.relay.hub import PARTNER_PATIENCE_S


class WatchedClock(ManualClock):
    """Tells when an end begins to wait for its partner."""

    def __init__(self) -> None:
        super().__init__()
        self.partner_awaited = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == PARTNER_PATIENCE_S:
            self.partner_awaited.set()
        await super().sleep(seconds)


@pytest.fixture
def clock() -> WatchedClock:
    return WatchedClock()


def hello(ticket: bytes, role: str = "viewer") -> bytes:
    return encode(relay.RelayHello(ticket=ticket, role=role))


async def ticket_of(browser: Browser, session_id: str) -> bytes:
    answer = await browser.post(session_id, "connections", tool="remote_control")
    assert answer.status_code == 200, answer.text
    return unpack(answer.json()["ticket"])


async def refused(socket: ClientConnection, message: bytes) -> bool:
    await socket.send(message)
    return await closed(socket) == CloseCode.NOT_ADMITTED


async def test_bytes_go_both_ways_unchanged_and_in_order(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    sent = [secrets.token_bytes(size) for size in (0, 1, 125, 126, 65535, 65536, 300_000, RELAY_MESSAGE_MAX)]
    for source, target in ((viewer, there), (there, viewer)):

        async def send(source: ClientConnection = source) -> None:
            for message in sent:
                await source.send(message)

        sending = asyncio.create_task(send())
        assert [await raw(target) for _ in sent] == sent
        await sending


@pytest.mark.parametrize("first", ["viewer", "host"])
async def test_when_one_end_leaves_the_other_is_told(browser: Browser, host: Host, first: str) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    leaving, staying = (viewer, there) if first == "viewer" else (there, viewer)
    await leaving.close()
    assert await closed(staying) == CloseCode.PARTNER_LEFT


async def test_the_end_of_the_session_closes_its_connections(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    await browser.post(session["id"], "end")
    assert await closed(viewer) == CloseCode.SESSION_ENDED
    assert await closed(there) == CloseCode.SESSION_ENDED


async def test_the_sessions_time_closes_its_connections_however_late_the_timer_is(
    browser: Browser, host: Host, live_server: LiveServer, clock: WatchedClock
) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    live_server.context.worker.stop()
    clock.advance(timedelta(days=1))
    assert await closed(viewer) == CloseCode.SESSION_ENDED
    assert await closed(there) == CloseCode.SESSION_ENDED


async def test_a_ticket_admits_once(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    offer = await told(ctl, control.OpenConnection)
    async with browser.socket("/ws/relay") as viewer, host.socket("/ws/relay") as there:
        await viewer.send(hello(ticket))
        await there.send(hello(offer.ticket, "host"))
        relay.paired.decode(await raw(viewer))
        for socket, again in ((browser.socket, hello(ticket)), (host.socket, hello(offer.ticket, "host"))):
            async with socket("/ws/relay") as second:
                assert await refused(second, again)


async def test_a_ticket_lapses(browser: Browser, host: Host, clock: ManualClock) -> None:
    session, _ = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    clock.advance(timedelta(seconds=TICKET_LIFETIME_S))
    async with browser.socket("/ws/relay") as socket:
        assert await refused(socket, hello(ticket))


async def test_the_viewers_ticket_does_not_admit_a_host_nor_the_hosts_a_viewer(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    offer = await told(ctl, control.OpenConnection)
    async with host.socket("/ws/relay") as socket:
        assert await refused(socket, hello(ticket, "host"))
    async with browser.socket("/ws/relay") as socket:
        assert await refused(socket, hello(offer.ticket))


async def test_a_pairing_ticket_does_not_open_the_relay(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    ticket = unpack((await browser.post(session["id"], "pairing-ticket")).json()["ticket"])
    async with browser.socket("/ws/relay") as socket:
        assert await refused(socket, hello(ticket))


async def test_a_ticket_dies_with_its_session(browser: Browser, host: Host) -> None:
    session, _ = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    await browser.post(session["id"], "end")
    async with browser.socket("/ws/relay") as socket:
        assert await refused(socket, hello(ticket))


async def test_a_ticket_does_not_outlive_the_sessions_time(browser: Browser, host: Host, clock: ManualClock) -> None:
    session, _ = await activate(browser, host)
    clock.advance(timedelta(hours=24) - timedelta(seconds=10))
    await browser.sign_in("tina@hilfe.test")
    ticket = await ticket_of(browser, session["id"])
    clock.advance(timedelta(seconds=10))
    async with browser.socket("/ws/relay") as socket:
        assert await refused(socket, hello(ticket))


async def test_a_ticket_that_nobody_issued_admits_nobody(live_server: LiveServer) -> None:
    async with Host(live_server).socket("/ws/relay") as socket:
        assert await refused(socket, hello(bytes(32), "host"))


@pytest.mark.parametrize("origin", ["http://elsewhere.test", "null"])
async def test_another_origin_is_refused(browser: Browser, origin: str) -> None:
    with pytest.raises(InvalidStatus) as answer:
        await browser.socket("/ws/relay", origin)
    assert answer.value.response.status_code == 403


async def test_a_viewer_needs_an_origin_and_a_host_none(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    offer = await told(ctl, control.OpenConnection)
    async with host.socket("/ws/relay") as socket:
        await socket.send(hello(ticket, "viewer"))
        assert await closed(socket) == CloseCode.WRONG_ORIGIN
    async with browser.socket("/ws/relay") as socket:
        await socket.send(hello(offer.ticket, "host"))
        assert await closed(socket) == CloseCode.WRONG_ORIGIN


async def test_another_users_session_is_not_connected_to(
    browser: Browser, host: Host, live_server: LiveServer, company: CompanyView, new_user: NewUser
) -> None:
    session, _ = await activate(browser, host)
    await new_user(company, email="other@hilfe.test", name="Otto")
    other = Browser(live_server)
    await other.sign_in("other@hilfe.test")
    answer = await other.post(session["id"], "connections", tool="remote_control")
    assert (answer.status_code, answer.json()["code"]) == (403, Code.FORBIDDEN)
    await other.http.aclose()


async def test_a_viewer_whose_host_refuses_is_told_why(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    offer = await told(ctl, control.OpenConnection)
    async with browser.socket("/ws/relay") as viewer:
        await viewer.send(hello(ticket))
        await ctl.send(encode(control.ConnectionRefused(connection_id=offer.connection_id, code=Code.PASSWORD_CLOSED)))
        assert await closed(viewer) == CloseCode.NOT_ADMITTED
        assert viewer.close_reason == Code.PASSWORD_CLOSED


async def test_a_message_that_is_too_large_ends_the_connection(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    await viewer.send(bytes(RELAY_MESSAGE_MAX + 1))
    assert await closed(there) == CloseCode.PARTNER_LEFT
    assert await closed(viewer) in (1009, CloseCode.TOO_LARGE)


async def test_text_ends_the_connection(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    viewer, there, _ = await dial(browser, host, session["id"], ctl)
    await viewer.send("text")
    assert await closed(there) == CloseCode.MALFORMED


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.one_of(st.binary(max_size=RELAY_HELLO_MAX + 50), st.text(max_size=50)))
async def test_any_first_message_that_is_no_ticket_ends_the_socket(live_server: LiveServer, first: bytes | str) -> None:
    async with Host(live_server).socket("/ws/relay") as socket:
        await socket.send(first)
        assert await closed(socket) in (CloseCode.MALFORMED, CloseCode.NOT_ADMITTED)


async def test_a_partner_that_does_not_come_is_waited_for_only_so_long(
    browser: Browser, host: Host, clock: WatchedClock
) -> None:
    session, _ = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    async with browser.socket("/ws/relay") as viewer:
        await viewer.send(hello(ticket))
        await clock.partner_awaited.wait()
        clock.advance(timedelta(seconds=PARTNER_PATIENCE_S))
        assert await closed(viewer) == CloseCode.PARTNER_MISSING


async def test_an_end_that_speaks_before_its_partner_is_there_is_closed(
    browser: Browser, host: Host, clock: WatchedClock
) -> None:
    session, _ = await activate(browser, host)
    ticket = await ticket_of(browser, session["id"])
    async with browser.socket("/ws/relay") as viewer:
        await viewer.send(hello(ticket))
        await clock.partner_awaited.wait()
        await viewer.send(b"early")
        assert await closed(viewer) == CloseCode.PARTNER_MISSING
