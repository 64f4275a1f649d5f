"""The app as a customer on Windows gets it, and the receipt as a technician keeps it. The exe is a dummy."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.conftest import CUSTOMER, Installation
from tests.support.app_file import put_app
from tests.support.browser import ARTIFACTS, picture
from tests.support.flow import unpack
from zuruf.protocol.signatures import report_transcript, verify

PATIENCE = 20_000
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@contextmanager
def customer_on_windows(house: Installation, *, locale: str = "de-DE", phone: bool = False) -> Iterator[Page]:
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
    with house.browser.new_context(locale=locale, user_agent=WINDOWS, viewport=size) as browsing:  # type: ignore[arg-type]
        yield browsing.new_page()


def download(page: Page) -> tuple[str, bytes]:
    """Click the button; return name and content of the file."""
    with page.expect_download(timeout=PATIENCE) as expected:
        page.get_by_test_id("download").click()
    return expected.value.suggested_filename, Path(expected.value.path()).read_bytes()


def another_session(house: Installation) -> str:
    """Prepare one more session; return its number."""
    pages.end_session(house.page)
    house.page.goto(f"{house.server.url}/console")
    pages.new_session(house.page, CUSTOMER)
    return "".join(c for c in house.page.get_by_test_id("session-number").inner_text() if c.isdigit())


def test_two_sessions_get_the_same_file_under_their_own_names(house: Installation) -> None:
    content = b"MZ" + os.urandom(3_000_000)
    put_app(house.app, house.server.url, content)
    first = house.prepare().number
    with customer_on_windows(house) as page:
        files = []
        for number in (first, ""):
            number = number or another_session(house)
            page.goto(f"{house.server.url}/join/{number}")
            name, got = download(page)
            assert name == f"Zuruf-Support-Session-{number}.exe"
            assert page.get_by_test_id("sha256").text_content() == hashlib.sha256(got).hexdigest()
            files.append(got)
        assert files == [content, content]


def test_a_page_that_is_out_of_date_leads_to_the_reason_and_to_no_file(house: Installation) -> None:
    put_app(house.app, house.server.url)
    number = house.prepare().number
    with customer_on_windows(house) as page:
        page.goto(f"{house.server.url}/join/{number}")
        expect(page.get_by_test_id("download")).to_be_visible(timeout=PATIENCE)
        house.app.unlink()
        page.get_by_test_id("download").click()
        expect(page.get_by_test_id("no-download")).to_be_visible(timeout=PATIENCE)
        put_app(house.app, house.server.url)
        page.reload()
        expect(page.get_by_test_id("download")).to_be_visible(timeout=PATIENCE)
        pages.end_session(house.page)
        page.get_by_test_id("download").click()
        expect(page.get_by_test_id("message")).to_have_attribute("data-kind", "ended", timeout=PATIENCE)


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_says_what_the_file_is_and_fits(house: Installation, language: str, size: str) -> None:
    put_app(house.app, house.server.url, publisher="Muster IT Systemhaus und Beratungsgesellschaft GmbH & Co. KG")
    number = house.prepare().number
    with customer_on_windows(house, phone=size == "phone") as page:
        for kind in ("signed", "unsigned"):
            if kind == "unsigned":
                put_app(house.app, house.server.url, signed=False, publisher="")
            page.goto(f"{house.server.url}/join/{number}?lang={language}")
            expect(page.get_by_test_id("windows").locator("li")).to_have_count(3)
            expect(page.get_by_test_id("unsigned")).to_have_count(1 if kind == "unsigned" else 0)
            page.locator("summary").click()
            expect(page.get_by_test_id("sha256")).to_be_visible()
            wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide[0] <= wide[1]
            ARTIFACTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=ARTIFACTS / f"download-{kind}-{language}-{size}.png", full_page=True)


def test_the_console_says_that_customers_get_no_app_until_there_is_one(house: Installation) -> None:
    house.prepare()
    notice = house.page.get_by_test_id("app-notice")
    expect(notice).to_have_attribute("data-trouble", "missing", timeout=PATIENCE)
    for trouble, facts in (
        ("damaged", {"sha256": "0" * 64}),
        ("otherServer", {"server": "https://other.example"}),
        ("tooOld", {"version": "0.0.1"}),
        ("development", {"development": True}),
        ("unsigned", {"signed": False, "publisher": ""}),
    ):
        put_app(house.app, **{"server": house.server.url, **facts})  # type: ignore[arg-type]
        house.page.reload()
        expect(notice).to_have_attribute("data-trouble", trouble, timeout=PATIENCE)
        picture(house.page, f"app-{trouble}")
    put_app(house.app, house.server.url)
    house.page.reload()
    expect(house.page.get_by_test_id("invitation")).to_be_visible(timeout=PATIENCE)
    expect(notice).to_have_count(0)


def test_the_technician_keeps_a_receipt_that_can_be_verified(house: Installation) -> None:
    prepared = house.prepare()
    host = house.activate(prepared, house.screen())
    pages.end_session(house.page)
    host.event("ended")
    receipt = house.page.get_by_test_id("receipt")
    expect(receipt).to_be_visible(timeout=PATIENCE)
    expect(receipt.locator("[data-fate='removed']").first).to_be_visible(timeout=PATIENCE)
    expect(receipt.locator("[data-fate='left']")).to_have_count(0)
    picture(house.page, "receipt")
    with house.page.expect_download(timeout=PATIENCE) as expected:
        house.page.get_by_test_id("receipt-download").click()
    assert expected.value.suggested_filename == f"Zuruf-{prepared.number}-removal-receipt.json"
    kept = json.loads(Path(expected.value.path()).read_text())
    transcript = report_transcript(kept["session_id"], "removed", kept["detail"])
    assert verify(unpack(kept["host_key"]), transcript, unpack(kept["signature"]))
    assert json.loads(kept["detail"])["reason"] == "technician"
