"""German and English for everything the customer reads. The catalogs are PO files, read once at start."""

import os
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from zuruf.host.ui.port import Problem
from zuruf.protocol.limits import SESSION_NUMBER_DIGITS

LANGUAGES = ("de", "en")
_DIRECTORY = Path(__file__).parent.parent / "locale"


@cache
def catalog(language: str) -> dict[str, str]:
    """Return message id → text of one language."""
    with (_DIRECTORY / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}


def system_language() -> str:
    """Return the language of the customer's system: German where that is German, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "de" if value.lower().startswith("de") else "en"
    return "en"


class Texts:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = catalog(language)

    def __call__(self, message: str, **values: object) -> str:
        """Return the sentence with this id, with values put in. Raises KeyError for an unknown id."""
        return self._catalog[message].format(**values)

    def problem(self, problem: Problem) -> str:
        """Return what happened, what to do, and the code."""
        known = f"problem.{problem.code.value}"
        sentences = [self._catalog.get(known, self._catalog["problem.other"])]
        if problem.tries_left is not None:
            sentences.append(self("tries_left", count=problem.tries_left))
        sentences.append(self("error_code", code=problem.code.value))
        return "\n".join(sentences)

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
