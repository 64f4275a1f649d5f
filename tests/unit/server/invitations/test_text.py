"""What an invitation says, in both languages, and that no name breaks out of it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.server.i18n import LOCALES, catalog, translate
from zuruf.server.invitations.text import Facts, compose, grouped
from zuruf.server.names import checked_name

_FACTS = Facts(
    number="1234567890",
    company="Hilfe GmbH",
    technician="Tina Technik",
    link="https://hilfe.test/join/1234567890?lang=de",
    link_expires_at="2026-03-02T09:00:00+00:00",
)
_PLACEHOLDER = re.compile(r"{\w*}")
names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=120)


@pytest.mark.parametrize("locale", LOCALES)
def test_both_forms_say_who_helps_where_to_go_and_which_number(locale: str) -> None:
    mail = compose(_FACTS, locale)
    for form in (mail.text, mail.html):
        for words in ("Tina Technik", "Hilfe GmbH", _FACTS.link, "123 456 7890", translate(locale, "invitation.asked")):
            assert words in form
    assert "Tina Technik" in mail.subject


def test_german_is_formal_and_english_is_english() -> None:
    german, english = compose(_FACTS, "de"), compose(_FACTS, "en")
    assert "Haben Sie um diese Hilfe gebeten?" in german.text
    assert "02.03.2026 09:00" in german.text
    assert "Did you ask for this help?" in english.text
    assert "2026-03-02 09:00" in english.text
    assert 'lang="de"' in german.html
    assert 'lang="en"' in english.html


def test_the_catalogs_have_the_same_sentences_with_the_same_values() -> None:
    german, english = catalog("de"), catalog("en")
    assert german.keys() == english.keys()
    for name, sentence in german.items():
        assert set(_PLACEHOLDER.findall(sentence)) == set(_PLACEHOLDER.findall(english[name])), name


def test_every_sentence_of_the_catalog_is_in_the_mail() -> None:
    mail = compose(_FACTS, "en")
    values = {"technician": _FACTS.technician, "company": _FACTS.company, "when": "2026-03-02 09:00"}
    for name in catalog("en"):
        sentence = translate("en", name, **values)
        assert sentence in mail.subject + mail.text + mail.html, name


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        translate("de", "invitation.never_written")


def test_markup_in_names_is_shown_and_does_nothing() -> None:
    facts = replace(_FACTS, technician='<script>x</script>"', company="</mj-text><mj-raw><img src=x>")
    html = compose(facts, "de").html
    assert "<script>x" not in html
    assert "<img src=x>" not in html
    assert "&lt;script&gt;" in html


def test_braces_in_names_are_only_braces() -> None:
    mail = compose(replace(_FACTS, technician="{company.__class__} {{ link }} {% if %}"), "en")
    assert "{company.__class__} {{ link }} {% if %}" in mail.text


@given(names, names)
def test_every_name_that_is_accepted_makes_a_mail_with_a_subject_of_one_line(technician: str, company: str) -> None:
    if not technician.strip().isprintable() or not technician.strip():
        technician = "T"
    mail = compose(replace(_FACTS, technician=checked_name(technician), company=company), "de")
    assert len(mail.subject.splitlines()) == 1
    assert _FACTS.link in mail.html


def test_the_mail_loads_nothing_from_anywhere() -> None:
    html = compose(_FACTS, "de").html
    assert set(re.findall(r"""(?:src|href)=["']([^"']+)""", html)) == {_FACTS.link}
    assert "url(" not in html
    assert "@import" not in html


def test_a_number_is_grouped_as_people_read_it() -> None:
    assert grouped("1234567890") == "123 456 7890"
