"""Which key is pressed, on a small layout written out here: Q, Z/Y swapped, a dead circumflex, AltGr."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.platform.x11.decide import Borrow, Hold, State, Tap, press, type_character
from zuruf.host.platform.x11.keymap import ALT, COMMANDS, CONTROL, LOCK, SHIFT, Key, Keymap, KeyType, Level
from zuruf.host.platform.x11.keysyms import KEYCODES, UNICODE_BASE

THIRD, NUM = 0x80, 0x10
ONE = KeyType(0, {})
ALPHABETIC = KeyType(SHIFT | LOCK, {SHIFT: Level(1, 0), LOCK: Level(1, 0)})
FOUR = KeyType(SHIFT | THIRD, {SHIFT: Level(1, 0), THIRD: Level(2, 0), SHIFT | THIRD: Level(3, 0)})
KEYPAD = KeyType(SHIFT | NUM, {NUM: Level(1, 0), SHIFT: Level(1, 0)})
Q, Y, Z, TWO, DEAD = (KEYCODES[code] for code in ("KeyQ", "KeyY", "KeyZ", "Digit2", "Backquote"))
LEFT, PAD4 = KEYCODES["ArrowLeft"], KEYCODES["Numpad4"]
SHIFT_L, ALTGR, CONTROL_L, ALT_L, CAPS = (
    KEYCODES[code] for code in ("ShiftLeft", "AltRight", "ControlLeft", "AltLeft", "CapsLock")
)
SPARE = 248


def key(kind: KeyType, *keysyms: int) -> Key:
    return Key((kind,), (keysyms,))


KEYMAP = Keymap(
    {
        Q: key(FOUR, ord("q"), ord("Q"), ord("@"), 0x7D9),
        Y: key(ALPHABETIC, ord("z"), ord("Z")),
        Z: key(ALPHABETIC, ord("y"), ord("Y")),
        TWO: key(FOUR, ord("2"), ord('"'), 0xB2, 0),
        DEAD: key(FOUR, 0xFE52, 0xB0, 0, 0),
        LEFT: key(ONE, 0xFF51),
        PAD4: key(KEYPAD, 0xFF96, 0xFFB4),
        SHIFT_L: key(ONE, 0xFFE1),
        ALTGR: key(ONE, 0xFE03),
        CONTROL_L: key(ONE, 0xFFE3),
        ALT_L: key(ONE, 0xFFE9),
        CAPS: key(ONE, 0xFFE5),
        203: key(ONE, 0xFE03),
        SPARE: Key((), ()),
    },
    {SHIFT_L: SHIFT, CONTROL_L: CONTROL, ALT_L: ALT, CAPS: LOCK, 203: THIRD},
)
TEXT_MASK = SHIFT | THIRD | COMMANDS


@pytest.mark.parametrize(
    ("state", "code", "character", "action"),
    [
        (State(), "KeyQ", "q", Hold(Q)),
        (State(pressed=SHIFT), "KeyQ", "Q", Hold(Q)),
        (State(pressed=THIRD, third_level=True), "KeyQ", "@", Hold(Q)),
        (State(), "KeyZ", "z", Hold(Y)),
        (State(), "KeyZ", "y", Hold(Z)),
        (State(pressed=SHIFT), "Digit2", "@", Tap(Q, THIRD, TEXT_MASK)),
        (State(), "KeyQ", '"', Tap(TWO, SHIFT, TEXT_MASK)),
        (State(), "", "Ω", Tap(Q, SHIFT | THIRD, TEXT_MASK)),
        (State(pressed=THIRD | CONTROL, third_level=True), "KeyQ", "@", Tap(Q, THIRD, TEXT_MASK)),
        (State(), "Backquote", "^", Borrow(ord("^"), COMMANDS)),
        (State(), "KeyN", "漢", Borrow(UNICODE_BASE + ord("漢"), COMMANDS)),
        (State(locked=LOCK), "KeyY", "Z", Hold(Y)),
        (State(locked=LOCK), "KeyY", "z", Tap(Y, SHIFT, TEXT_MASK)),
    ],
)
def test_a_character_is_typed_by_the_key_that_makes_it(state: State, code: str, character: str, action: object) -> None:
    assert press(KEYMAP, state, code, character) == action


@pytest.mark.parametrize(
    ("pressed", "code", "character", "action"),
    [
        (CONTROL, "KeyQ", "q", Hold(Q)),
        (CONTROL | SHIFT, "KeyQ", "Q", Hold(Q)),
        (CONTROL, "KeyZ", "z", Hold(Y)),
        (ALT, "KeyY", "y", Hold(Z)),
        (CONTROL, "KeyX", '"', Tap(TWO, SHIFT, SHIFT | THIRD)),
        (CONTROL, "KeyQ", "й", Hold(Q)),
        (CONTROL, "", "й", None),
    ],
)
def test_a_command_goes_to_the_key_that_carries_the_letter(
    pressed: int, code: str, character: str, action: object
) -> None:
    assert press(KEYMAP, State(pressed=pressed), code, character) == action


@pytest.mark.parametrize(
    ("state", "code", "name", "action"),
    [
        (State(), "ArrowLeft", "ArrowLeft", Hold(LEFT)),
        (State(), "", "ArrowLeft", Hold(LEFT)),
        (State(), "Numpad4", "ArrowLeft", Hold(PAD4)),
        (State(locked=NUM), "Numpad4", "ArrowLeft", Hold(LEFT)),
        (State(locked=NUM), "Numpad4", "4", Hold(PAD4)),
        (State(), "AltRight", "AltGraph", Hold(ALTGR)),
        (State(), "AltRight", "Alt", Hold(ALT_L)),
        (State(), "CapsLock", "Control", Hold(CONTROL_L)),
        (State(), "CapsLock", "CapsLock", Hold(CAPS)),
        (State(), "MetaLeft", "Meta", None),
        (State(), "MediaStop", "MediaStop", Hold(KEYCODES["MediaStop"])),
        (State(), "KeyQ", "Unidentified", Hold(Q)),
        (State(), "", "Unidentified", None),
        (State(), "Backquote", "Dead", None),
        (State(), "KeyA", "Process", None),
        (State(), "", "", None),
        (State(), "no such code", "NoSuchKey", None),
    ],
)
def test_a_key_without_a_character_goes_by_position_unless_it_does_something_else_there(
    state: State, code: str, name: str, action: object
) -> None:
    assert press(KEYMAP, state, code, name) == action


@settings(deadline=None)
@given(
    st.integers(0, 255), st.integers(0, 255), st.integers(0, 3), st.booleans(),
    st.sampled_from(["", *KEYCODES]) | st.text(max_size=5), st.text(max_size=3),
)  # fmt: skip
def test_nothing_a_viewer_sends_is_an_error(
    pressed: int, locked: int, group: int, third: bool, code: str, name: str
) -> None:
    state = State(pressed, locked, group, third)
    press(KEYMAP, state, code, name)
    for character in name:
        type_character(KEYMAP, state, character)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ud800"])
def test_what_no_key_types_is_left_out(character: str) -> None:
    assert type_character(KEYMAP, State(), character) is None


def test_a_spare_key_is_one_without_meaning_and_place() -> None:
    assert list(KEYMAP.unused()) == [SPARE]


@pytest.mark.parametrize(
    ("info", "group", "keysym"),
    [(0x00, 2, ord("a")), (0x00, 3, ord("b")), (0x40, 3, ord("b")), (0x80, 3, ord("a")), (0x90, 3, ord("b"))],
)
def test_a_group_beyond_the_keys_own_is_brought_into_range(info: int, group: int, keysym: int) -> None:
    keymap = Keymap({30: Key((ONE, ONE), ((ord("a"),), (ord("b"),)), info)}, {})
    assert keymap.keysym(30, 0, group) == keysym


def test_caps_lock_that_no_key_type_uses_makes_a_capital() -> None:
    assert KEYMAP.keysym(Q, LOCK, 0) == ord("Q")
