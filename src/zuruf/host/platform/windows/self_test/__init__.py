"""``--self-test``: tries on a real PC what no test elsewhere can show, and writes a report that people can read.

report.py        lines, verdicts, texts (pure)
rights.py        the computer; who may read and write what; the policy behind Ctrl-Alt-Del
pipe.py          who gets at a pipe
desktop.py       picture, pointer, keyboard, clipboard, icon, screen readers
installation.py  a second copy of the app as a service, and its removal
system.py        what the service's own processes find

Started with administrator rights by the unpacking stage. It leaves nothing but the report.
"""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_DONE
from zuruf.host.platform.windows.self_test.report import (
    Line,
    Lines,
    Text,
    Verdict,
    all_worked,
    line_text,
    summary,
)

HEADINGS = (
    Text("Computer und Rechte", "Computer and rights"),
    Text("Pipes zwischen den Prozessen", "Pipes between the processes"),
    Text("Desktop", "Desktop"),
    Text("Installation, Dienst, Entfernung", "Installation, service, removal"),
)
_TITLE = Text("Selbsttest der Zuruf Support-Session-App", "Self-test of the Zuruf Support Session app")
_RESULT = Text("Ergebnis", "Result")


def run_self_test(report: Path, language: str, *, sas: bool = False) -> int:
    """Try everything and write the report, line by line; returns the exit code: 0 when all that could be tried worked.

    ``sas``: whether Ctrl-Alt-Del may really be sent, which interrupts whoever sits there. Raises OSError where the
    report cannot be written.
    """
    from zuruf.host.platform.windows.platform import WindowsPlatform
    from zuruf.host.platform.windows.self_test.desktop import try_desktop
    from zuruf.host.platform.windows.self_test.installation import WORK, try_installation
    from zuruf.host.platform.windows.self_test.pipe import try_pipes
    from zuruf.host.platform.windows.self_test.rights import try_rights

    platform = WindowsPlatform()
    # A folder of its own: what a session keeps lies beside the program, and this is none.
    work = Path(sys.executable).parent / f"{WORK}{os.urandom(4).hex()}"
    with report.open("w", encoding="utf-8-sig", newline="\r\n") as file:

        def say(text: str) -> None:
            file.write(f"{text}\n")
            file.flush()

        def told(line: Line) -> None:
            say(line_text(line, language))

        say(f"{_TITLE.of(language)} · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        lines = Lines(told)
        parts: tuple[Callable[[], None], ...] = (
            lambda: try_rights(lines, platform, work),
            lambda: try_pipes(lines),
            lambda: try_desktop(lines),
            lambda: try_installation(lines, platform, sas),
        )
        try:
            for heading, part in zip(HEADINGS, parts, strict=True):
                say(f"\n{heading.of(language)}")
                try:
                    part()
                except Exception as error:  # noqa: BLE001 - the next part is of use all the same
                    seen = f"{type(error).__name__}: {error}"
                    lines.add(Line(heading, Verdict.FAILED, Text(seen, seen)))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        say(f"\n{_RESULT.of(language)}: {summary(lines.all).of(language)}")
    return EXIT_DONE if all_worked(lines.all) else EXIT_BROKEN
