"""What the customer reads exists in both languages."""

import re
import string
from pathlib import Path

import pytest

import zuruf.host
from zuruf.host.consent import activity
from zuruf.host.removal.plan import BY
from zuruf.host.ui.port import Problem
from zuruf.host.ui.texts import LANGUAGES, Texts, catalog, grouped, system_language
from zuruf.protocol.codes import Code

TOOLS = ("remote_control", "file_manager", "dashboard")
SOURCES = Path(zuruf.host.__file__).parent


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_catalogs_have_the_same_sentences_with_the_same_values() -> None:
    german, english = catalog("de"), catalog("en")
    assert german.keys() == english.keys()
    assert {key for key in german if fields(german[key]) != fields(english[key])} == set()
    assert {key for key in german if german[key] == english[key]} <= {"tool.dashboard"}


def used() -> set[str]:
    """Every id in the sources, those made of a value included."""
    found: set[str] = set()
    for path in (SOURCES / "ui").glob("*.py"):
        for name in re.findall(r'\b(?:t|self|texts|_texts)\(\s*"([a-z_.]+)"', path.read_text()):
            found.add(name)
    found |= {f"activity.{name}" for name in activity.ALL} | {f"tool.{name}" for name in TOOLS}
    found |= {f"ended.{reason}" for reason in BY} | {
        f"switch.{name}" for name in ("ask", "view", "control", "clipboard")
    }
    return found | {f"busy.{what}" for what in ("looking_up", "pairing", "installing")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_is_used_exists(language: str) -> None:
    assert len(used()) > 40
    assert used() - catalog(language).keys() == set()


def test_no_sentence_is_unused() -> None:
    indirect = {"problem.other", "state.offline", "state.connecting"}
    left = {key for key in catalog("de") if not key.startswith("problem.")} - used() - indirect
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(Code))
def test_every_problem_is_a_sentence_with_its_code(language: str, code: Code) -> None:
    text = Texts(language).problem(Problem(code, tries_left=3))
    assert text.endswith(code.value)
    assert "3" in text.splitlines()[1]


def test_the_time_left_is_said_in_whole_minutes() -> None:
    assert Texts("en").remaining(59.9) == "0 min left"
    assert Texts("en").remaining(3599) == "59 min left"
    assert Texts("de").remaining(86400) == "Noch 24 Std. 0 Min."


def test_digits_are_grouped_as_they_are_read_out() -> None:
    assert grouped("123456789") == "123 456 789"
    assert grouped("1234567890") == "123 456 7890"
    assert grouped("1234") == "123 4"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "en_GB", "LANG": "de_DE"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_systems(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language
