"""Makes the mail of an invitation: subject, text and HTML in German or English. Not for sending it."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from mjml import mjml2html

from zuruf.server.i18n import translate

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Facts:
    """What an invitation says. No secret is among it: neither password nor code."""

    number: str
    company: str
    technician: str
    link: str
    link_expires_at: str
    """ISO 8601, UTC."""

    def to_json(self) -> str:
        """For the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Facts":
        """From the database."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Text:
    """The finished mail without its envelope."""

    subject: str
    text: str
    html: str


@cache
def _template(name: str) -> Template:
    # HTML is escaped; the plain text must not be.
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, autoescape=name.endswith(".mjml")
    )
    return environment.get_template(name)


def grouped(number: str) -> str:
    """Return a session number as people read it: 123 456 7890."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def compose(facts: Facts, locale: str) -> Text:
    """Return the mail in a language (``de`` or ``en``)."""
    when = datetime.fromisoformat(facts.link_expires_at).astimezone(UTC)
    values = {
        "technician": facts.technician,
        "company": facts.company,
        "when": when.strftime("%d.%m.%Y %H:%M" if locale == "de" else "%Y-%m-%d %H:%M"),
    }

    def say(name: str) -> str:
        return translate(locale, f"invitation.{name}", **values)

    words: dict[str, object] = {
        name: say(name)
        for name in (
            "subject", "preview", "headline", "greeting", "introduction", "action", "or_link", "steps_title",
            "asked", "warning", "lapses",
        )
    }  # fmt: skip
    words |= {
        "locale": locale,
        "company": facts.company,
        "steps": [say(f"step{n}") for n in (1, 2, 3, 4)],
        "number_label": say("number"),
        "number": grouped(facts.number),
        "link": facts.link,
    }
    subject = " ".join(str(words["subject"]).split())
    html = mjml2html(_template("invitation.mjml").render(words), disable_comments=True)
    return Text(subject, _template("invitation.txt").render(words), html)
