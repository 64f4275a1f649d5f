"""Every page in German and English, wide and on a phone: nothing overflows, nothing is blocked, nothing breaks."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.conftest import CUSTOMER, TECHNICIAN, Installation
from tests.support.browser import context, picture

WORDS = {"de": "Sitzung", "en": "ession"}


def watch(page: Page) -> list[str]:
    """Collect what the browser complains of: blocked content, script errors."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return complaints


def fits(page: Page) -> None:
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], f"{page.url}: {wide[0]} px of content in {wide[1]} px"


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_fit_and_speak(house: Installation, language: str, size: str) -> None:
    locale = {"de": "de-DE", "en": "en-GB"}[language]
    with context(house.browser, locale=locale, phone=size == "phone") as browsing:
        page = browsing.new_page()
        complaints = watch(page)

        def look(name: str) -> None:
            expect(page.locator("body")).to_contain_text(WORDS[language])
            fits(page)
            picture(page, f"{name}-{language}-{size}")

        page.goto(house.server.url)
        expect(page.get_by_test_id("sign-in-email")).to_be_visible()
        fits(page)
        picture(page, f"sign-in-{language}-{size}")
        complaints.clear()  # asking who is signed in is answered with 401, which the browser calls an error
        pages.sign_in(page, house.server.url, TECHNICIAN)
        complaints.clear()
        if language == "en":
            page.get_by_test_id("profile-menu").click()
            page.get_by_test_id("switch-language").click()
        look("sessions-empty")
        page.get_by_test_id("new-session").first.click()
        expect(page.get_by_test_id("new-email")).to_be_visible()
        look("new-1")
        page.get_by_test_id("new-email").fill(CUSTOMER)
        page.get_by_test_id("new-next").click()
        expect(page.get_by_test_id("session-password")).to_be_visible()
        look("new-2")
        page.get_by_test_id("new-create").click()
        pages.security_code(page)
        look("waiting")
        number = "".join(c for c in page.get_by_test_id("session-number").inner_text() if c.isdigit())
        page.goto(f"{house.server.url}/console")
        expect(page.get_by_test_id("session-row")).to_be_visible()
        look("sessions")
        page.get_by_test_id("end-session").first.click()
        expect(page.get_by_test_id("end-confirm")).to_be_visible()
        picture(page, f"end-{language}-{size}")
        page.goto(f"{house.server.url}/join/{number}?lang={language}")
        expect(page.get_by_text("Muster GmbH").first).to_be_visible()
        look("customer")
        page.goto(f"{house.server.url}/console")
        pages.end_from_list(page)
        page.goto(f"{house.server.url}/console/history")
        expect(page.get_by_test_id("history-row")).to_be_visible()
        look("history")
        page.goto(f"{house.server.url}/join/{number}?lang={language}")
        expect(page.locator("main")).to_be_visible()
        picture(page, f"customer-ended-{language}-{size}")
        assert complaints == []
