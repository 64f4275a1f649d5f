"""German and English for what the server itself writes (mail). The catalogs are PO files, read once at start."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po


class Locale(StrEnum):
    """The languages there are."""

    GERMAN = "de"
    ENGLISH = "en"


LOCALES = tuple(locale.value for locale in Locale)
_DIRECTORY = Path(__file__).parent / "locale"


@cache
def catalog(locale: str) -> dict[str, str]:
    """Return message id → text of one language."""
    with (_DIRECTORY / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id and m.string}


def translate(locale: str, message: str, **values: object) -> str:
    """Return the sentence with this id in a language, with values put in. Raises KeyError for an unknown id."""
    return catalog(locale)[message].format(**values)
