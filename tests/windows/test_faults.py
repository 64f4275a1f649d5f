"""Kills, power cuts, restarts, clocks and lost servers on a customer's PC: the session goes on, or nothing is left.

In ``make test-sweep`` every step of installing and removing is struck; otherwise three faults, others every day.
"""

import datetime
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.far_viewer import FarViewer
from tests.support.processes import eventually
from tests.support.wine import changed
from tests.windows.conftest import PASSWORD, TITLE, House, Operator, app_plan, open_house
from zuruf.host.removal.plan import InstallStep, RemovalStep
from zuruf.installer.build import FILE_NAME, build
from zuruf.protocol.codes import Code

pytestmark = pytest.mark.timeout(360)

ENTRY = "zuruf_fault_main"
FAULTS = ("kill", "power")
GOES_ON = {InstallStep.AUTOSTART_INSTALLED, InstallStep.ACTIVATED, InstallStep.HANDED_OVER}
"""From here on something starts the session again."""
CONFIRMED = {RemovalStep.END_RECORDED, RemovalStep.CONNECTIONS_CLOSED, RemovalStep.SYSTEM_FINISHES}
"""Where what is needed to sign the receipt is still there, or the receipt has been delivered."""


def chosen(cases: list[tuple[Any, str]], count: int) -> list[tuple[Any, str]]:
    """Return all cases in a sweep, else some: after a few days it was every one's turn."""
    if os.environ.get("ZURUF_SWEEP"):
        return cases
    first = datetime.datetime.now(datetime.UTC).timetuple().tm_yday * count
    return [cases[(first + number) % len(cases)] for number in range(count)]


@pytest.fixture(scope="session")
def fragile(operator: Operator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app that can be struck at a step."""
    source = (Path(__file__).parents[1] / "support/windows_main.py").read_bytes()
    output = tmp_path_factory.mktemp("fragile") / FILE_NAME
    plan = app_plan(operator.port, operator.authority, output, entry=ENTRY, extra=[(f"{ENTRY}.py", source)])
    return build(plan, print).file


@pytest.fixture
def fragile_house(operator: Operator, fragile: Path, tmp_path: Path, template: Path) -> Iterator[House]:
    with open_house(operator, tmp_path, template, app=fragile) as found:
        yield found


class Trouble:
    """Orders a fault for a step of the app on this PC."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._folder = house.pc.drive / "zuruf-test"

    def order(self, step: str, fault: str) -> None:
        self._folder.mkdir()
        (self._folder / "stop-at").write_text(f"{step} {fault}")

    def strike(self, step: str, fault: str) -> None:
        """Wait until the step was reached; for a power cut, cut it and switch on again."""
        reached = self._folder / "reached"
        eventually(lambda: reached.exists() and reached.read_text() == step, f"{step}: {self._house.log_tail()}", 90)
        if fault == "power":
            self._house.pc.cut_power()
            self._house.pc.boot()
        reached.unlink()
        self._folder.rmdir()


def gone(house: House) -> bool:
    """Close the last page, where there is one; whether nothing of the app is left running or unpacked."""
    if house.pc.windows(TITLE[house.language]):
        house.pc.press("Return")
    return not house.program_folders() and not house.pc.running("zuruf-host")


@contextmanager
def traceless(house: House) -> Iterator[list[str]]:
    """Check that nothing on the PC is different afterwards, but the downloaded files whose names the list has then."""
    left: list[str] = []
    house.pc.shut_down()
    before = house.pc.inventory()
    house.pc.boot()
    yield left
    eventually(lambda: gone(house), f"the app is gone: {house.log_tail()}", 150)
    eventually(lambda: not house.pc.running("/v:off"), "the remover has finished")
    house.pc.shut_down()
    difference = changed(before, house.pc.inventory())
    assert set(difference) == {f"files/users/anna/Downloads/{name}" for name in left}, difference


@pytest.mark.parametrize(("step", "fault"), chosen(list(product(InstallStep, FAULTS)), 1))
def test_an_interrupted_installation_goes_on_or_leaves_nothing(
    fragile_house: House, step: InstallStep, fault: str
) -> None:
    house, trouble = fragile_house, Trouble(fragile_house)
    with traceless(house) as left:
        trouble.order(step, fault)
        session = house.prepare()
        file = house.download(session)
        house.run(file)
        house.started(session)
        house.pair(session)
        trouble.strike(step, fault)
        if step in GOES_ON:
            house.active(session)
            house.end(session)
            house.removed(session)
            return
        left.append(file.name)
        if fault == "kill":
            # The unpacking stage says that the app broke.
            house.pc.wait_window("Zuruf Support Session")
            house.pc.press("Return")


@pytest.mark.parametrize(("step", "fault"), chosen(list(product(RemovalStep, FAULTS)), 2))
def test_an_interrupted_removal_is_finished(fragile_house: House, step: RemovalStep, fault: str) -> None:
    house, trouble = fragile_house, Trouble(fragile_house)
    with traceless(house):
        session = house.activate()
        trouble.order(step, fault)
        house.end(session)
        trouble.strike(step, fault)
        if step in CONFIRMED:
            house.removed(session)
    found = house.session(session)
    assert (found["state"], found["removal"]) == ("ended", "confirmed" if step in CONFIRMED else "pending")


# What runs


def kill(house: House, part: str) -> None:
    """Kill the process with this in its command line, and return when another has taken its place."""
    (pid,) = house.pc.running(part)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: house.pc.running(part) not in ([], [pid]), f"{part} again: {house.log_tail()}", 60)


def test_whatever_is_killed_comes_back_and_the_session_goes_on(house: House) -> None:
    with traceless(house):
        session = house.activate()
        house.window()
        viewer = FarViewer(house.technician, session["id"], PASSWORD)
        viewer.new_screen()
        assert len(set(viewer.whole_picture())) > 1, "an empty screen"
        kill(house, "--desktop")
        viewer.new_screen()
        assert len(set(viewer.whole_picture())) > 1
        kill(house, "--window")
        house.window()
        viewer.whole_picture()

        kill(house, "--resume")
        viewer.until_closed()
        house.active(session)
        house.window()
        viewer = FarViewer(house.technician, session["id"], PASSWORD)
        viewer.new_screen()

        # Wine does not start a service again that has died; Windows does, it was asked to.
        (service,) = house.pc.running("--service")
        os.kill(service, signal.SIGKILL)
        eventually(lambda: not house.pc.running("zuruf-host"), "nothing runs without its service")
        viewer.until_closed()
        house.pc.wine("net", "start", "ZurufSupportSession")
        house.active(session)
        house.window()

        house.pc.wine("net", "stop", "ZurufSupportSession")
        eventually(lambda: not house.pc.running("zuruf-host"), "nothing runs")
        eventually(lambda: not house.session(session)["host_online"], "the host is offline")
        house.pc.wine("net", "start", "ZurufSupportSession")
        house.active(session)
        house.end(session)
        house.removed(session)


def test_a_session_outlives_a_restart_and_a_power_cut(house: House) -> None:
    with traceless(house):
        session = house.activate()
        house.pc.wine("net", "stop", "ZurufSupportSession")
        house.pc.shut_down()
        house.pc.boot()
        house.active(session)
        house.window()
        FarViewer(house.technician, session["id"], PASSWORD).new_screen()
        house.pc.cut_power()
        eventually(lambda: not house.session(session)["host_online"], "the PC is off", 60)
        house.pc.boot()
        house.active(session)
        house.window()
        FarViewer(house.technician, session["id"], PASSWORD).new_screen()
        house.end(session)
        house.removed(session)


def test_a_remover_that_is_killed_is_finished_at_the_next_sign_in(house: House) -> None:
    with traceless(house):
        session = house.activate()
        (folder,) = house.program_folders()
        # Somebody's working folder cannot be deleted: until the service is gone for sure, this one stays.
        house.pc.start("cmd", "/c", f"cd /d {house.pc.windows_path(folder)}&ping -n 600 127.0.0.1")
        eventually(lambda: house.pc.running("600"), "the folder is in use")
        house.end(session)
        house.removed(session)
        registry = r"HKLM\SYSTEM\CurrentControlSet\Services\ZurufSupportSession"
        eventually(lambda: "Zuruf Support" not in house.pc.wine("reg", "query", registry), "the service is gone", 90)
        assert folder.exists()
        (remover,) = house.pc.running("/v:off")
        os.kill(remover, signal.SIGKILL)
        house.pc.cut_power()
        assert folder.exists()
        house.pc.boot()


# Ends


def receipt(house: House, session: dict[str, Any]) -> dict[str, Any]:
    """Return what the host says about its end."""
    answer = house.technician.http.get(f"/api/v1/sessions/{session['id']}/receipt")
    return dict(house.technician.ok(answer)["facts"])


def end_as_customer(house: House) -> None:
    """Click on the button at the window's foot, and confirm."""
    window = house.window()
    told = house.pc.screen.run("xdotool", "getwindowgeometry", "--shell", window, capture_output=True).stdout
    size = dict(line.split("=") for line in told.decode().split())
    x, y = int(size["WIDTH"]) // 2, int(size["HEIGHT"]) - 31
    house.pc.screen.run("xdotool", "mousemove", "--sync", "--window", window, str(x), str(y))
    house.pc.screen.run("xdotool", "click", "1")
    house.picture("end-question")
    house.pc.press("Return")


def test_the_customer_ends_a_session_with_the_technician_connected(house: House) -> None:
    with traceless(house) as left:
        session = house.activate()
        house.window()
        viewer = FarViewer(house.technician, session["id"], PASSWORD)
        viewer.new_screen()
        # The customer keeps the downloaded file.
        left.append(f"Zuruf-Support-Session-{session['number']}.exe")
        house.pc.press("alt+h")
        end_as_customer(house)
        assert viewer.until_closed() == Code.SESSION_ENDED
        found = house.removed(session)
        house.picture("ended")
        assert (found["state"], found["end_reason"]) == ("ended", "customer")
        assert receipt(house, session)["by"] == "customer"


def test_the_customer_ends_a_session_while_the_server_is_gone(house: House) -> None:
    with traceless(house):
        session = house.activate()
        house.window()
        house.server.stop()
        end_as_customer(house)
        eventually(lambda: not list(house.pc.drive.glob("users/anna/Downloads/*")), "the downloaded file is deleted")
        eventually(lambda: gone(house), "the app is gone", 90)
        house.server.start()
        found = house.session(session)
        assert (found["host_online"], found["removal"]) != (True, "confirmed")
        house.end(session)
        assert house.session(session)["removal"] == "pending"


# Clocks


class WindowsClock:
    """The PC's wall clock, moved by days while its programs run; the one that counts since the boot is left alone."""

    def __init__(self, house: House) -> None:
        self._pc = house.pc
        self._file = house.pc.prefix.parent / "clock"
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        self._pc.shut_down()
        self._file.write_text("+0")
        self._pc.extra |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "NO_FAKE_STAT": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self._pc.boot()

    def set(self, days: int) -> None:
        """Be this many days ahead of this machine's clock."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{days:+d}d" if days else "+0")
        fresh.replace(self._file)

    def check(self, days: int) -> None:
        """Check that Windows has the date this many days ahead."""
        said = self._pc.wine("cmd", "/c", "echo %DATE%").strip()
        here = datetime.datetime.now(datetime.UTC).astimezone()
        dates = (here + datetime.timedelta(days=days, minutes=minutes) for minutes in (-1, 0))
        assert said in [date.strftime("%d.%m.%Y") for date in dates]


@pytest.mark.sweep
@pytest.mark.timeout(900)
def test_the_end_comes_on_time_without_the_server_and_whatever_the_clock_is_set_to(house: House) -> None:
    with traceless(house):
        clock = WindowsClock(house)
        house.activate(75)
        house.server.stop()
        (folder,) = house.program_folders()
        state = folder / "session/state.json"
        for days in (1, -1):
            saved = state.stat().st_mtime_ns
            clock.set(days)
            clock.check(days)
            # The host saves its count when it sees that the clock has jumped.
            eventually(lambda saved=saved: state.stat().st_mtime_ns != saved, "the host has noticed")
            house.window()
            assert house.pc.running("--resume")
        eventually(lambda: gone(house), "the app is gone", 150)
        house.server.start()


def test_a_pc_that_was_off_for_a_day_ends_the_session_when_it_starts(house: House) -> None:
    with traceless(house):
        clock = WindowsClock(house)
        session = house.activate()
        house.pc.shut_down()
        clock.set(1)
        house.pc.boot()
        clock.check(1)
        house.removed(session)
        assert receipt(house, session)["by"] == "clock"
