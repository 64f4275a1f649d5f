"""Names in what the customer reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.consent.activity import IDLE, NAME_MAX, TRANSFERRING, VIEWING, parts, shown_name, with_name


def test_a_report_carries_its_name_there_and_back() -> None:
    assert parts(with_name(TRANSFERRING, "a: b.pdf")) == (TRANSFERRING, "a: b.pdf")
    assert parts(VIEWING) == (VIEWING, "")
    assert with_name(TRANSFERRING, " \n ") == TRANSFERRING


def test_an_unknown_activity_is_none() -> None:
    assert parts("formatting:C") == (IDLE, "")


@pytest.mark.parametrize("invisible", ["\u202e", "\u0000", "\u200b", "\u2066", "\ud800", "\ue000"])
def test_nothing_invisible_is_shown(invisible: str) -> None:
    assert shown_name(f"invoice{invisible}fdp.exe") == "invoicefdp.exe"


def test_a_long_name_keeps_its_ending() -> None:
    shown = shown_name("x" * 5000 + ".exe")
    assert len(shown) == NAME_MAX
    assert shown_name("y" * 500 + ".exe").endswith(".exe")


@given(st.text())
def test_a_name_is_one_short_line_and_stays_as_it_is(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= NAME_MAX
    assert len(shown.splitlines()) <= 1
    assert shown_name(shown) == shown
