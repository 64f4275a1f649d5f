"""The self-test of the built app under Wine: it runs to its end, says what it found, and leaves nothing but its report.

What Wine lacks stands in the report as what it is there, a failure; a real PC's report is another one.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.support.browser import ARTIFACTS
from tests.support.wine import ENGLISH, WineComputer, changed, wine_computer
from tests.windows.conftest import Operator

pytestmark = pytest.mark.timeout(600)

_LINE = re.compile(r"^(?P<tried>.+?) \.{3,} (?P<verdict>[^·]+?) · ", re.MULTILINE)
_WINE_LACKS = {
    "program folder: only system and administrators write",
    "session folder: only system and administrators read",
    "file of the session: only system and administrators read",
    "screen readers",
    "program in it: only system and administrators write",
    "register the scheduled task",
    "service: restart after failures",
    "system: the service's account",
}
_NOT_TRIED = {
    "picture (DXGI), video encoders",
    "system: Ctrl+Alt+Del, picture of the secure desktop, back with Esc",
}


def downloaded(pc: WineComputer, operator: Operator) -> Path:
    file = pc.drive / "users/anna/Downloads/Zuruf-Support-Session.exe"
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(operator.app, file)
    return file


def test_the_self_test_says_what_works_and_leaves_nothing_but_its_report(
    operator: Operator, tmp_path: Path, template: Path
) -> None:
    with wine_computer(tmp_path, template, ENGLISH) as pc:
        app = downloaded(pc, operator)
        before = pc.inventory()
        pc.wine(pc.windows_path(app), "--self-test", "report.txt", patience_s=400)
        assert pc.running("zuruf-host") == []
        pc.shut_down()
        left = list(changed(before, pc.inventory()))
        report = app.with_name("report.txt")
        (ARTIFACTS / "windows").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(report, ARTIFACTS / "windows" / "self-test.txt")
        text = report.read_text(encoding="utf-8-sig")

    assert left == ["files/users/anna/Downloads/report.txt"]
    verdicts = {match["tried"]: match["verdict"] for match in _LINE.finditer(text)}
    assert {tried for tried, verdict in verdicts.items() if verdict == "FAILS"} == _WINE_LACKS, text
    assert {tried for tried, verdict in verdicts.items() if verdict == "not tried"} == _NOT_TRIED, text
    works = len(verdicts) - len(_WINE_LACKS) - len(_NOT_TRIED)
    assert works > 20
    assert f"Result: {works} work, {len(_WINE_LACKS)} fail, {len(_NOT_TRIED)} not tried" in text
