"""What the self-test says: lines of what was tried, how it went and what was seen, in German or English. Pure.

Each step runs on a thread of its own with a limit of time: one that fails, or that hangs in a call of Windows, ends
with a line, and the next one begins.
"""

import threading
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

import msgspec

PATIENCE_S = 180.0
_WIDTH = 76


class Text(NamedTuple):
    """One text in both languages; figures and names are the same in both."""

    de: str
    en: str

    def of(self, language: str) -> str:
        """Return it in this language, one of ``texts.LANGUAGES``."""
        return self.de if language == "de" else self.en


Seen = str | Text


class Verdict(Enum):
    """How a step went."""

    WORKED = "worked"
    FAILED = "failed"
    NOT_POSSIBLE = "not possible"


VERDICTS = {
    Verdict.WORKED: Text("geht", "works"),
    Verdict.FAILED: Text("GEHT NICHT", "FAILS"),
    Verdict.NOT_POSSIBLE: Text("nicht versucht", "not tried"),
}


class NotPossible(Exception):
    """This cannot be tried here; the reason is for people."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(de, en)


class Failed(Exception):
    """It does not do what it should; what was seen instead is for people."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.seen = Text(de, en)


class Line(msgspec.Struct, frozen=True):
    """What was tried, how it went, what was seen or why not."""

    tried: Text
    verdict: Verdict
    seen: Text


class Lines:
    """Tries one step after the other. ``told`` is called with each line as soon as it is known."""

    def __init__(self, told: Callable[[Line], None], patience_s: float = PATIENCE_S) -> None:
        self._told = told
        self._patience_s = patience_s
        self.all: list[Line] = []

    def attempt(self, de: str, en: str, step: Callable[[], Seen]) -> bool:
        """Try a step, which returns what it saw; returns whether it worked. Nothing that it raises gets out."""
        verdict, seen = self._outcome(step)
        self.add(Line(Text(de, en), verdict, seen if isinstance(seen, Text) else Text(seen, seen)))
        return verdict is Verdict.WORKED

    def add(self, line: Line) -> None:
        """Take over a line, of another process say."""
        self.all.append(line)
        self._told(line)

    def _outcome(self, step: Callable[[], Seen]) -> tuple[Verdict, Seen]:
        outcome: list[tuple[Verdict, Seen]] = []

        def run() -> None:
            try:
                outcome.append((Verdict.WORKED, step()))
            except NotPossible as error:
                outcome.append((Verdict.NOT_POSSIBLE, error.reason))
            except Failed as error:
                outcome.append((Verdict.FAILED, error.seen))
            except Exception as error:  # noqa: BLE001 - whatever it is belongs into the report
                outcome.append((Verdict.FAILED, f"{type(error).__name__}: {error}"))

        thread = threading.Thread(target=run, name="self-test", daemon=True)
        thread.start()
        thread.join(self._patience_s)
        seconds = f"{self._patience_s:.0f} s"
        return (
            outcome[0]
            if outcome
            else (Verdict.FAILED, Text(f"antwortet nach {seconds} nicht", f"no answer after {seconds}"))
        )


def line_text(line: Line, language: str) -> str:
    """Return the line for people: ``what was tried ····· works · what was seen``."""
    tried = line.tried.of(language)
    return (
        f"{tried} {'.' * max(3, _WIDTH - len(tried))} {VERDICTS[line.verdict].of(language)} · {line.seen.of(language)}"
    )


def summary(lines: Iterable[Line]) -> Text:
    """Return how many steps went how."""
    verdicts = [line.verdict for line in lines]
    worked, failed, not_tried = (verdicts.count(verdict) for verdict in Verdict)
    return Text(
        f"{worked} gehen, {failed} gehen nicht, {not_tried} nicht versucht",
        f"{worked} work, {failed} fail, {not_tried} not tried",
    )


def all_worked(lines: Iterable[Line]) -> bool:
    """Whether everything that could be tried worked."""
    return all(line.verdict is not Verdict.FAILED for line in lines)
