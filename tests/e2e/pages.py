"""The pages as a person uses them, by their stable test ids. One function a page or step; no assertions on styling."""

import base64

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.flow import ACCOUNT
from tests.support.processes import eventually

CONSOLE_PATIENCE_MS = 20_000


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.get_by_test_id("sign-in-email").fill(email)
    page.get_by_test_id("sign-in-password").fill(ACCOUNT)
    page.get_by_test_id("sign-in-submit").click()
    expect(page.get_by_test_id("new-session").first).to_be_visible(timeout=CONSOLE_PATIENCE_MS)


def new_session(page: Page, customer: str) -> tuple[str, str]:
    """Prepare a session in two steps; return its id and the session password that was shown once."""
    page.get_by_test_id("new-session").first.click()
    page.get_by_test_id("new-email").fill(customer)
    page.get_by_test_id("new-next").click()
    field = page.get_by_test_id("session-password")
    expect(field).to_be_visible()
    password = field.input_value()
    if not password:
        page.get_by_test_id("password-generate").click()
        password = field.input_value()
    page.get_by_test_id("new-create").click()
    page.wait_for_url("**/console/sessions/*", timeout=CONSOLE_PATIENCE_MS)
    return page.url.rsplit("/", 1)[1].split("?")[0], password


def security_code(page: Page) -> str:
    """Return the code that the waiting page shows, making one where it waits for that."""
    code = page.get_by_test_id("security-code")
    button = page.get_by_test_id("make-code")
    expect(code.or_(button).first).to_be_visible(timeout=CONSOLE_PATIENCE_MS)
    if not code.is_visible():
        button.click()
    expect(code).to_be_visible(timeout=CONSOLE_PATIENCE_MS)
    digits = "".join(character for character in code.inner_text() if character.isdigit())
    assert len(digits) == 9
    return digits


def wait_active(page: Page) -> None:
    expect(page.get_by_test_id("active-panel")).to_be_visible(timeout=CONSOLE_PATIENCE_MS)


def end_session(page: Page) -> None:
    page.get_by_test_id("end-session").first.click()
    page.get_by_test_id("end-confirm").click()
    expect(page.get_by_test_id("ended-panel")).to_be_visible(timeout=CONSOLE_PATIENCE_MS)


def open_viewer(context: BrowserContext, url: str, session_id: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/connect/{session_id}")
    return page


def end_from_list(page: Page) -> None:
    """End the only session from the list of open ones."""
    page.get_by_test_id("end-session").first.click()
    page.get_by_test_id("end-confirm").click()
    expect(page.get_by_test_id("session-row")).to_have_count(0, timeout=CONSOLE_PATIENCE_MS)


def connect(page: Page, password: str) -> None:
    """Type the session password into the viewer and wait for the picture."""
    page.locator("#password").fill(password)
    page.locator("#connect").click()
    wait_picture(page)


def wait_picture(page: Page) -> None:
    eventually(lambda: page.evaluate("document.getElementById('screen').width > 1"), "a picture")
    expect(page.locator("#notice")).to_be_hidden(timeout=CONSOLE_PATIENCE_MS)


def canvas_picture(page: Page) -> bytes:
    """Return the viewer's canvas as PNG."""
    url: str = page.evaluate("document.getElementById('screen').toDataURL('image/png')")
    return base64.b64decode(url.split(",", 1)[1])


def click_screen(page: Page, x: int, y: int) -> None:
    """Click at a pixel of the customer's screen."""
    box = page.locator("#screen").bounding_box()
    assert box is not None
    width, height = page.evaluate("[document.getElementById('screen').width, document.getElementById('screen').height]")
    page.mouse.click(box["x"] + (x + 0.5) * box["width"] / width, box["y"] + (y + 0.5) * box["height"] / height)
