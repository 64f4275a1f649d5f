"""What must not work, as people meet it: limits, wrong codes, wrong passwords, links that lapsed, pages reloaded."""

from playwright.sync_api import expect

from tests.e2e import pages
from tests.e2e.conftest import Installation
from tests.support.browser import context

PATIENCE = pages.CONSOLE_PATIENCE_MS


def another(code: str) -> str:
    """Return a code that is not this one."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def test_a_second_session_is_refused_and_explained(house: Installation) -> None:
    house.prepare()
    house.page.goto(f"{house.server.url}/console")
    expect(house.page.get_by_test_id("limit-reached")).to_have_attribute("data-limit", "user", timeout=PATIENCE)
    house.page.goto(f"{house.server.url}/console/new")
    house.page.get_by_test_id("new-email").fill("zweiter@kunde.example")
    house.page.get_by_test_id("new-next").click()
    house.page.get_by_test_id("new-create").click()
    expect(house.page.get_by_test_id("error-code")).to_contain_text("ZRF-202", timeout=PATIENCE)


def test_five_wrong_codes_kill_the_code_and_a_new_one_needs_no_new_mail(house: Installation) -> None:
    prepared = house.prepare()
    host = house.host(house.screen(), prepared.number)
    code = pages.security_code(house.page)
    host.type_code(another(code))
    for left in (4, 3, 2, 1):
        asked = host.event("code_needed")
        assert asked["problem"] == "ZRF-303"
        assert asked["tries_left"] == left
        host.program.say(another(code))
    assert host.event("code_needed")["problem"] == "ZRF-302"
    expect(house.page.get_by_test_id("security-code")).to_have_count(0, timeout=PATIENCE)
    host.program.say(code)  # the right one, too late
    assert host.event("code_needed")["problem"] in ("ZRF-301", "ZRF-302", "ZRF-305")
    house.page.get_by_test_id("make-code").click()
    expect(house.page.get_by_test_id("security-code")).to_be_visible(timeout=PATIENCE)
    renewed = pages.security_code(house.page)
    assert renewed != code
    host.program.say(renewed)
    pages.wait_active(house.page)
    assert len(house.mailbox.mails) == 1


def test_a_wrong_password_is_said_and_the_right_one_still_works(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    screen.typing_terminal()
    house.activate(prepared, screen)
    viewer = pages.open_viewer(house.context, house.server.url, prepared.id)
    viewer.locator("#password").fill("falsch-falsch-falsch-1")
    viewer.locator("#connect").click()
    expect(viewer.locator("#form-error")).to_contain_text("ZRF-404", timeout=PATIENCE)
    pages.connect(viewer, prepared.password)


def test_a_reloaded_page_asks_for_the_password_again(house: Installation) -> None:
    prepared = house.prepare()
    pages.security_code(house.page)
    house.page.reload()
    again = house.page.get_by_test_id("password-again")
    expect(again).to_be_visible(timeout=PATIENCE)
    again.locator("input").first.fill(prepared.password)
    house.page.get_by_test_id("password-again-submit").click()
    screen = house.screen()
    screen.typing_terminal()
    host = house.host(screen, prepared.number)
    host.type_code(pages.security_code(house.page))
    pages.wait_active(house.page)
    viewer = pages.open_viewer(house.context, house.server.url, prepared.id)
    pages.connect(viewer, prepared.password)


def test_a_link_lapses_and_says_so(held_house: Installation) -> None:
    house = held_house
    prepared = house.prepare()
    house.offset.move(24 * 3600 + 1)
    with context(house.browser) as customers:
        page = customers.new_page()
        page.goto(prepared.link)
        expect(page.get_by_test_id("message")).to_have_attribute("data-kind", "ended", timeout=PATIENCE)
    host = house.host(house.screen(), prepared.number)
    assert host.event("number_needed")["problem"] == "ZRF-204"
    host.stop()
    assert not host.data_dir.exists()


def test_a_second_app_on_the_same_computer_is_refused_and_the_technician_sees_it(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    first = house.activate(prepared, screen)
    with context(house.browser) as others:
        page = others.new_page()
        pages.sign_in(page, house.server.url, "ben@muster.example")
        pages.new_session(page, "dritter@kunde.example")
        number = "".join(c for c in page.get_by_test_id("session-number").inner_text() if c.isdigit())
        second = house.host(screen, number, data_dir="second")
        assert second.event("refused")["problem"] == "ZRF-502"
        expect(page.get_by_test_id("progress-app")).to_contain_text("ZRF-502", timeout=PATIENCE)
    pages.end_session(house.page)
    first.event("ended")
    first.gone()


def test_an_app_that_is_too_old_is_refused_until_the_minimum_is_lowered(house: Installation) -> None:
    house.server.env["ZURUF_MINIMUM_APP_VERSION"] = "9.0"
    house.server.stop()
    house.start_server()
    prepared = house.prepare()
    screen = house.screen()
    old = house.host(screen, prepared.number)
    assert old.event("refused")["problem"] == "ZRF-307"
    app = house.page.get_by_test_id("progress-app")
    expect(app).to_contain_text("ZRF-307", timeout=PATIENCE)
    expect(app).to_have_attribute("data-state", "failed")
    del house.server.env["ZURUF_MINIMUM_APP_VERSION"]
    house.server.stop()
    house.start_server()
    again = house.host(screen, prepared.number, data_dir="again")
    again.type_code(pages.security_code(house.page))
    expect(app).to_have_attribute("data-state", "done", timeout=PATIENCE)
    pages.wait_active(house.page)
    expect(house.page.get_by_text("ZRF-307")).to_have_count(0)
