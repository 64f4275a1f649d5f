"""A computer on which the session lives on in another process, and the system takes the program away in the end."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.support.host.house import House
from tests.support.host.platform import FolderPlatform
from tests.support.host.server import FakeServer
from tests.unit.host.test_session import finished, stopping
from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_INSTALLED
from zuruf.host.removal.plan import InstallStep, RemovalStep
from zuruf.host.ui.port import EndSession
from zuruf.protocol.codes import Code


class ServiceComputer(FolderPlatform):
    """Like Windows: a program folder, a service that goes on, a system that finishes the removal."""

    hands_over = True
    finishing = frozenset({"autostart", "program"})

    def __init__(self, root: Path, *, starts: bool = True) -> None:
        super().__init__(root)
        self.starts = starts
        self.handed_over = 0
        self.program_folder().mkdir(parents=True, exist_ok=True)

    def program_folder(self) -> Path:
        return self.root / "program 1a2b3c4d"

    def default_data_dir(self) -> Path:
        return self.program_folder() / "session"

    def hand_over(self) -> None:
        if not self.starts:
            raise OSError("the service did not start")
        with self.lock(self.default_data_dir() / "lock"):
            self.handed_over += 1

    def finish_removal(self) -> None:
        shutil.rmtree(self.program_folder(), ignore_errors=True)
        self.remove_autostart()


@pytest.fixture
def computer(house: House) -> ServiceComputer:
    computer = ServiceComputer(house.root)
    house.platform = computer
    return computer


def left(computer: ServiceComputer) -> list[str]:
    return [path.name for path in computer.root.rglob("*") if path.is_file()]


async def test_the_installed_session_goes_on_in_the_other_process(
    house: House, server: FakeServer, computer: ServiceComputer
) -> None:
    assert await finished(house.start()) == EXIT_INSTALLED
    assert computer.handed_over == 1, "and the lock was free for it"
    async with stopping(house.resume()):
        await server.next_report("active")


async def test_the_system_finishes_and_the_receipt_says_what(
    house: House, server: FakeServer, computer: ServiceComputer
) -> None:
    assert await finished(house.start()) == EXIT_INSTALLED
    resident = house.resume()
    await server.next_report("active")
    house.customer.actions.put_nowait(EndSession())
    receipt = await server.next_report("removed")
    assert await finished(resident) == 0
    assert (receipt["removed"], receipt["finishing"]) == (
        ["state.json", "state.json.new"],
        ["program folder", "autostart entry"],
    )
    assert left(computer) == []


async def test_what_does_not_start_is_taken_back_and_said(house: House, server: FakeServer) -> None:
    house.platform = computer = ServiceComputer(house.root, starts=False)
    assert await finished(house.start()) == EXIT_BROKEN
    assert house.customer.refused is not None
    assert house.customer.refused.code is Code.INTERNAL
    # The unpacking stage takes the program folder away; of the session nothing may be left in it.
    assert left(computer) == ["lock"]


@pytest.mark.parametrize("step", [*InstallStep, *RemovalStep])
async def test_killed_at_any_step_the_next_start_goes_on_or_finishes(
    house: House, server: FakeServer, computer: ServiceComputer, step: InstallStep | RemovalStep
) -> None:
    reached = asyncio.Event()

    class Killed(BaseException):
        pass

    def kill(at: InstallStep | RemovalStep) -> None:
        if at == step:
            reached.set()
            raise Killed

    if isinstance(step, InstallStep):
        with pytest.raises(Killed):
            await finished(house.start(on_step=kill))
    else:
        assert await finished(house.start()) == EXIT_INSTALLED
        resident = house.resume(on_step=kill)
        await server.next_report("active")
        house.customer.actions.put_nowait(EndSession())
        with pytest.raises(Killed):
            await finished(resident)
    assert reached.is_set()
    if computer.autostart_command() is None:
        # Nothing was registered yet, or everything is gone: then there is nothing to go on with.
        assert step in (InstallStep.DIRECTORY_MADE, InstallStep.STATE_SAVED, RemovalStep.SYSTEM_FINISHES)
        return
    if isinstance(step, InstallStep):
        async with stopping(house.resume()):
            await server.next_report("active")
        return
    assert await finished(house.resume()) == 0
    assert left(computer) == []
