"""The removal receipt as the customer reads it."""

from zuruf.host.removal.plan import receipt
from zuruf.host.state import Created, Ending
from zuruf.host.ui.port import Caller
from zuruf.host.ui.receipt import receipt_text
from zuruf.host.ui.texts import Texts

CALLER = Caller("1234567890", "Muster GmbH", "Tina Technik")
CREATED = [
    Created(kind="program", label="program folder", path="/p"),
    Created(kind="file", label="state.json", path="/p/session/state.json"),
    Created(kind="file", label="something\nnew", path="/p/x"),
]


def section(text: str, heading: str) -> list[str]:
    lines = text.splitlines()
    rest = lines[lines.index(heading) + 1 :]
    return [line.removeprefix("  - ") for line in rest[: rest.index("") if "" in rest else None]]


def test_it_says_what_when_why_and_by_whom() -> None:
    ending = Ending(reason="expired", at="2026-11-23T15:50:00Z")
    text = receipt_text(Texts("de"), CALLER, receipt(ending, CREATED, [], {"program"}))
    for part in ("123 456 7890", "Tina Technik, Muster GmbH", "2026-11-23 15:50:00 UTC", "durch: die Uhr"):
        assert part in text
    assert section(text, "Für die Sitzung eingerichtet:") == [
        "Programmordner",
        "Zustand der Sitzung (state.json)",
        "something new",
    ]
    assert section(text, "Entfernt:") == ["Zustand der Sitzung (state.json)", "something new"]
    assert section(text, "Wird entfernt, sobald sich die App geschlossen hat:") == ["Programmordner"]
    assert "Nicht entfernt" not in text


def test_it_hides_nothing_that_is_left() -> None:
    ending = Ending(reason="customer", at="2026-11-23T15:50:00Z")
    text = receipt_text(Texts("en"), CALLER, receipt(ending, CREATED, CREATED[1:2]))
    assert section(text, "Not removed:") == ["state of the session (state.json)"]
