"""What the self-test's report says of steps that work, fail, hang and cannot be tried."""

import threading

import msgspec
import pytest

from zuruf.host.platform.windows.self_test.report import (
    Failed,
    Line,
    Lines,
    NotPossible,
    Seen,
    Text,
    Verdict,
    all_worked,
    line_text,
    summary,
)


def told(step: object, patience_s: float = 60) -> tuple[bool, Line]:
    lines: list[Line] = []
    worked = Lines(lines.append, patience_s).attempt("Bild", "picture", step)  # type: ignore[arg-type]
    (line,) = lines
    return worked, line


def broken() -> Seen:
    raise OSError("no such thing")


def failed() -> Seen:
    raise Failed("schwarz", "black")


def not_possible() -> Seen:
    raise NotPossible("niemand da", "nobody there")


def test_what_was_seen_is_said() -> None:
    worked, line = told(lambda: "8 ms")
    assert worked
    assert line_text(line, "de").startswith("Bild ....")
    assert line_text(line, "de").endswith(" geht · 8 ms")
    assert line_text(line, "en").endswith(" works · 8 ms")


@pytest.mark.parametrize(
    ("step", "german", "english"),
    [
        (broken, "GEHT NICHT · OSError: no such thing", "FAILS · OSError: no such thing"),
        (failed, "GEHT NICHT · schwarz", "FAILS · black"),
        (not_possible, "nicht versucht · niemand da", "not tried · nobody there"),
    ],
)
def test_what_does_not_work_is_said_and_gets_no_further(step: object, german: str, english: str) -> None:
    worked, line = told(step)
    assert not worked
    assert line_text(line, "de").endswith(f" {german}")
    assert line_text(line, "en").endswith(f" {english}")


def test_a_step_that_hangs_is_left_behind() -> None:
    released = threading.Event()
    try:
        worked, line = told(lambda: str(released.wait()), patience_s=0.01)
        assert not worked
        assert line.verdict is Verdict.FAILED
    finally:
        released.set()


def lines_of(*verdicts: Verdict) -> list[Line]:
    return [Line(Text("a", "a"), verdict, Text("b", "b")) for verdict in verdicts]


def test_only_a_failure_makes_the_whole_fail() -> None:
    assert all_worked(lines_of(Verdict.WORKED, Verdict.NOT_POSSIBLE))
    assert not all_worked(lines_of(Verdict.WORKED, Verdict.FAILED))


def test_the_summary_counts() -> None:
    counted = summary(lines_of(Verdict.WORKED, Verdict.FAILED, Verdict.FAILED, Verdict.NOT_POSSIBLE))
    assert counted == Text(
        "1 gehen, 2 gehen nicht, 1 nicht versucht",
        "1 work, 2 fail, 1 not tried",
    )


def test_another_process_s_line_reads_the_same() -> None:
    (line,) = lines_of(Verdict.NOT_POSSIBLE)
    assert msgspec.json.decode(msgspec.json.encode(line), type=Line) == line
