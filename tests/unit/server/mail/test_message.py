"""The message on the way: both forms, the right headers, and no value that breaks out of its header."""

import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.server.mail.message import message
from zuruf.server.ports import Mail

_MAIL = Mail("karla@kunde.test", "Größe 漢", "Grüße\n", "<p>Grüße</p>", "<1.2@zuruf.test>")
_SENDER = "Zuruf <zuruf@hilfe.test>"


def _parsed(mail: Mail) -> email.message.EmailMessage:
    parsed = email.message_from_bytes(bytes(message(mail, _SENDER)), policy=email.policy.default)
    assert isinstance(parsed, email.message.EmailMessage)
    return parsed


def test_text_and_html_are_alternatives_of_each_other() -> None:
    parsed = _parsed(_MAIL)
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in parsed.iter_parts()] == ["Grüße", "<p>Grüße</p>"]


def test_headers_say_who_and_what_and_that_no_person_wrote() -> None:
    parsed = _parsed(_MAIL)
    names = ("From", "To", "Subject", "Message-ID", "Auto-Submitted")
    values = [_SENDER, "karla@kunde.test", "Größe 漢", "<1.2@zuruf.test>", "auto-generated"]
    assert [parsed[name] for name in names] == values


@pytest.mark.parametrize("field", ["recipient", "subject", "message_id"])
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_line_break_in_a_header_is_refused(field: str, line_break: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        message(replace(_MAIL, **{field: f"a{line_break}Bcc: eve@evil.test"}), _SENDER)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_no_subject_adds_a_header(subject: str) -> None:
    parsed = _parsed(replace(_MAIL, subject=f"Hilfe {subject}"))
    assert sorted(parsed.keys()) == sorted(_parsed(_MAIL).keys())
