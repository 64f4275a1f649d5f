"""What the remover's command lines say; that Windows does it is proved with the built app."""

import re
from collections.abc import Callable
from pathlib import PureWindowsPath

import pytest

from zuruf.host.platform.windows.names import SELF_TEST, SERVICE
from zuruf.host.platform.windows.remover import (
    RUN_ONCE_MAX,
    NotOurs,
    Places,
    guard_arguments,
    interpreter,
    remover_arguments,
    run_once,
    run_once_without_service,
)

SYSTEM = PureWindowsPath(r"C:\Windows\System32")
PROGRAMS = PureWindowsPath(r"C:\Program Files")
FOLDER = PROGRAMS / "Zuruf Support Session 1a2b3c4d"
PLACES = Places(SYSTEM, PROGRAMS, FOLDER)
Line = Callable[[Places], str]
LINES = [remover_arguments, guard_arguments, run_once, run_once_without_service]


def test_the_interpreter_is_windows_own() -> None:
    assert interpreter(PLACES) == r"C:\Windows\System32\cmd.exe"


def test_service_and_folder_go_before_what_would_finish_the_work() -> None:
    text = remover_arguments(PLACES)
    order = [
        "sc.exe stop ZurufSupportSession",
        "sc.exe delete ZurufSupportSession",
        rf'rd /s /q "{FOLDER}"',
        rf'if not exist "{FOLDER}"',
        r"reg.exe query HKLM\SYSTEM\CurrentControlSet\Services\ZurufSupportSession",
        "schtasks.exe /delete /f /tn ZurufSupportSession",
        r"reg.exe delete HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce /v ZurufSupportSession /f",
        "exit",
    ]
    assert sorted(order, key=text.index) == order


def test_the_remover_gives_up_after_a_bounded_number_of_tries() -> None:
    assert remover_arguments(PLACES).startswith("/d /q /v:off /c for /l %i in (1,1,60) do (")


def test_only_the_service_that_does_not_stop_is_ended_by_force() -> None:
    assert r'(if %i gtr 12 C:\Windows\System32\taskkill.exe /f /fi "SERVICES eq ZurufSupportSession"' in (
        remover_arguments(PLACES)
    )


def test_the_guard_looks_for_a_sign_of_life_before_it_removes() -> None:
    text = guard_arguments(PLACES)
    state = rf'"{FOLDER}\session\state.json"'
    taken, looked, removed = (text.index(part) for part in (f"attrib.exe -a {state}", f"dir /b /a:a {state}", "for /l"))
    waited = text.index("ping.exe -n 201 127.0.0.1")
    assert taken < waited < looked < removed
    assert text[looked:removed].endswith("& if errorlevel 1 (")
    assert text[removed:] == remover_arguments(PLACES).split(" /c ", 1)[1] + ")"


def test_run_once_is_short_enough_for_windows_on_any_drive() -> None:
    assert len(run_once(PLACES)) <= RUN_ONCE_MAX
    assert f'rd /s /q "{FOLDER}"' in run_once(PLACES)


def test_a_power_cut_while_installing_leaves_a_folder_to_run_once_and_a_service_to_itself() -> None:
    text = run_once_without_service(PLACES)
    assert len(text) <= RUN_ONCE_MAX
    query, removal = text.split("&", 1)
    assert query.endswith(r"reg.exe query HKLM\SYSTEM\CurrentControlSet\Services\ZurufSupportSession")
    assert removal == f'if errorlevel 1 rd /s /q "{FOLDER}"'


@pytest.mark.parametrize("line", LINES)
def test_parentheses_and_quotes_are_in_pairs(line: Line) -> None:
    text = re.sub(r'"[^"]*"', "", line(PLACES))
    assert '"' not in text
    assert text.count("(") == text.count(")")


@pytest.mark.parametrize("line", [remover_arguments, guard_arguments])
def test_every_program_is_named_by_its_absolute_path(line: Line) -> None:
    programs = re.findall(r"[^\s(]+\.exe", line(PLACES))
    assert programs
    assert all(program.startswith("C:\\Windows\\System32\\") for program in programs)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "folder",
    [
        "C:\\",
        r"C:\Program Files",
        r"C:\Windows",
        r"C:\Program Files\Zuruf Support Session 1a2b3c4d & calc",
        r'C:\Program Files\Zuruf Support Session 1a2b3c4d" & calc "',
        r"C:\Program Files\Zuruf Support Session 1a2b3c4d\..\..",
    ],
)
def test_no_other_folder_is_ever_deleted(line: Line, folder: str) -> None:
    with pytest.raises(NotOurs):
        line(Places(SYSTEM, PROGRAMS, PureWindowsPath(folder)))


@pytest.mark.parametrize("programs", ["C:\\Pro%gram%", "C:\\Pro&gram", "C:\\Pro^gram", "\\\\server\\share", "C:\\Pro!"])
def test_a_path_that_means_something_to_the_interpreter_is_refused(programs: str) -> None:
    odd = PureWindowsPath(programs)
    with pytest.raises(NotOurs):
        remover_arguments(Places(SYSTEM, odd, odd / "Zuruf Support Session 1a2b3c4d"))


def test_a_system_folder_that_would_need_quotes_is_refused() -> None:
    with pytest.raises(NotOurs):
        remover_arguments(Places(PureWindowsPath(r"C:\My Windows"), PROGRAMS, FOLDER))


def test_a_folder_too_long_for_run_once_is_refused() -> None:
    programs = PureWindowsPath("C:\\" + "p" * 60)
    with pytest.raises(NotOurs):
        run_once(Places(SYSTEM, programs, programs / "Zuruf Support Session 1a2b3c4d"))


@pytest.mark.parametrize("line", LINES)
def test_the_self_test_never_touches_what_is_a_session_s(line: Line) -> None:
    text = line(PLACES._replace(name=SELF_TEST))
    assert SERVICE not in text
    assert SELF_TEST in text
