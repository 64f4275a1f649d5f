"""What Windows is given for the keys of a viewer."""

import pytest

from tests.unit.host.platform.windows.layouts import GERMAN, US
from tests.unit.host.platform.windows.recording import RecordingInjector
from zuruf.host.platform.windows.injector import KeyEvent, UnitEvent
from zuruf.host.platform.windows.keyboard import Keyboard
from zuruf.host.platform.windows.keys import (
    LEFT_ALT,
    LEFT_CONTROL,
    LEFT_SHIFT,
    MENU_MASK,
    NAMED,
    RIGHT_ALT,
    Key,
)

Q, C = Key(0x51, 0x10), Key(0x43, 0x2E)


@pytest.fixture
def german() -> RecordingInjector:
    return RecordingInjector(GERMAN)


def down(*keys: Key) -> list[KeyEvent]:
    return [KeyEvent(key, True) for key in keys]


def up(*keys: Key) -> list[KeyEvent]:
    return [KeyEvent(key, False) for key in keys]


def test_a_key_is_down_until_the_viewer_releases_it(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("KeyQ", "q", True)
    assert german.take() == down(Q)
    keyboard.key("KeyQ", "q", False)
    assert german.take() == up(Q)


def test_a_key_repeats_as_the_viewer_s_does(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    for _ in range(3):
        keyboard.key("KeyQ", "q", True)
    assert german.take() == down(Q, Q, Q)


def test_a_modifier_does_not_repeat(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    for _ in range(3):
        keyboard.key("ShiftLeft", "Shift", True)
    assert german.take() == down(LEFT_SHIFT)


def test_a_release_finds_its_key_even_with_another_character(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("KeyQ", "q", True)
    keyboard.key("KeyQ", "Q", False)
    assert not german.down


def test_a_release_without_a_press_does_nothing(german: RecordingInjector) -> None:
    Keyboard(german).key("KeyQ", "q", False)
    assert german.take() == []


def test_altgr_is_pressed_only_around_the_character_that_needs_it(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("AltRight", "AltGraph", True)
    assert german.take() == []
    keyboard.key("KeyQ", "@", True)
    assert german.take() == [*down(LEFT_CONTROL, RIGHT_ALT, Q), *up(Q, RIGHT_ALT, LEFT_CONTROL)]
    keyboard.key("KeyQ", "@", False)
    keyboard.key("AltRight", "AltGraph", False)
    assert german.take() == []


def test_a_control_that_was_reported_beside_altgr_is_no_command(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("ControlLeft", "Control", True)
    keyboard.key("AltRight", "AltGraph", True)
    german.take()
    keyboard.key("KeyQ", "@", True)
    assert german.take() == [*down(RIGHT_ALT, Q), *up(Q, RIGHT_ALT)]


def test_after_altgr_is_released_control_makes_commands_again(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("AltRight", "AltGraph", True)
    keyboard.key("AltRight", "AltGraph", False)
    keyboard.key("ControlLeft", "Control", True)
    german.take()
    keyboard.key("KeyC", "c", True)
    assert german.take() == down(C)


def test_shift_of_the_viewer_is_put_back_around_a_character_that_must_not_have_it() -> None:
    injector = RecordingInjector(US)
    keyboard = Keyboard(injector)
    keyboard.key("ShiftLeft", "Shift", True)
    injector.take()
    keyboard.key("Digit7", "/", True)
    slash = Key(0xBF, 0x35)
    assert injector.take() == [*up(LEFT_SHIFT), *down(slash), *up(slash), *down(LEFT_SHIFT)]


def test_what_the_customer_holds_counts_too() -> None:
    injector = RecordingInjector(US)
    injector.down.add(LEFT_SHIFT)
    Keyboard(injector).type_character("/")
    assert injector.take()[0] == KeyEvent(LEFT_SHIFT, False)


def test_taking_alt_away_for_a_character_opens_no_menu() -> None:
    injector = RecordingInjector(US)
    keyboard = Keyboard(injector)
    keyboard.key("AltLeft", "Alt", True)
    injector.take()
    keyboard.type_character("ö")
    typed = [UnitEvent(ord("ö"), True), UnitEvent(ord("ö"), False)]
    mask = [*down(MENU_MASK), *up(MENU_MASK)]
    assert injector.take() == [*mask, *up(LEFT_ALT), *typed, *down(LEFT_ALT), *mask]


def test_a_character_beyond_the_first_plane_is_two_units() -> None:
    injector = RecordingInjector(US)
    Keyboard(injector).type_character("😀")
    assert injector.take() == [UnitEvent(unit, is_down) for unit in (0xD83D, 0xDE00) for is_down in (True, False)]


def test_a_character_on_a_key_that_is_held_is_typed_once_that_is_up(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("KeyQ", "q", True)
    german.take()
    keyboard.type_character("q")
    assert german.take() == [*up(Q), *down(Q), *up(Q)]
    keyboard.key("KeyQ", "q", False)
    assert german.take() == []


def test_everything_held_is_released_at_once_and_only_once(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("ControlLeft", "Control", True)
    keyboard.key("KeyC", "c", True)
    keyboard.release_all()
    assert not german.down
    german.take()
    keyboard.release_all()
    assert german.take() == []


def test_two_positions_on_one_key_hold_it_until_both_are_released(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("ArrowLeft", "ArrowLeft", True)
    keyboard.key("Numpad4", "ArrowLeft", True)
    keyboard.key("ArrowLeft", "ArrowLeft", False)
    assert len(german.down) == 1
    keyboard.key("Numpad4", "ArrowLeft", False)
    assert not german.down


def test_what_windows_did_not_take_is_not_held(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    german.refuses = True
    keyboard.key("KeyQ", "q", True)
    german.refuses = False
    keyboard.key("KeyQ", "q", False)
    assert german.take() == []


def test_more_keys_than_a_keyboard_has_release_the_first_ones(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    for number in range(129):
        keyboard.key(f"made up {number}", "q", True)
    assert german.take()[-2:] == [KeyEvent(Q, False), KeyEvent(Q, True)]


def test_delete_with_control_and_alt_is_ctrl_alt_del_and_no_key(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("ControlLeft", "Control", True)
    keyboard.key("AltLeft", "Alt", True)
    keyboard.key("Delete", "Delete", True)
    assert german.attentions == 1
    assert german.take() == [*down(LEFT_CONTROL, LEFT_ALT), *up(LEFT_CONTROL, LEFT_ALT)]


def test_ctrl_alt_del_is_sent_once_however_long_it_is_held(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    keyboard.key("ControlLeft", "Control", True)
    keyboard.key("AltLeft", "Alt", True)
    for _ in range(3):
        keyboard.key("Delete", "Delete", True)
    assert german.attentions == 1
    german.take()
    for code, key in (("Delete", "Delete"), ("AltLeft", "Alt"), ("ControlLeft", "Control")):
        keyboard.key(code, key, False)
    assert german.take() == []


def test_after_ctrl_alt_del_delete_is_a_key_again(german: RecordingInjector) -> None:
    keyboard = Keyboard(german)
    for is_down in (True, False):
        for code, key in (("ControlLeft", "Control"), ("AltLeft", "Alt"), ("Delete", "Delete")):
            keyboard.key(code, key, is_down)
    german.take()
    keyboard.key("Delete", "Delete", True)
    assert german.take() == down(NAMED["Delete"])
