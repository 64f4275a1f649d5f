"""Working on the customer's screen: keyboards, clipboard, sizes, the customer's switches, a line that breaks."""

import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e import pages
from tests.e2e.conftest import Installation, Prepared
from tests.e2e.test_flow import same_picture, type_into_terminal
from tests.support.customer import CustomerScreen, HostProgram
from tests.support.line import Line
from tests.support.processes import eventually

ALT_GRAPH_KEYS = {"@": "KeyQ", "€": "KeyE", "{": "Digit7", "\\": "Minus", "~": "BracketRight"}
PLAIN_KEYS = {
    "ä": "Quote",
    "ö": "Semicolon",
    "ü": "BracketLeft",
    "ß": "Minus",
    "z": "KeyY",
    "y": "KeyZ",
    "#": "Backslash",
}


def press(keys: CDPSession, code: str, key: str, text: str = "") -> None:
    """Press a key as a keyboard of another layout does: position and character, nothing else."""
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "code": code, "key": key, "text": text})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "code": code, "key": key})


def using(house: Installation, *, layout: str = "us") -> tuple[Prepared, CustomerScreen, HostProgram, Path, Page]:
    prepared = house.prepare()
    screen = house.screen(layout=layout)
    typed = screen.typing_terminal()
    host = house.activate(prepared, screen)
    viewer = pages.open_viewer(house.context, house.server.url, prepared.id)
    pages.connect(viewer, prepared.password)
    pages.click_screen(viewer, 300, 300)
    return prepared, screen, host, typed, viewer


@pytest.mark.parametrize("layout", ["de", "us"])
def test_a_german_keyboard_types_german_on_any_layout(house: Installation, layout: str) -> None:
    _, _, _, typed, viewer = using(house, layout=layout)
    keys = viewer.context.new_cdp_session(viewer)
    for character, code in PLAIN_KEYS.items():
        press(keys, code, character, character)
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "code": "AltRight", "key": "AltGraph"})
    for character, code in ALT_GRAPH_KEYS.items():
        press(keys, code, character, character)
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "code": "AltRight", "key": "AltGraph"})
    # A dead key: nothing comes until the character is composed.
    press(keys, "Backquote", "Dead")
    press(keys, "KeyA", "â", "â")
    viewer.keyboard.insert_text("漢字")
    viewer.keyboard.press("Enter")
    wanted = "".join(PLAIN_KEYS) + "".join(ALT_GRAPH_KEYS) + "â漢字"
    eventually(lambda: wanted in typed.read_text(), f"{wanted!r} on the {layout} layout")


def test_clipboard_text_goes_both_ways(house: Installation) -> None:
    _, screen, _, typed, viewer = using(house)
    viewer.locator("#clipboard-open").click()
    viewer.locator("#clipboard-outgoing").fill("vom Techniker: äöü €")
    viewer.locator("#clipboard-send").click()

    def remote() -> str:
        found = subprocess.run(
            ["xclip", "-selection", "clipboard", "-o", "-display", screen.display],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return found.stdout

    eventually(lambda: remote() == "vom Techniker: äöü €", "the technician's text on the customer's clipboard")
    subprocess.run(
        ["xclip", "-selection", "clipboard", "-i", "-display", screen.display],
        input="vom Kunden: ß 漢", text=True, check=True,
    )  # fmt: skip
    expect(viewer.locator("#clipboard-received")).to_have_value("vom Kunden: ß 漢", timeout=15_000)
    viewer.locator("#clipboard-outgoing").fill("getippt: Grüße")
    viewer.locator("#clipboard-type").click()
    viewer.keyboard.press("Escape")
    pages.click_screen(viewer, 300, 300)
    viewer.keyboard.press("Enter")
    eventually(lambda: "getippt: Grüße" in typed.read_text(), "typed clipboard")


def test_fit_actual_size_and_full_screen(house: Installation) -> None:
    _, _, _, typed, viewer = using(house)
    canvas = viewer.locator("#screen")
    viewer.locator("#view-actual").click()
    box = canvas.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (1024, 768)
    viewer.set_viewport_size({"width": 700, "height": 500})
    viewer.locator("#view-fit").click()
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] <= 700
    assert box["height"] <= 500
    assert abs(box["width"] / box["height"] - 1024 / 768) < 0.01
    type_into_terminal(viewer, typed, "klein getippt")
    viewer.locator("#full-screen").click()
    eventually(lambda: viewer.evaluate("document.fullscreenElement !== null"), "full screen")
    type_into_terminal(viewer, typed, "gross getippt")


def test_the_customer_can_take_control_and_sight_away(house: Installation) -> None:
    _, screen, host, typed, viewer = using(house)
    host.program.say("control off")
    expect(viewer.locator("#view-only")).to_be_visible(timeout=15_000)
    viewer.keyboard.type("darf nicht ankommen")
    viewer.keyboard.press("Enter")
    host.program.say("control on")
    expect(viewer.locator("#view-only")).to_be_hidden(timeout=15_000)
    type_into_terminal(viewer, typed, "darf ankommen")
    assert "darf nicht" not in typed.read_text()
    host.program.say("view off")
    host.state(view=False)
    subprocess.run(["xdotool", "type", "geheim"], env={**os.environ, **screen.env}, check=True)
    eventually(lambda: not same_picture(viewer, screen), "the screen has changed, the picture has not")
    host.program.say("view on")
    eventually(lambda: same_picture(viewer, screen), "the picture is back")


def test_a_customer_who_is_asked_may_say_no(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    screen.typing_terminal()
    host = house.activate(prepared, screen)
    host.program.say("ask on")
    host.state(ask=True)
    viewer = pages.open_viewer(house.context, house.server.url, prepared.id)
    viewer.locator("#password").fill(prepared.password)
    viewer.locator("#connect").click()
    host.event("connection_question")
    host.program.say("no")
    expect(viewer.get_by_text("ZRF-407").first).to_be_visible(timeout=20_000)


def test_a_broken_line_ends_nothing(line_house: tuple[Installation, Line]) -> None:
    house, line = line_house
    _, screen, host, typed, viewer = using(house)
    line.cut()
    expect(viewer.locator("#notice")).to_be_visible(timeout=20_000)
    host.state(link="offline")
    line.mend()
    host.state(link="online")
    pages.wait_picture(viewer)
    eventually(lambda: same_picture(viewer, screen), "the picture is back")
    type_into_terminal(viewer, typed, "nach dem Bruch")


def test_the_customer_ends_without_a_line(line_house: tuple[Installation, Line]) -> None:
    house, line = line_house
    prepared = house.prepare()
    screen = house.screen()
    host = house.activate(prepared, screen)
    line.cut()
    host.state(link="offline")
    host.program.say("end")
    host.event("ended")
    assert not host.data_dir.exists()
    line.mend()
    host.gone()
