"""Which key is pressed, on the German, the US and the French layout."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.host.platform.windows.layouts import FRENCH, GERMAN, US, TableLayout
from zuruf.host.platform.windows.decide import (
    Attention,
    Hold,
    State,
    Stroke,
    Tap,
    ThirdLevel,
    Unicode,
    press,
    type_character,
)
from zuruf.host.platform.windows.keys import (
    ALT,
    ALTGR,
    COMMANDS,
    CONTROL,
    EXTENDED,
    LEFT_ALT,
    LEFT_CONTROL,
    LEFT_META,
    META,
    NAMED,
    POSITIONS,
    RIGHT_CONTROL,
    RIGHT_SHIFT,
    SHIFT,
    Key,
)

EVERY = SHIFT | COMMANDS
THIRD = State(third_level=True)
Q, E, Z, SEVEN = Key(0x51, 0x10), Key(0x45, 0x12), Key(0x5A, 0x15), Key(0x37, 0x08)
NUMPAD_5 = Key(0x65, 0x4C)


@pytest.mark.parametrize(
    ("layout", "state", "code", "character", "action"),
    [
        (GERMAN, State(), "KeyQ", "q", Hold(Q)),
        (GERMAN, State(SHIFT), "KeyQ", "Q", Hold(Q)),
        (GERMAN, State(), "KeyZ", "z", Hold(Z)),
        (GERMAN, State(), "KeyY", "z", Hold(Z)),
        (GERMAN, THIRD, "KeyQ", "@", Tap(Q, ALTGR, EVERY)),
        (GERMAN, THIRD, "KeyE", "€", Tap(E, ALTGR, EVERY)),
        (GERMAN, State(CONTROL, third_level=True), "KeyQ", "@", Tap(Q, ALTGR, EVERY)),
        (GERMAN, State(SHIFT), "Digit2", "@", Tap(Q, ALTGR, EVERY)),
        (GERMAN, State(), "Minus", "ß", Hold(Key(0xDB, 0x0C))),
        (GERMAN, State(), "Slash", "/", Tap(SEVEN, SHIFT, EVERY)),
        (GERMAN, State(SHIFT), "Digit7", "/", Hold(SEVEN)),
        (GERMAN, State(), "Backquote", "^", Unicode("^")),
        (GERMAN, State(), "Numpad5", "5", Hold(NUMPAD_5)),
        (GERMAN, State(), "Space", " ", Hold(Key(0x20, 0x39))),
        (US, THIRD, "KeyQ", "@", Tap(Key(0x32, 0x03), SHIFT, EVERY)),
        (US, State(), "Semicolon", "ö", Unicode("ö")),
        (US, State(SHIFT), "Quote", "Ä", Unicode("Ä")),
        (US, State(), "KeyE", "€", Unicode("€")),
        (US, State(SHIFT), "Digit7", "/", Tap(Key(0xBF, 0x35), 0, EVERY)),
        (US, State(), "", "漢", Unicode("漢")),
        (US, State(), "", "😀", Unicode("😀")),
        (FRENCH, State(), "KeyQ", "q", Hold(Key(0x51, 0x1E))),
        (FRENCH, State(), "Digit1", "1", Tap(Key(0x31, 0x02), SHIFT, EVERY)),
        (FRENCH, State(), "BracketLeft", "^", Tap(Key(0x39, 0x0A), ALTGR, EVERY)),
        (FRENCH, State(), "BracketLeft", "¨", Unicode("¨")),
    ],
)
def test_a_character_is_typed_by_the_key_that_makes_it(
    layout: TableLayout, state: State, code: str, character: str, action: object
) -> None:
    assert press(layout, state, code, character) == action


@pytest.mark.parametrize(
    ("pressed", "code", "character", "action"),
    [
        (SHIFT, "KeyA", "a", Hold(Key(0x41, 0x1E))),
        (0, "KeyA", "A", Hold(Key(0x41, 0x1E))),
        (0, "KeyA", "a", Tap(Key(0x41, 0x1E), SHIFT, EVERY)),
        (0, "Digit1", "1", Hold(Key(0x31, 0x02))),
    ],
)
def test_caps_lock_changes_which_keys_make_a_letter(pressed: int, code: str, character: str, action: object) -> None:
    assert press(GERMAN, State(pressed, caps=True), code, character) == action


@pytest.mark.parametrize(
    ("layout", "pressed", "code", "character", "action"),
    [
        (GERMAN, CONTROL, "KeyC", "c", Hold(Key(0x43, 0x2E))),
        (FRENCH, CONTROL, "KeyC", "c", Hold(Key(0x43, 0x2E))),
        (FRENCH, CONTROL, "KeyA", "a", Hold(Key(0x41, 0x10))),
        (GERMAN, CONTROL, "KeyZ", "z", Hold(Z)),
        (GERMAN, CONTROL | SHIFT, "KeyV", "V", Hold(Key(0x56, 0x2F))),
        (FRENCH, CONTROL, "Digit1", "1", Hold(Key(0x31, 0x02))),
        (FRENCH, CONTROL, "Digit1", "&", Hold(Key(0x31, 0x02))),
        (GERMAN, META, "KeyE", "e", Hold(E)),
        (GERMAN, ALT, "KeyQ", "й", Hold(Q)),
        (GERMAN, CONTROL, "", "й", None),
        (US, CONTROL, "BracketRight", "+", Tap(Key(0xBB, 0x0D), SHIFT, SHIFT)),
        (US, CONTROL | SHIFT, "Digit7", "/", Hold(Key(0xBF, 0x35))),
        (GERMAN, CONTROL, "NumpadAdd", "+", Hold(Key(0x6B, 0x4E))),
        (GERMAN, CONTROL, "BracketLeft", "[", Hold(Key(0xBA, 0x1A))),
        (GERMAN, CONTROL, "", "@", None),
    ],
)
def test_a_command_goes_to_the_key_that_carries_the_letter(
    layout: TableLayout, pressed: int, code: str, character: str, action: object
) -> None:
    assert press(layout, State(pressed), code, character) == action


@pytest.mark.parametrize("key", ["ö", "é"])
def test_a_layout_that_offers_a_similar_character_is_not_believed(key: str) -> None:
    class Similar(TableLayout):
        """Wine: the key of o for ö."""

        def stroke(self, character: str) -> Stroke | None:
            return super().stroke({"ö": "o", "é": "e"}.get(character, character))

    layout = Similar("18 4F o O · 12 45 e E")
    assert press(layout, State(), "", key) == Unicode(key)
    assert press(layout, State(CONTROL), "", key) is None


@pytest.mark.parametrize(
    ("layout", "code", "character", "action"),
    [
        (GERMAN, "KeyQ", "@", Tap(Q, ALTGR, EVERY)),
        (US, "KeyQ", "@", Tap(Key(0x32, 0x03), SHIFT, EVERY)),
        (US, "KeyE", "€", Unicode("€")),
        (GERMAN, "KeyQ", "q", Hold(Q)),
    ],
)
def test_ctrl_and_alt_together_are_altgr_where_they_make_no_command(
    layout: TableLayout, code: str, character: str, action: object
) -> None:
    assert press(layout, State(CONTROL | ALT), code, character) == action


@pytest.mark.parametrize(
    ("code", "name", "action"),
    [
        ("ArrowLeft", "ArrowLeft", Hold(Key(0x25, 0x4B | EXTENDED))),
        ("Numpad4", "ArrowLeft", Hold(Key(0x25, 0x4B | EXTENDED))),
        ("", "Delete", Hold(Key(0x2E, 0x53 | EXTENDED))),
        ("NumpadDecimal", "Delete", Hold(Key(0x2E, 0x53 | EXTENDED))),
        ("Enter", "Enter", Hold(Key(0x0D, 0x1C))),
        ("NumpadEnter", "Enter", Hold(Key(0x0D, 0x1C | EXTENDED))),
        ("CapsLock", "Escape", Hold(Key(0x1B, 0x01))),
        ("F24", "F24", Hold(Key(0x87, 0x76))),
        ("Pause", "Pause", Hold(Key(0x13, 0x45))),
        ("NumLock", "NumLock", Hold(Key(0x90, 0x45 | EXTENDED))),
        ("ShiftRight", "Shift", Hold(RIGHT_SHIFT)),
        ("ControlLeft", "Control", Hold(LEFT_CONTROL)),
        ("ControlRight", "Control", Hold(RIGHT_CONTROL)),
        ("CapsLock", "Control", Hold(LEFT_CONTROL)),
        ("MetaLeft", "Meta", Hold(LEFT_META)),
        ("AltRight", "Alt", Hold(LEFT_ALT)),
        ("AltRight", "AltGraph", ThirdLevel()),
        ("MediaStop", "MediaStop", Hold(Key(0xB2, 0x24 | EXTENDED))),
        ("Lang1", "HangulMode", Hold(Key(0, 0x72))),
        ("KeyQ", "Unidentified", Hold(Q)),
        ("", "Unidentified", None),
        ("Backquote", "Dead", None),
        ("KeyA", "Process", None),
        ("", "", None),
        ("no such code", "NoSuchKey", None),
    ],
)
def test_a_key_without_a_character_goes_by_name_and_else_by_position(code: str, name: str, action: object) -> None:
    assert press(GERMAN, State(), code, name) == action


@pytest.mark.parametrize(
    ("character", "action"),
    [
        ("\n", Tap(Key(0x0D, 0x1C), 0, EVERY)),
        ("\r", Tap(Key(0x0D, 0x1C), 0, EVERY)),
        ("\t", Tap(Key(0x09, 0x0F), 0, EVERY)),
        ("´", Unicode("´")),
        ("\x00", None),
        ("\x1b", None),
        ("\x7f", None),
        ("\ud800", None),
    ],
)
def test_text_is_typed_without_anything_that_is_held(character: str, action: object) -> None:
    assert type_character(GERMAN, State(CONTROL | ALT | SHIFT), character) == action


@settings(deadline=None)
@given(
    st.sampled_from([GERMAN, US, FRENCH]), st.integers(0, 15), st.booleans(), st.booleans(),
    st.sampled_from(["", *POSITIONS]) | st.text(max_size=5), st.text(max_size=3),
)  # fmt: skip
def test_nothing_a_viewer_sends_is_an_error(
    layout: TableLayout, pressed: int, caps: bool, third: bool, code: str, name: str
) -> None:
    state = State(pressed, caps, third)
    press(layout, state, code, name)
    for character in name:
        type_character(layout, state, character)


@pytest.mark.parametrize("held", [0, CONTROL, ALT, SHIFT, META | CONTROL])
def test_delete_is_a_key_without_both_control_and_alt(held: int) -> None:
    assert press(US, State(held), "Delete", "Delete") == Hold(NAMED["Delete"])


@pytest.mark.parametrize("code", ["Delete", "NumpadDecimal"])
@pytest.mark.parametrize("held", [ALTGR, ALTGR | SHIFT])
def test_delete_with_control_and_alt_asks_windows_for_attention(code: str, held: int) -> None:
    assert press(US, State(held), code, "Delete") == Attention()
