"""The minimum version of the app: where it is enforced, and that it ends nothing."""

from tests.unit.server.conftest import LiveServer, LiveServerFactory, NewUser
from tests.unit.server.sessions.ends import Browser, Host, activate, closed, heard, told
from zuruf.protocol import control, pairing
from zuruf.protocol.codes import CloseCode, Code
from zuruf.server.adapters.embedded import Adapters
from zuruf.server.companies.service import CompanyView
from zuruf.server.settings import Settings

EMAIL = "tina@hilfe.test"
TOO_OLD = control.Rejected(code=Code.APP_TOO_OLD, final=False)


async def signed_in(server: LiveServer) -> Browser:
    browser = Browser(server)
    await browser.sign_in(EMAIL)
    return browser


async def test_an_app_that_is_too_old_learns_it_before_it_pairs(
    live_server_factory: LiveServerFactory, settings: Settings, adapters: Adapters, company: CompanyView,
    new_user: NewUser,
) -> None:  # fmt: skip
    await new_user(company, email=EMAIL)
    raised = settings.model_copy(update={"minimum_app_version": "9.1"})
    async with live_server_factory(raised, adapters) as server:
        browser, host = await signed_in(server), Host(server)
        session = await browser.prepare()
        facts = (await browser.http.get(f"/api/v1/public/sessions/{session['number']}")).json()
        assert facts["minimum_app_version"] == "9.1"
        for version, code in (("9.0.9", Code.APP_TOO_OLD), ("9.1.0", Code.NO_CODE_LIVE)):
            async with host.socket("/ws/host/pairing") as app:
                await app.send(Host.hello(session["number"], app_version=version))
                assert (await heard(app, pairing.Refused)).code == code
        await browser.http.aclose()


async def test_a_host_that_becomes_too_old_waits_and_its_session_goes_on_when_the_minimum_is_lowered_again(
    live_server_factory: LiveServerFactory, settings: Settings, adapters: Adapters, company: CompanyView,
    new_user: NewUser,
) -> None:  # fmt: skip
    await new_user(company, email=EMAIL)
    async with live_server_factory(settings, adapters) as server:
        browser, host = await signed_in(server), Host(server)
        session, _ = await activate(browser, host)
        await browser.http.aclose()
    raised = settings.model_copy(update={"minimum_app_version": "9.1"})
    async with live_server_factory(raised, adapters) as server:
        browser, host.server = await signed_in(server), server
        async with host.socket("/ws/host/control") as socket:
            challenge = await told(socket, control.Challenge)
            await socket.send(host.authenticate(session["id"], challenge.nonce))
            assert await told(socket, control.Rejected) == TOO_OLD
            assert await closed(socket) == CloseCode.NOT_ADMITTED
        found = await browser.session(session["id"])
        assert (found["state"], found["host_online"]) == ("active", False)
        await browser.http.aclose()
    async with live_server_factory(settings, adapters) as server:
        browser, host.server = await signed_in(server), server
        socket = await host.control(session["id"])
        await host.active(socket, session["id"])
        found = await browser.session(session["id"])
        assert (found["state"], found["host_online"]) == ("active", True)
        await browser.http.aclose()


async def test_a_host_that_became_too_old_still_hears_of_the_end_and_hands_in_its_receipt(
    live_server_factory: LiveServerFactory, settings: Settings, adapters: Adapters, company: CompanyView,
    new_user: NewUser,
) -> None:  # fmt: skip
    await new_user(company, email=EMAIL)
    async with live_server_factory(settings, adapters) as server:
        browser, host = await signed_in(server), Host(server)
        session, _ = await activate(browser, host)
        await browser.http.aclose()
    raised = settings.model_copy(update={"minimum_app_version": "9.1"})
    async with live_server_factory(raised, adapters) as server:
        browser, host.server = await signed_in(server), server
        await browser.post(session["id"], "end")
        socket = await host.control(session["id"])
        assert (await told(socket, control.End)).reason == "technician"
        await socket.send(host.report(session["id"], "removed", reason="technician"))
        assert (await told(socket, control.ReportAccepted)).kind == "removed"
        assert (await browser.session(session["id"]))["removal"] == "confirmed"
        await browser.http.aclose()
