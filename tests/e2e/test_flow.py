"""The whole way through the house in a real browser, ended by the technician, by the customer and by the clock."""

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageGrab
from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.conftest import CUSTOMER, TECHNICIAN, Installation, Prepared
from tests.support import canary
from tests.support.browser import context, picture
from tests.support.customer import CustomerScreen, HostProgram
from tests.support.processes import eventually

DAY_S = 24 * 3600


def same_picture(page: Page, screen: CustomerScreen) -> bool:
    """Whether the viewer's canvas is the customer's screen, every pixel of it."""
    shown = Image.open(io.BytesIO(pages.canvas_picture(page))).convert("RGB")
    real = ImageGrab.grab(xdisplay=screen.display).convert("RGB")
    return shown.size == real.size and ImageChops.difference(shown, real).getbbox() is None


def type_into_terminal(page: Page, typed: Path, text: str) -> None:
    """Click into the program on the customer's screen, type a line, and read it back there."""
    pages.click_screen(page, 300, 300)
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    eventually(lambda: text in typed.read_text(), f"{text!r} in the terminal, which has {typed.read_text()!r}")


def open_and_use(house: Installation, prepared: Prepared, screen: CustomerScreen, typed: Path, text: str) -> Page:
    viewer = pages.open_viewer(house.context, house.server.url, prepared.id)
    pages.connect(viewer, prepared.password)
    eventually(lambda: same_picture(viewer, screen), "the picture is exact")
    type_into_terminal(viewer, typed, text)
    eventually(lambda: same_picture(viewer, screen), "the picture is exact after typing")
    return viewer


def removal_confirmed(house: Installation, prepared: Prepared) -> None:
    house.page.goto(f"{house.server.url}/console/history")
    row = house.page.locator(f"[data-session='{prepared.id}']")
    expect(row.locator("[data-removal='confirmed']")).to_be_visible(timeout=pages.CONSOLE_PATIENCE_MS)


def watch_addresses(house: Installation) -> list[bytes]:
    """Collect every address that the technician's browser goes to, of requests, pages and sockets."""
    addresses: list[bytes] = []

    def note(page: Page) -> None:
        page.on("websocket", lambda socket: addresses.append(socket.url.encode()))
        page.on("framenavigated", lambda frame: addresses.append(frame.url.encode()))

    house.context.on("request", lambda request: addresses.append(request.url.encode()))
    house.context.on("page", note)
    note(house.page)
    return addresses


def test_ended_by_the_technician(house: Installation) -> None:
    addresses = watch_addresses(house)
    prepared = house.prepare()
    assert str(prepared.mail["To"]) == CUSTOMER
    assert prepared.password not in prepared.mail.as_string()
    progress = house.page.get_by_test_id("progress")
    expect(house.page.get_by_test_id("mail-state")).to_be_visible()

    with context(house.browser) as customers:
        page = customers.new_page()
        page.goto(prepared.link)
        expect(page.get_by_text("Jana Weber").first).to_be_visible()
        expect(house.page.get_by_test_id("progress-link")).to_have_attribute("data-state", "done", timeout=15_000)

    screen = house.screen()
    typed = screen.typing_terminal()
    host = house.host(screen)
    host.event("number_needed")
    host.program.say(prepared.number)
    code = pages.security_code(house.page)
    host.type_code(code)
    pages.wait_active(house.page)
    expect(progress).to_be_visible()

    viewer = open_and_use(house, prepared, screen, typed, "Hallo Welt 1")
    picture(viewer, "viewer")
    host.connected()
    viewer.locator("#disconnect").click()
    host.state(link="online", connections=[])
    viewer.close()
    again = open_and_use(house, prepared, screen, typed, "und noch einmal 2")
    again.close()
    host.state(link="online", connections=[])

    assert house.server.program is not None
    secrets = {"password": prepared.password.encode(), "code": code.encode(), "typed": b"Hallo Welt 1"}
    assert canary.in_memory(secrets, house.server.program.process.pid) == set()
    assert canary.in_files(secrets, [house.server.data_dir, house.server.log]) == set()
    assert canary.in_texts(secrets, house.mailbox.raw) == set()
    assert canary.in_texts({"session": prepared.id.encode(), "socket": b"/ws/relay"}, addresses) == {
        "session",
        "socket",
    }
    assert canary.in_texts(secrets, addresses) == set()

    pages.end_session(house.page)
    assert host.event("ended")["reason"] == "technician"
    host.gone()
    removal_confirmed(house, prepared)


def test_ended_by_the_customer(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    typed = screen.typing_terminal()
    host = house.activate(prepared, screen)
    viewer = open_and_use(house, prepared, screen, typed, "bis gleich")
    host.program.say("end")
    host.event("ended")
    host.gone()
    expect(viewer.locator("#notice")).to_be_visible(timeout=pages.CONSOLE_PATIENCE_MS)
    expect(house.page.get_by_test_id("ended-panel")).to_have_attribute("data-reason", "customer", timeout=15_000)
    removal_confirmed(house, prepared)


def test_ended_by_the_clock(held_house: Installation) -> None:
    house = held_house
    prepared = house.prepare()
    screen = house.screen()
    typed = screen.typing_terminal()
    host = house.activate(prepared, screen)
    viewer = open_and_use(house, prepared, screen, typed, "noch Zeit")
    house.offset.move(DAY_S - 60)
    type_into_terminal(viewer, typed, "eine Minute noch")
    house.offset.move(61)
    host.event("ended")
    host.gone()
    pages.sign_in(house.page, house.server.url, TECHNICIAN)  # the day has ended the web session too
    house.page.goto(f"{house.server.url}/console/history")
    expect(house.page.get_by_test_id("end-reason")).to_have_attribute("data-reason", "expired", timeout=15_000)
    removal_confirmed(house, prepared)


def test_an_app_that_is_killed_comes_back_without_the_customer(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    typed = screen.typing_terminal()
    first = house.activate(prepared, screen)
    viewer = open_and_use(house, prepared, screen, typed, "davor")
    first.program.kill()
    expect(house.page.get_by_test_id("host-offline")).to_be_visible(timeout=pages.CONSOLE_PATIENCE_MS)
    second: HostProgram = house.host(screen, resume=True)
    second.state(link="online")
    expect(house.page.get_by_test_id("host-offline")).to_be_hidden(timeout=pages.CONSOLE_PATIENCE_MS)
    # The viewer comes back by itself: the password's secret is still in its memory.
    second.connected()
    pages.wait_picture(viewer)
    type_into_terminal(viewer, typed, "danach")
    pages.end_session(house.page)
    second.event("ended")
    second.gone()
