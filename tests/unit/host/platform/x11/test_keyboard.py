import asyncio
from pathlib import Path

import pytest
from xcffib.xproto import EventMask, KeyPressEvent, KeyReleaseEvent

from tests.support.x11 import Drawing, XServer, seen, typing_target, until
from zuruf.host.platform.x11.desktop import X11Desktop
from zuruf.host.platform.x11.keysyms import KEYCODES

TEXT = "Hällo wörld €@{[]}\\~ ß ^ ´ à ñ 漢 Ωя|<>\"'#+*?=)(/&%$§!"
LAYOUTS = [("-layout", "us"), ("-layout", "de"), ("-layout", "fr"), ("-layout", "us,ru"), ("-layout", "ru,us")]


async def press(desktop: X11Desktop, code: str, key: str) -> None:
    await desktop.input.key(code, key, True)
    await desktop.input.key(code, key, False)


async def end_of_input(desktop: X11Desktop) -> None:
    await press(desktop, "Enter", "Enter")
    await desktop.input.key("ControlLeft", "Control", True)
    await press(desktop, "KeyD", "d")
    await desktop.input.key("ControlLeft", "Control", False)


def pressed(drawing: Drawing, desktop: X11Desktop) -> list[tuple[str, int, int]]:
    """What a window of this client got: press or release, position, modifiers."""
    kinds = {KeyPressEvent: "press", KeyReleaseEvent: "release"}
    return [
        (kinds[type(e)], e.detail, e.state) for e in seen(desktop, drawing).events((KeyPressEvent, KeyReleaseEvent))
    ]  # type: ignore[arg-type]


@pytest.fixture
def typed_into(drawing: Drawing) -> Drawing:
    window = drawing.window(EventMask.KeyPress | EventMask.KeyRelease)
    drawing.core.SetInputFocus(1, window, 0)
    drawing.sync()
    return drawing


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_text_arrives_as_it_is_on_any_layout(
    server: XServer, desktop: X11Desktop, tmp_path: Path, layout: tuple[str, ...]
) -> None:
    server.layout(*layout)
    async with typing_target(server, tmp_path, f"cat > {tmp_path}/typed") as terminal:
        await desktop.input.type_text(TEXT)
        await end_of_input(desktop)
        await until(lambda: terminal.poll() is not None)
    assert (tmp_path / "typed").read_text() == TEXT + "\n"


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_key_events_of_another_layout_type_their_characters(
    server: XServer, desktop: X11Desktop, tmp_path: Path, layout: tuple[str, ...]
) -> None:
    server.layout(*layout)
    async with typing_target(server, tmp_path, f"cat > {tmp_path}/typed") as terminal:
        for character in TEXT:
            await press(desktop, "KeyQ", character)
        await end_of_input(desktop)
        await until(lambda: terminal.poll() is not None)
    assert (tmp_path / "typed").read_text() == TEXT + "\n"


async def test_more_unknown_characters_than_spare_keys_all_arrive(
    server: XServer, desktop: X11Desktop, tmp_path: Path
) -> None:
    server.layout("-layout", "us")
    text = "".join(chr(0x4E00 + index * 7) for index in range(40))
    async with typing_target(server, tmp_path, f"cat > {tmp_path}/typed") as terminal:
        await desktop.input.type_text(text)
        await end_of_input(desktop)
        await until(lambda: terminal.poll() is not None)
    assert (tmp_path / "typed").read_text() == text + "\n"


async def test_altgr_and_q_of_a_german_keyboard_is_an_at_sign_typed_by_these_very_keys(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "de")
    await desktop.input.key("AltRight", "AltGraph", True)
    await desktop.input.key("KeyQ", "@", True)
    assert seen(desktop, typed_into).keys_down() == sorted([KEYCODES["KeyQ"], KEYCODES["AltRight"]])
    presses = [(code, state) for kind, code, state in pressed(typed_into, desktop) if kind == "press"]
    assert presses == [(KEYCODES["AltRight"], 0), (KEYCODES["KeyQ"], 0x80)]


async def test_altgr_of_a_windows_browser_types_the_character_without_its_control(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "de")
    await desktop.input.key("ControlLeft", "Control", True)
    await desktop.input.key("AltRight", "AltGraph", True)
    pressed(typed_into, desktop)
    await desktop.input.key("KeyQ", "@", True)
    assert ("press", KEYCODES["KeyQ"], 0x80) in pressed(typed_into, desktop)


async def test_control_and_a_letter_goes_to_the_key_that_carries_the_letter(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "de")
    await desktop.input.key("ControlLeft", "Control", True)
    await desktop.input.key("KeyZ", "z", True)
    assert pressed(typed_into, desktop)[-1] == ("press", KEYCODES["KeyY"], 0x04)


async def test_control_c_interrupts_the_program(server: XServer, desktop: X11Desktop, tmp_path: Path) -> None:
    server.layout("-layout", "de")
    trap = f"trap 'echo interrupted > {tmp_path}/seen; exit' INT"
    async with typing_target(server, tmp_path, "while :; do read line; done", prepare=trap) as terminal:
        await desktop.input.key("ControlLeft", "Control", True)
        await press(desktop, "KeyC", "c")
        await until(lambda: terminal.poll() is not None)
    assert (tmp_path / "seen").read_text() == "interrupted\n"


async def test_a_key_that_is_held_is_pressed_once_and_released_with_the_viewers(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "us")
    for _ in range(3):
        await desktop.input.key("KeyW", "w", True)
    await desktop.input.key("KeyW", "w", False)
    w = KEYCODES["KeyW"]
    assert pressed(typed_into, desktop) == [("press", w, 0), ("release", w, 0)]


async def test_modifiers_the_viewer_holds_are_down_again_after_a_foreign_character(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "de")
    await desktop.input.key("ShiftLeft", "Shift", True)
    pressed(typed_into, desktop)
    await press(desktop, "Digit2", "@")
    q = KEYCODES["KeyQ"]
    assert [event for event in pressed(typed_into, desktop) if event[1] == q] == [
        ("press", q, 0x80),
        ("release", q, 0x80),
    ]
    assert seen(desktop, typed_into).keys_down() == [KEYCODES["ShiftLeft"]]


async def test_caps_lock_on_the_remote_side_does_not_change_what_is_typed(
    server: XServer, desktop: X11Desktop, tmp_path: Path
) -> None:
    server.layout("-layout", "de")
    await press(desktop, "CapsLock", "CapsLock")
    try:
        async with typing_target(server, tmp_path, f"cat > {tmp_path}/typed") as terminal:
            await press(desktop, "KeyA", "a")
            await press(desktop, "KeyB", "B")
            await desktop.input.type_text("äÖc漢")
            await end_of_input(desktop)
            await until(lambda: terminal.poll() is not None)
    finally:
        await press(desktop, "CapsLock", "CapsLock")
    assert (tmp_path / "typed").read_text() == "aBäÖc漢\n"


async def test_arrows_go_by_position_and_keypad_digits_follow_num_lock(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "us")
    await press(desktop, "ArrowLeft", "ArrowLeft")
    await press(desktop, "Numpad4", "ArrowLeft")
    await press(desktop, "NumLock", "NumLock")
    await press(desktop, "Numpad4", "4")
    await press(desktop, "Numpad4", "ArrowLeft")
    await press(desktop, "NumLock", "NumLock")
    codes = [
        code for kind, code, _state in pressed(typed_into, desktop) if kind == "press" and code != KEYCODES["NumLock"]
    ]
    arrow, keypad = KEYCODES["ArrowLeft"], KEYCODES["Numpad4"]
    assert codes == [arrow, keypad, keypad, arrow]


async def test_dead_keys_wait_for_their_composed_character(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "de")
    await press(desktop, "Equal", "Dead")
    assert pressed(typed_into, desktop) == []


async def test_a_layout_that_changes_is_followed(server: XServer, desktop: X11Desktop, typed_into: Drawing) -> None:
    server.layout("-layout", "us")
    await press(desktop, "KeyZ", "y")
    server.layout("-layout", "de")
    await press(desktop, "KeyZ", "y")
    codes = [code for kind, code, _state in pressed(typed_into, desktop) if kind == "press"]
    assert codes == [KEYCODES["KeyY"], KEYCODES["KeyZ"]]


async def test_borrowed_keys_are_given_back(server: XServer, desktop: X11Desktop, drawing: Drawing) -> None:
    server.layout("-layout", "us")
    before = bytes(drawing.core.GetKeyboardMapping(8, 248).reply().keysyms.buf())
    await desktop.input.type_text("漢字")
    assert bytes(drawing.core.GetKeyboardMapping(8, 248).reply().keysyms.buf()) != before
    await desktop.close()
    assert bytes(drawing.core.GetKeyboardMapping(8, 248).reply().keysyms.buf()) == before


async def test_a_long_text_can_be_stopped_between_two_characters(
    server: XServer, desktop: X11Desktop, typed_into: Drawing
) -> None:
    server.layout("-layout", "us")
    typing = asyncio.create_task(desktop.input.type_text("a" * 200))
    for _ in range(3):
        await asyncio.sleep(0)
    typing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await typing
    assert 0 < len(pressed(typed_into, desktop)) < 400
    assert seen(desktop, typed_into).keys_down() == []
