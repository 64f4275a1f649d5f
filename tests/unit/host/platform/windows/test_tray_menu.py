"""The icon beside the clock, in Windows' own terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.platform.windows.tray_menu import Reaction, fitting, menu_text, place, reaction
from zuruf.host.ui.texts import Control

LEFT_UP, RIGHT_UP, DOUBLE, CONTEXT_MENU, SELECT, KEY_SELECT, BALLOON = 0x202, 0x205, 0x203, 0x7B, 0x400, 0x401, 0x405


def test_a_click_is_meant_once_though_new_icons_say_it_twice() -> None:
    assert [reaction(message, 4) for message in (LEFT_UP, SELECT)] == [Reaction.NONE, Reaction.OPEN]
    assert [reaction(message, 4) for message in (RIGHT_UP, CONTEXT_MENU)] == [Reaction.NONE, Reaction.MENU]
    assert [reaction(message, 0) for message in (LEFT_UP, RIGHT_UP)] == [Reaction.OPEN, Reaction.MENU]


def test_the_keyboard_opens_too() -> None:
    assert reaction(KEY_SELECT, 4) is Reaction.OPEN
    assert reaction(DOUBLE, 0) is Reaction.OPEN


@pytest.mark.parametrize("version", [0, 4])
def test_a_click_on_the_message_opens(version: int) -> None:
    assert reaction(BALLOON, version) is Reaction.OPEN
    assert reaction(0x200, version) is Reaction.NONE


def test_the_menu_opens_on_monitors_left_of_the_first() -> None:
    assert place(0x0010_0020) == (0x20, 0x10)
    assert place(0xFFF0_FF00) == (-0x100, -0x10)


def test_the_letter_is_marked_and_other_ampersands_stay() -> None:
    assert menu_text(Control("Support-Sitzung beenden", 17)) == "Support-Sitzung b&eenden"
    assert menu_text(Control("A & B", -1)) == "A && B"
    assert menu_text(Control("A & B", 4)) == "A && &B"


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_a_text_fits_and_is_whole_where_it_can_be(text: str, units: int) -> None:
    fitted = fitting(text, units)
    assert len(fitted.encode("utf-16-le", "surrogatepass")) // 2 <= units
    if fitted != text:
        assert fitted.endswith("…")
        assert text.startswith(fitted[:-1])
