"""What a customer types, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.pairing.code import CodeTries, number_from_file_name, parse_code, parse_number
from zuruf.protocol.codes import Code
from zuruf.protocol.limits import CODE_LIFETIME_S, CODE_TRIES


@pytest.mark.parametrize(
    "text", ["123456789", " 123 456 789\n", "123-456-789", "12.34.56.789", "123\u00a0456\u00a0789"]
)
def test_a_code_is_read_however_it_is_grouped(text: str) -> None:
    assert parse_code(text) == "123456789"


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩", "²²²²²²²²²", "+12345678"])
def test_anything_else_is_no_code(text: str) -> None:
    assert parse_code(text) is None


@given(st.text())
def test_whatever_is_typed_is_digits_or_nothing(text: str) -> None:
    code, number = parse_code(text), parse_number(text)
    assert code is None or (len(code) == 9 and set(code) <= set("0123456789"))
    assert number is None or (len(number) == 10 and set(number) <= set("0123456789"))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Zuruf-1234567890.exe", "1234567890"),
        ("Zuruf-1234567890 (1).EXE", "1234567890"),
        ("zuruf-support-1234567890", "1234567890"),
        ("Zuruf.exe", None),
        ("Zuruf-123.exe", None),
        ("1234567890.exe", None),
        ("zuruf-host", None),
        ("app.py", None),
    ],
)
def test_the_number_is_found_in_the_files_name(name: str, number: str | None) -> None:
    assert number_from_file_name(name) == number


def test_the_sixth_try_needs_digits_that_were_not_typed_before() -> None:
    tries = CodeTries()
    for number in range(CODE_TRIES):
        assert tries.refusal(str(number), 0.0) is None
        tries.spend(str(number), 0.0)
    assert tries.tries_left == 0
    assert tries.refusal("0", 1.0) is Code.CODE_DEAD
    assert tries.refusal("new", 1.0) is None
    assert tries.tries_left == CODE_TRIES


def test_a_dead_code_stays_dead_after_a_mistyped_new_one() -> None:
    tries = CodeTries()
    for _ in range(CODE_TRIES):
        tries.spend("old", 0.0)
    assert tries.refusal("mistyped", 1.0) is None
    tries.spend("mistyped", 1.0)
    assert tries.refusal("old", 2.0) is Code.CODE_DEAD
    assert tries.refusal("new", 2.0) is None


def test_a_code_is_dead_after_its_life_at_this_end_too() -> None:
    tries = CodeTries()
    tries.spend("old", 0.0)
    assert tries.refusal("old", CODE_LIFETIME_S - 1) is None
    assert tries.refusal("old", CODE_LIFETIME_S) is Code.CODE_DEAD


def test_a_code_that_the_other_end_calls_dead_is_dead_here() -> None:
    tries = CodeTries()
    tries.died("123456789")
    assert tries.refusal("123456789", 0.0) is Code.CODE_DEAD
    assert tries.refusal("987654321", 0.0) is None


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=100))
def test_the_same_digits_never_get_more_than_five_tries(typed: list[str]) -> None:
    tries, spent = CodeTries(), dict.fromkeys("abcdefg", 0)
    since_new = 0
    for code in typed:
        if tries.refusal(code, 0.0) is None:
            since_new = 1 if tries.tries_left == CODE_TRIES else since_new + 1
            tries.spend(code, 0.0)
            spent[code] += 1
            assert since_new <= CODE_TRIES
    assert max(spent.values()) <= CODE_TRIES
