"""What the customer reads exists in both languages."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import zuruf.host
from zuruf.host.consent import activity
from zuruf.host.consent.rights import Rights
from zuruf.host.removal.plan import BY
from zuruf.host.ui.port import Problem
from zuruf.host.ui.texts import LANGUAGES, Texts, catalog, grouped, language_of, system_language
from zuruf.host.ui.tray import TrayState
from zuruf.protocol.codes import Code

TOOLS = ("remote_control", "file_manager", "dashboard")
SOURCES = Path(zuruf.host.__file__).parent
PAGES = (
    ("button.continue", "button.cancel", "button.copy_report"),
    ("button.activate", "button.cancel"),
    ("button.close", "button.copy_report"),
    ("button.close", "button.save_receipt"),
    (
        *(f"switch.{name}" for name in Rights.__struct_fields__),
        *("button.end", "button.cancel", "button.allow", "button.deny", "button.allow_passwords"),
    ),
)
"""What can be on a page at the same time."""


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sentences(language: str) -> dict[str, str]:
    """Every id with its text; a plural form has the id with its number."""
    found: dict[str, str] = {}
    with (SOURCES / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id and isinstance(message.string, tuple):
                found |= {f"{message.id[0]}[{form}]": text for form, text in enumerate(message.string)}
            elif message.id:
                found[str(message.id)] = str(message.string)
    return found


def test_both_catalogs_have_the_same_sentences_with_the_same_values() -> None:
    german, english = sentences("de"), sentences("en")
    assert german.keys() == english.keys()
    assert {key for key in german if fields(german[key]) != fields(english[key])} == set()
    assert {key for key in german if german[key] == english[key]} <= {"tool.dashboard"}
    assert {key for key in german if not german[key] or not english[key]} == set()


def used() -> set[str]:
    """Every id in the sources, those made of a value included."""
    found: set[str] = set()
    for path in (SOURCES / "ui").glob("*.py"):
        source = path.read_text()
        found |= set(re.findall(r'\b(?:t|self|texts|_texts|group)\(\s*(?:\w+, )?["\']([a-z_.]+)["\']', source))
        found |= set(re.findall(r'"((?:button|receipt|tray|switch|problem|activity|caller)\.[a-z_.]+)"', source))
    found |= {f"activity.{name}" for name in activity.ALL} | {f"tool.{name}" for name in TOOLS}
    found |= {f"ended.{reason}" for reason in BY} | {f"receipt.by.{by}" for by in BY.values()}
    found |= {f"switch.{name}" for name in Rights.__struct_fields__} | {f"tray.{state.value}" for state in TrayState}
    return found | {f"busy.{what}" for what in ("looking_up", "pairing", "installing")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_is_used_exists(language: str) -> None:
    assert len(used()) > 40
    assert used() - sentences(language).keys() == set()


def test_no_sentence_is_unused() -> None:
    indirect = {"state.offline", "state.connecting", "tries_left[0]", "tries_left[1]"}
    left = {key for key in sentences("de") if not key.startswith(("problem.ZRF", "item."))} - used() - indirect
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(Code))
def test_every_problem_is_a_sentence_with_its_code(language: str, code: Code) -> None:
    text = Texts(language).problem(Problem(code, tries_left=3))
    assert text.endswith(code.value)
    assert "3" in text.splitlines()[1]


def test_one_is_said_in_the_singular() -> None:
    assert "1 try left" in Texts("en").problem(Problem(Code.WRONG_CODE, 1))
    assert "0 tries left" in Texts("en").problem(Problem(Code.WRONG_CODE, 0))
    assert "Noch 1 Versuch." in Texts("de").problem(Problem(Code.WRONG_CODE, 1))


def test_what_was_found_is_named_on_one_line_of_its_own() -> None:
    lines = Texts("en").problem(Problem(Code.HOST_ALREADY_INSTALLED, detail="Log\nMeIn\u202e")).splitlines()
    assert lines[1] == "Found: Log MeIn"
    assert "Detail: x" in Texts("en").problem(Problem(Code.NO_SCREEN, detail="x"))


def test_compiled_catalogs_say_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (SOURCES / "locale" / "de" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        translations = read_po(source, locale="de")
    with (folder / "messages.mo").open("wb") as compiled:
        write_mo(compiled, translations)
    bundled, from_source = catalog("de", tmp_path), catalog("de")
    for key in sentences("de"):
        assert bundled.gettext(key) == from_source.gettext(key)
    assert bundled.ngettext("tries_left", "tries_left", 1) == "Noch {count} Versuch."


def test_an_unknown_sentence_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Texts("en")("no.such.sentence")


def test_what_is_transferred_is_named() -> None:
    report = activity.with_name(activity.TRANSFERRING, "Rechnung: März.pdf")
    assert Texts("en").doing("file_manager", report) == "File manager: transfers “Rechnung: März.pdf”"
    assert Texts("en").doing("file_manager", "transferring") == "File manager: transfers files"
    assert Texts("en").doing("file_manager", "conquering:all") == "File manager: connected"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("controls", PAGES)
def test_every_control_of_a_page_has_a_letter_of_its_own(language: str, controls: tuple[str, ...]) -> None:
    letters = [Texts(language).control(control).letter for control in controls]
    assert all(letter.isascii() and letter.isalpha() for letter in letters)
    assert len(set(letters)) == len(letters)


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


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("de-CH", "de"), ("DE_de", "de"), ("den", "en"), ("", "en")]
)
def test_german_is_german_in_every_country(locale: str, language: str) -> None:
    assert language_of(locale) == language
