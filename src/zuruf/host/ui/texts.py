"""German and English for everything the customer reads. The catalogs are gettext's, read once at start.

A bundle has them compiled (``messages.mo``); from the sources they are compiled in memory, which takes Babel.
"""

import gettext
import io
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from zuruf.host.consent import activity
from zuruf.host.data_files import LOCALE
from zuruf.host.ui.port import Problem
from zuruf.protocol.limits import SESSION_NUMBER_DIGITS

LANGUAGES = ("de", "en")


class Control(NamedTuple):
    """What is written on something to press: the text, and which of its letters does the same together with Alt."""

    text: str
    underline: int
    """Index of the letter, -1 for none."""

    @property
    def letter(self) -> str:
        """The letter, small; empty for none."""
        return self.text[self.underline].lower() if self.underline >= 0 else ""


@cache
def catalog(language: str, directory: Path = LOCALE) -> gettext.GNUTranslations:
    """Return the sentences of one language. Raises OSError without them."""
    folder = directory / language / "LC_MESSAGES"
    try:
        with (folder / "messages.mo").open("rb") as compiled:
            return gettext.GNUTranslations(compiled)
    except FileNotFoundError:
        return gettext.GNUTranslations(_compiled(folder / "messages.po", language))


def _compiled(source: Path, language: str) -> io.BytesIO:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return compiled


def language_of(locale: str) -> str:
    """Return the app's language for a locale's name: German for ``de_AT.UTF-8`` or ``de-CH``, else English."""
    return "de" if locale[:2].lower() == "de" and not locale[2:3].isalpha() else "en"


def system_language() -> str:
    """Return the language of a system that says it in environment variables, as POSIX has it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return language_of(value)
    return "en"


class Texts:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = catalog(language)

    def _find(self, message: str) -> str | None:
        text = self._catalog.gettext(message)
        return None if text == message else text

    def __call__(self, message: str, **values: object) -> str:
        """Return the sentence with this id, with values put in. Raises KeyError for an unknown id."""
        text = self._find(message)
        if text is None:
            raise KeyError(message)
        return text.format(**values)

    def counted(self, message: str, count: int) -> str:
        """Return the sentence with this id in the form for so many."""
        return self._catalog.ngettext(message, message, count).format(count=count)

    def control(self, message: str) -> Control:
        """Return what is written on a button or switch; ``&`` in the catalog stands before the letter for Alt."""
        text = self(message)
        return Control(text.replace("&", ""), text.find("&"))

    def problem(self, problem: Problem) -> str:
        """Return what happened, what to do, and the code."""
        known = f"problem.{problem.code.value}"
        sentences = [self._find(known) or self("problem.other")]
        if detail := activity.shown_name(problem.detail):
            own = f"{known}.detail"
            sentences.append(self(own if self._find(own) else "problem.detail", detail=detail))
        if problem.tries_left is not None:
            sentences.append(self.counted("tries_left", problem.tries_left))
        sentences.append(self("error_code", code=problem.code.value))
        return "\n".join(sentences)

    def doing(self, tool: str, report: str) -> str:
        """Return what is done with a tool right now; ``report`` as in ``consent.activity``."""
        what, name = activity.parts(report)
        if name:
            return self("activity.named", tool=self(f"tool.{tool}"), name=name)
        return self(f"activity.{what}", tool=self(f"tool.{tool}"))

    def item(self, label: str) -> str:
        """Return the name of something the app makes; labels without one in the catalog are shown as they are."""
        return self._find(f"item.{label}") or activity.shown_name(label)

    def remaining(self, seconds: float) -> str:
        """Return the time left, in whole minutes."""
        minutes = int(seconds) // 60
        if minutes < 60:
            return self("remaining.minutes", minutes=minutes)
        return self("remaining.hours", hours=minutes // 60, minutes=minutes % 60)


def grouped(digits: str) -> str:
    """Return digits in groups of three as they are read out; the last of a session number's has four."""
    starts = range(0, max(1, len(digits) - (len(digits) == SESSION_NUMBER_DIGITS)), 3)
    return " ".join(digits[start : None if start == starts[-1] else start + 3] for start in starts)
