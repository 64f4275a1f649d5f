"""The control socket of a live server."""

import pytest
from websockets.exceptions import InvalidStatus

from tests.unit.server.conftest import LiveServer
from tests.unit.server.sessions.ends import Browser, Host, activate, closed, pair, told
from zuruf.protocol import control, relay
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.limits import CONTROL_MESSAGE_MAX
from zuruf.server.sessions import events as e


async def test_the_hosts_report_starts_the_clock(browser: Browser, host: Host) -> None:
    session, _ = await activate(browser, host)
    found = await browser.session(session["id"])
    assert (found["state"], found["host_online"]) == ("active", True)
    assert found["host"] == {"hostname": "pc", "system": "Windows", "app_version": "0.1.0"}
    assert (found["activated_at"], found["expires_at"]) == ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z")


async def test_a_repeated_report_is_accepted_and_changes_nothing(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    before = await browser.session(session["id"])
    await host.active(ctl, session["id"])
    assert await browser.session(session["id"]) == before


async def test_another_key_is_turned_away_for_good(browser: Browser, host: Host, live_server: LiveServer) -> None:
    session, _ = await activate(browser, host)
    stranger = Host(live_server)
    async with stranger.socket("/ws/host/control") as socket:
        challenge = await told(socket, control.Challenge)
        await socket.send(stranger.authenticate(session["id"], challenge.nonce))
        assert (await told(socket, control.Rejected)).final
        assert await closed(socket) == CloseCode.NOT_ADMITTED


async def test_a_signature_under_another_challenge_is_turned_away(browser: Browser, host: Host) -> None:
    session, _ = await activate(browser, host)
    async with host.socket("/ws/host/control") as socket:
        await told(socket, control.Challenge)
        await socket.send(host.authenticate(session["id"], bytes(32)))
        assert (await told(socket, control.Rejected)).final


async def test_the_host_of_a_dead_code_is_turned_away_for_good(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await pair(browser, host, session)
    await browser.post(session["id"], "code")
    async with host.socket("/ws/host/control") as socket:
        challenge = await told(socket, control.Challenge)
        await socket.send(host.authenticate(session["id"], challenge.nonce))
        assert (await told(socket, control.Rejected)).final


async def test_a_newer_socket_replaces_an_older_one_and_the_host_stays_online(browser: Browser, host: Host) -> None:
    session, first = await activate(browser, host)
    second = await host.control(session["id"])
    assert await closed(first) == CloseCode.REPLACED
    assert (await browser.session(session["id"]))["host_online"] is True
    await second.close()


async def test_a_host_that_hangs_up_is_offline_and_its_session_goes_on(
    browser: Browser, host: Host, live_server: LiveServer
) -> None:
    session, ctl = await activate(browser, host)
    async with live_server.context.adapters.bus.subscribe(f"session:{session['id']}") as hints:
        await ctl.close()
        await anext(hints)
    found = await browser.session(session["id"])
    assert (found["state"], found["host_online"]) == ("active", False)
    answer = await browser.post(session["id"], "connections", tool="remote_control")
    assert (answer.status_code, answer.json()["code"]) == (409, Code.HOST_OFFLINE)


async def test_the_end_is_pushed_and_the_receipt_kept(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await browser.post(session["id"], "end")
    assert (await told(ctl, control.End)).reason == "technician"
    assert (await browser.session(session["id"]))["removal"] == "pending"
    await ctl.send(host.report(session["id"], "removed", reason="technician", at="x", installed=[], removed=[]))
    assert (await told(ctl, control.ReportAccepted)).kind == "removed"
    assert (await browser.session(session["id"]))["removal"] == "confirmed"


async def test_a_host_that_was_away_learns_of_the_end_when_it_is_back(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await ctl.close()
    await browser.post(session["id"], "end")
    again = await host.control(session["id"])
    assert (await told(again, control.End)).reason == "technician"
    await again.close()


async def test_a_host_whose_removal_is_confirmed_is_turned_away(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await ctl.send(host.report(session["id"], "removed", reason="customer", at="x", installed=[], removed=[]))
    await told(ctl, control.ReportAccepted)
    async with host.socket("/ws/host/control") as socket:
        challenge = await told(socket, control.Challenge)
        await socket.send(host.authenticate(session["id"], challenge.nonce))
        assert await told(socket, control.Rejected) == control.Rejected(code=Code.SESSION_ENDED, final=True)


async def test_the_customer_ends_the_session(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await ctl.send(host.report(session["id"], "ended", reason="customer", at="2026-03-01T10:00:00Z"))
    assert {type(control.to_host.decode(await ctl.recv())) for _ in range(2)} == {control.End, control.ReportAccepted}
    assert (await browser.session(session["id"]))["end_reason"] == "customer"


async def test_a_refused_connection_is_told_to_the_viewer(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    asked = (await browser.post(session["id"], "connections", tool="remote_control")).json()
    offer = await told(ctl, control.OpenConnection)
    assert (offer.connection_id, offer.tool, offer.epoch) == (asked["connection_id"], "remote_control", asked["epoch"])
    await ctl.send(encode(control.ConnectionRefused(connection_id=offer.connection_id, code=Code.CUSTOMER_REFUSED)))
    await host.active(ctl, session["id"])
    assert (await browser.session(session["id"]))["connections"] == []


async def test_connections_are_shown_as_the_host_reports_them(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await browser.post(session["id"], "connections", tool="remote_control")
    offer = await told(ctl, control.OpenConnection)
    for state, shown in (("open", ["remote_control"]), ("closed", [])):
        await ctl.send(encode(control.ConnectionState(connection_id=offer.connection_id, state=state)))
        await host.active(ctl, session["id"])
        assert [item["tool"] for item in (await browser.session(session["id"]))["connections"]] == shown


async def test_a_report_with_a_wrong_signature_ends_the_socket(browser: Browser, host: Host) -> None:
    session, ctl = await activate(browser, host)
    await ctl.send(encode(control.Report(kind="removed", detail="{}", signature=bytes(64))))
    assert await closed(ctl) == CloseCode.MALFORMED
    assert (await browser.session(session["id"]))["state"] == "active"


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("active", {}),
        ("ended", {"reason": "technician"}),
        ("ended", {"reason": 7}),
        ("ended", {}),
    ],
    ids=range(4),
)
async def test_a_signed_report_without_sense_ends_the_socket(
    browser: Browser, host: Host, kind: str, detail: dict[str, object]
) -> None:
    session, ctl = await activate(browser, host)
    await ctl.send(host.report(session["id"], kind, **detail))
    assert await closed(ctl) == CloseCode.MALFORMED
    assert (await browser.session(session["id"]))["state"] == "active"


@pytest.mark.parametrize("message", ["text", b"", b"\xc1", bytes(CONTROL_MESSAGE_MAX + 1)], ids=range(4))
async def test_anything_malformed_ends_an_admitted_socket_and_not_the_session(
    browser: Browser, host: Host, message: str | bytes
) -> None:
    session, ctl = await activate(browser, host)
    await ctl.send(message)
    assert await closed(ctl) == CloseCode.MALFORMED
    assert (await browser.session(session["id"]))["state"] == "active"


async def test_a_browser_cannot_play_the_host(browser: Browser) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await browser.socket("/ws/host/control")
    assert refused.value.response.status_code == 403


async def test_after_a_restart_nobody_is_online_until_heard(
    browser: Browser, host: Host, live_server: LiveServer
) -> None:
    session, _ = await activate(browser, host)
    await live_server.context.sessions.recover()
    found = await browser.session(session["id"])
    assert (found["state"], found["host_online"]) == ("active", False)


async def test_after_a_restart_a_run_that_was_going_on_is_over(
    browser: Browser, host: Host, live_server: LiveServer
) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    await live_server.context.sessions.session_event(
        session["id"], e.RunStarted("11111111-1111-1111-1111-111111111111")
    )
    await live_server.context.sessions.recover()
    assert (await browser.session(session["id"]))["state"] == "prepared"


async def test_a_new_control_socket_is_asked_again_for_what_the_old_one_did_not_dial(
    browser: Browser, host: Host
) -> None:
    session, first = await activate(browser, host)
    await browser.post(session["id"], "connections", tool="remote_control")
    lost = await told(first, control.OpenConnection)
    second = await host.control(session["id"])
    again = await told(second, control.OpenConnection)
    assert again.connection_id == lost.connection_id
    assert again.ticket != lost.ticket
    async with host.socket("/ws/relay") as there:
        await there.send(encode(relay.RelayHello(ticket=lost.ticket, role="host")))
        assert await closed(there) == CloseCode.NOT_ADMITTED
