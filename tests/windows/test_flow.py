"""A customer's PC under Wine, the built app and a technician in Chromium: the whole way, and back after a restart."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageGrab
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import pages
from tests.support.browser import chromium, context, picture
from tests.support.processes import eventually
from tests.windows.conftest import TECHNICIAN, House

CUSTOMER = "kunde@kunde.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def technicians_browser(browser: Browser) -> Iterator[BrowserContext]:
    found = context(browser, own_authority=True)
    yield found
    found.close()


def same_picture(viewer: Page, house: House) -> bool:
    """Whether the viewer's canvas is the PC's screen, every pixel of it."""
    shown = Image.open(io.BytesIO(pages.canvas_picture(viewer))).convert("RGB")
    real = ImageGrab.grab(xdisplay=house.pc.screen.display).convert("RGB")
    return shown.size == real.size and ImageChops.difference(shown, real).getbbox() is None


def open_note(house: House) -> Path:
    """Open Notepad with a file that is UTF-8 by its mark; return the file."""
    note = house.pc.drive / "users/anna/Notiz.txt"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(b"\xef\xbb\xbf")
    house.pc.start("notepad", house.pc.windows_path(note))
    house.pc.wait_window("Notiz.txt")
    return note


def write_note(viewer: Page, house: House, note: Path, text: str) -> None:
    """Click into Notepad and type there through the viewer, save, and read the file on the PC."""
    pages.click_screen(viewer, 200, 200)
    viewer.keyboard.type(text)
    picture(viewer, "windows-typed")
    viewer.keyboard.press("Control+s")
    eventually(
        lambda: text in note.read_bytes().decode("utf-8", "replace"),
        f"{text!r} in the file, which has {note.read_bytes()!r}",
    )


def open_viewer(browser: BrowserContext, house: House, session: dict[str, Any], password: str) -> Page:
    viewer = pages.open_viewer(browser, house.server.url, session["id"])
    pages.connect(viewer, password)
    return viewer


def test_a_technician_sees_and_uses_the_pc_and_comes_back_after_a_restart(
    house: House, technicians_browser: BrowserContext
) -> None:
    console = technicians_browser.new_page()
    pages.sign_in(console, house.server.url, TECHNICIAN)
    session_id, password = pages.new_session(console, CUSTOMER)
    session = house.technician.session(session_id)
    pages.security_code(console)
    house.run(house.download(session))
    house.started(session)
    # What the technician reads out is what the page shows now.
    code = pages.security_code(console).encode()
    house.picture("code")
    house.type_code_until(code, lambda: house.session(session)["state"] != "prepared")
    pages.wait_active(console)
    house.active(session)
    house.window()
    house.picture("active")

    note = open_note(house)
    viewer = open_viewer(technicians_browser, house, session, password)
    # Notepad's caret blinks: some moment is the same on both sides.
    eventually(lambda: same_picture(viewer, house), "the picture is exact", 40)
    picture(viewer, "windows-viewer")
    house.picture("connected")
    write_note(viewer, house, note, "Grüße aus der Ferne: 5 € @ 漢")
    viewer.close()
    viewer = open_viewer(technicians_browser, house, session, password)
    write_note(viewer, house, note, " und wieder da")
    viewer.close()

    house.pc.shut_down()
    eventually(lambda: not house.session(session)["host_online"], "the PC is off", 60)
    house.pc.boot()
    house.active(session)
    viewer = open_viewer(technicians_browser, house, session, password)
    eventually(lambda: same_picture(viewer, house), "the picture is exact after the restart", 40)
    viewer.close()

    console.goto(f"{house.server.url}/console/sessions/{session_id}")
    pages.end_session(console)
    house.removed(session)
    house.gone()
    console.goto(f"{house.server.url}/console/history")
    expect(console.locator(f"[data-session='{session_id}'] [data-removal='confirmed']")).to_be_visible()
    picture(console, "windows-history")
    receipt = house.technician.http.get(f"/api/v1/sessions/{session_id}/receipt").json()
    assert "downloaded file" in str(receipt)


def test_a_session_that_the_technician_ends_leaves_nothing(house: House) -> None:
    session = house.activate()
    assert house.session(session)["host"]["system"].startswith("Microsoft Windows 10")
    house.end(session)
    ended = house.removed(session)
    house.gone()
    assert (ended["state"], ended["end_reason"]) == ("ended", "technician")
