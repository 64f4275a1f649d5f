"""The two pairing sockets of a live server."""

import pytest
from sqlalchemy.exc import OperationalError
from websockets.exceptions import InvalidStatus

from tests.unit.server.conftest import LiveServer
from tests.unit.server.sessions.ends import (
    ANSWER,
    BROWSER_CONFIRM,
    HOST_CONFIRM,
    OFFER,
    Browser,
    Host,
    closed,
    heard,
    pair,
    raw,
    say,
    start_run,
    unpack,
)
from zuruf.protocol import pairing
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.limits import CODE_TRIES, PAIRING_MESSAGE_MAX
from zuruf.server.auth.limits import RULES
from zuruf.server.sessions import events as e
from zuruf.server.sessions.store import Outcome


async def test_a_right_code_leads_to_a_session_that_waits_for_its_host(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await pair(browser, host, session)
    assert (await browser.session(session["id"]))["state"] == "pairing"


async def test_five_tries_and_the_code_is_dead(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        left = []
        for _ in range(CODE_TRIES):
            run = await start_run(app, console, session)
            await say(app, run, OFFER)
            await heard(console, pairing.Forward)
            await say(console, run, ANSWER)
            await heard(app, pairing.Forward)
            await say(app, run, HOST_CONFIRM)
            await heard(console, pairing.Forward)
            await console.send(encode(pairing.RunFailed(run_id=run.run_id, code=Code.WRONG_CODE)))
            ended = await heard(app, pairing.RunEnded)
            assert ended.code == Code.WRONG_CODE
            left.append(ended.tries_left)
            assert await heard(console, pairing.RunEnded) == ended
        assert left == [4, 3, 2, 1, 0]
        assert (await browser.session(session["id"]))["code"]["alive"] is False
        while not isinstance(refused := pairing.decoder.decode(await raw(app)), pairing.Refused):
            pass
        assert refused.code == Code.CODE_DEAD
        await app.send(Host.hello(session["number"]))
        assert (await heard(app, pairing.Refused)).code == Code.NO_CODE_LIVE


async def test_a_run_that_is_left_before_the_answer_is_no_try(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console:
        async with host.socket("/ws/host/pairing") as app:
            run = await start_run(app, console, session)
            await say(app, run, OFFER)
            await heard(console, pairing.Forward)
        assert (await heard(console, pairing.RunEnded)).code == Code.PEER_LEFT
    found = await browser.session(session["id"])
    assert (found["state"], found["code"]["tries_left"]) == ("prepared", CODE_TRIES)


async def test_a_confirmation_without_a_registered_key_fails_the_run(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        run = await start_run(app, console, session)
        for source, payload in ((app, OFFER), (console, ANSWER), (app, HOST_CONFIRM), (console, BROWSER_CONFIRM)):
            await say(source, run, payload)
            if source is app:
                await heard(console, pairing.Forward)
            elif payload is ANSWER:
                await heard(app, pairing.Forward)
        assert (await heard(app, pairing.RunEnded)).code == Code.HANDSHAKE_BROKEN
    assert (await browser.session(session["id"]))["state"] == "prepared"


async def test_one_app_at_a_time_may_pair(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        await start_run(app, console, session)
        async with host.socket("/ws/host/pairing") as second:
            await second.send(Host.hello(session["number"]))
            assert (await heard(second, pairing.Refused)).code == Code.ANOTHER_APP_PAIRS


async def test_an_app_without_a_run_makes_way_for_the_next_one(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with host.socket("/ws/host/pairing") as stranger:
        await stranger.send(Host.hello(session["number"]))
        assert (await heard(stranger, pairing.Refused)).code == Code.TECHNICIAN_AWAY
        async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
            run = await start_run(app, console, session)
            assert await closed(stranger) == CloseCode.REPLACED
            await say(app, run, OFFER)
            assert (await heard(console, pairing.Forward)).payload == OFFER


async def test_hellos_from_elsewhere_do_not_use_up_the_customers(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    for _ in range(int(RULES["pairing_number"].split("/")[0])):
        browser.server.context.limits.hit("pairing_number", f"{session['number']} 192.0.2.7")
    async with host.socket("/ws/host/pairing") as app:
        await app.send(Host.hello(session["number"]))
        assert (await heard(app, pairing.Refused)).code == Code.NO_CODE_LIVE


async def test_a_database_that_fails_at_the_first_hello_leaves_the_place_free(
    browser: Browser, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    sessions = browser.server.context.sessions

    async def fail(_session_id: str, _event: e.Event) -> Outcome:
        raise OperationalError("statement", {}, Exception("the database is away"))

    async with await browser.console(session["id"]) as console:
        with monkeypatch.context() as patch:
            patch.setattr(sessions, "session_event", fail)
            async with host.socket("/ws/host/pairing") as app:
                await app.send(Host.hello(session["number"]))
                await closed(app)
        assert (await heard(console, pairing.RunEnded)).code == Code.PEER_LEFT
        async with host.socket("/ws/host/pairing") as app:
            await start_run(app, console, session)


async def test_an_app_is_told_that_the_technician_is_away(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with host.socket("/ws/host/pairing") as app:
        await app.send(Host.hello(session["number"]))
        assert (await heard(app, pairing.Refused)).code == Code.TECHNICIAN_AWAY
        console = await browser.console(session["id"])
        await start_run(app, console, session)
        await console.close()
        assert (await heard(app, pairing.RunEnded)).code == Code.TECHNICIAN_AWAY


async def test_the_end_of_the_session_stops_the_run(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        await start_run(app, console, session)
        await browser.post(session["id"], "end")
        assert (await heard(app, pairing.RunEnded)).code == Code.SESSION_ENDED


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": "0000000000"}, Code.UNKNOWN_NUMBER),
        ({"protocol": 99}, Code.APP_TOO_OLD),
        ({"app_version": "0.0.1"}, Code.APP_TOO_OLD),
        ({}, Code.NO_CODE_LIVE),
    ],
)
async def test_an_app_is_refused_with_a_reason(
    browser: Browser, host: Host, values: dict[str, object], code: Code
) -> None:
    session = await browser.prepare()
    async with host.socket("/ws/host/pairing") as app:
        await app.send(Host.hello(**{"number": session["number"], **values}))  # type: ignore[arg-type]
        assert (await heard(app, pairing.Refused)).code == code


async def test_a_pairing_ticket_admits_once(browser: Browser) -> None:
    session = await browser.prepare()
    ticket = unpack((await browser.post(session["id"], "pairing-ticket")).json()["ticket"])
    async with browser.socket("/ws/console/pairing") as first, browser.socket("/ws/console/pairing") as second:
        await first.send(encode(pairing.ConsoleHello(ticket=ticket)))
        await heard(first, pairing.ConsoleReady)
        await second.send(encode(pairing.ConsoleHello(ticket=ticket)))
        assert await closed(second) == CloseCode.NOT_ADMITTED


async def test_a_newer_console_replaces_an_older_one(browser: Browser) -> None:
    session = await browser.prepare()
    first = await browser.console(session["id"])
    second = await browser.console(session["id"])
    assert await closed(first) == CloseCode.REPLACED
    await second.close()


@pytest.mark.parametrize("origin", ["http://elsewhere.test", "null"])
async def test_a_console_from_another_origin_is_refused(browser: Browser, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await browser.socket("/ws/console/pairing", origin)
    assert refused.value.response.status_code == 403


async def test_a_browser_cannot_play_the_app(browser: Browser) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await browser.socket("/ws/host/pairing")
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/ws/host/pairing", "/ws/host/control"])
@pytest.mark.parametrize(
    "message", ["text", b"", b"\xc1", bytes(range(64)), bytes(PAIRING_MESSAGE_MAX * 8)], ids=range(5)
)
async def test_anything_malformed_ends_the_apps_socket(
    live_server: LiveServer, path: str, message: str | bytes
) -> None:
    async with Host(live_server).socket(path) as socket:
        await socket.send(message)
        assert await closed(socket) == CloseCode.MALFORMED


@pytest.mark.parametrize("message", ["text", b"", b"\xc1", bytes(PAIRING_MESSAGE_MAX + 1)], ids=range(4))
async def test_anything_malformed_ends_the_consoles_socket_and_its_run(
    browser: Browser, host: Host, message: str | bytes
) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        await start_run(app, console, session)
        await console.send(message)
        assert await closed(console) == CloseCode.MALFORMED
        assert (await heard(app, pairing.RunEnded)).code == Code.TECHNICIAN_AWAY


async def test_a_message_out_of_turn_ends_the_socket(browser: Browser, host: Host) -> None:
    session = await browser.prepare()
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        run = await start_run(app, console, session)
        await say(app, run, HOST_CONFIRM)
        assert await closed(app) == CloseCode.MALFORMED
