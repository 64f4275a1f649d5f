"""The scheduled task's text, and what is asked of Windows. Wine has no Task Scheduler: the self-test shows the rest."""

import logging
import xml.etree.ElementTree as Xml
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PureWindowsPath

import pytest

from zuruf.host.platform.windows.remover import Places, guard_arguments
from zuruf.host.platform.windows.task import DeadMan, task_xml

SYSTEM = PureWindowsPath(r"C:\Windows\System32")
PROGRAMS = PureWindowsPath(r"C:\Program Files")
PLACES = Places(SYSTEM, PROGRAMS, PROGRAMS / "Zuruf Support Session 1a2b3c4d")
ENDS = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
SCHTASKS = r"C:\Windows\System32\schtasks.exe"
NAMES = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


@pytest.fixture(scope="module")
def task() -> Xml.Element:
    return Xml.fromstring(task_xml(PLACES, ENDS).split("\n", 1)[1])


def value(task: Xml.Element, path: str) -> str | None:
    return task.findtext("/".join(f"t:{part}" for part in path.split("/")), namespaces=NAMES)


def test_it_runs_as_the_system(task: Xml.Element) -> None:
    assert value(task, "Principals/Principal/UserId") == "S-1-5-18"
    assert value(task, "Principals/Principal/RunLevel") == "HighestAvailable"


def test_it_runs_ten_minutes_after_the_end_hourly_and_at_every_boot_from_then_on(task: Xml.Element) -> None:
    assert value(task, "Triggers/TimeTrigger/StartBoundary") == "2026-11-24T15:40:00Z"
    assert value(task, "Triggers/TimeTrigger/Repetition/Interval") == "PT1H"
    assert value(task, "Triggers/BootTrigger/StartBoundary") == "2026-11-24T15:40:00Z"
    assert value(task, "Triggers/TimeTrigger/EndBoundary") is None


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("StartWhenAvailable", "true"),
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("RunOnlyIfNetworkAvailable", "false"),
        ("RunOnlyIfIdle", "false"),
        ("Hidden", "false"),
        ("Enabled", "true"),
        ("MultipleInstancesPolicy", "IgnoreNew"),
        ("ExecutionTimeLimit", "PT30M"),
    ],
)
def test_nothing_keeps_it_from_running(task: Xml.Element, setting: str, expected: str) -> None:
    assert value(task, f"Settings/{setting}") == expected


def test_it_does_what_the_guard_does(task: Xml.Element) -> None:
    assert value(task, "Actions/Exec/Command") == r"C:\Windows\System32\cmd.exe"
    assert value(task, "Actions/Exec/Arguments") == guard_arguments(PLACES)
    assert value(task, "Actions/Exec/WorkingDirectory") == str(SYSTEM)


def test_a_moment_of_another_time_zone_is_the_same_moment() -> None:
    assert task_xml(PLACES, ENDS) == task_xml(PLACES, ENDS.astimezone())


class RecordedCommands:
    """Runs nothing; what was asked for is in ``asked``."""

    def __init__(self, answer: int | OSError = 0) -> None:
        self.asked: list[list[str]] = []
        self.answer = answer

    def run(self, command: Sequence[str]) -> int:
        self.asked.append(list(command))
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


def test_windows_own_program_is_asked_to_replace_and_to_delete_it() -> None:
    commands = RecordedCommands()
    switch = DeadMan(commands, SYSTEM)
    switch.register(r"C:\x\task.xml")
    switch.delete()
    assert commands.asked == [
        [SCHTASKS, "/create", "/f", "/tn", "ZurufSupportSession", "/xml", r"C:\x\task.xml"],
        [SCHTASKS, "/delete", "/f", "/tn", "ZurufSupportSession"],
    ]


@pytest.mark.parametrize("answer", [1, FileNotFoundError("schtasks.exe"), TimeoutError("does not end")])
def test_a_task_that_cannot_be_made_is_said_and_stops_nothing(
    answer: int | OSError, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        DeadMan(RecordedCommands(answer), SYSTEM).register("task.xml")
    assert "scheduled task, /create" in caplog.text
