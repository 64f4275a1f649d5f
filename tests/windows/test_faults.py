"""Kills, power cuts, restarts, clocks and lost servers on a customer's PC: the session goes on, or nothing is left.

In ``make test-sweep`` every step of installing and removing is struck; otherwise three faults, others every day.
"""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import eventually
from tests.support.wine import changed
from tests.windows.conftest import House, Operator, app_plan, open_house
from zuruf.host.removal.plan import InstallStep, RemovalStep
from zuruf.installer.build import FILE_NAME, build

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


@contextmanager
def traceless(house: House, *left: str) -> Iterator[None]:
    """Check that nothing on the PC is different afterwards, but the files that may be ``left``."""
    house.pc.shut_down()
    before = house.pc.inventory()
    house.pc.boot()
    yield
    house.gone(90)
    eventually(lambda: not house.pc.running("/v:off"), "the remover has finished")
    house.pc.shut_down()
    difference = changed(before, house.pc.inventory())
    assert set(difference) == {f"files/users/anna/Downloads/{name}" for name in left}, difference


def close_window(house: House, title: str = "") -> None:
    """Read the app's last page and close it."""
    house.window() if not title else house.pc.wait_window(title)
    house.pc.press("Return")


@pytest.mark.parametrize(("step", "fault"), chosen(list(product(InstallStep, FAULTS)), 1))
def test_an_interrupted_installation_goes_on_or_leaves_nothing(
    fragile_house: House, step: InstallStep, fault: str
) -> None:
    house, trouble = fragile_house, Trouble(fragile_house)
    session = house.prepare()
    file = f"Zuruf-Support-Session-{session['number']}.exe"
    with traceless(house, *([] if step in GOES_ON else [file])):
        trouble.order(step, fault)
        assert house.download(session).name == file
        house.run(house.pc.drive / "users/anna/Downloads" / file)
        house.started(session)
        house.pair(session)
        trouble.strike(step, fault)
        if step in GOES_ON:
            house.active(session)
            house.end(session)
            house.removed(session)
        elif fault == "kill":
            # The unpacking stage says that the app broke.
            close_window(house, "Zuruf Support Session")


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
