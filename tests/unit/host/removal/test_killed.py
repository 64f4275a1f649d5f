"""A host that is killed at any named step of installing or removing leaves nothing behind after its next start."""

import asyncio
import errno
from collections.abc import Sequence
from enum import StrEnum

import pytest

from tests.support.host.house import House
from tests.support.host.platform import FolderPlatform
from tests.support.host.server import FakeServer
from tests.unit.host.test_session import finished, stopping
from zuruf.host.removal.plan import InstallStep, RemovalStep
from zuruf.host.state import STATE_FILE_NEW
from zuruf.host.ui.port import EndSession
from zuruf.protocol.codes import Code


class Killed(BaseException):
    """Nothing of the host runs after this, as after SIGKILL."""


class KillAt:
    """Kills at one step; ``reached`` proves that the step exists."""

    def __init__(self, step: StrEnum) -> None:
        self.step = step
        self.reached = False

    def __call__(self, step: StrEnum) -> None:
        if step == self.step:
            self.reached = True
            raise Killed


async def killed(host: "asyncio.Task[int]", kill: KillAt) -> None:
    with pytest.raises(Killed):
        await finished(host)
    assert kill.reached


def secrets_on_disk(house: House) -> bool:
    return any(b'"prs":"cHBw' in path.read_bytes() for path in house.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("step", [step for step in InstallStep if step is not InstallStep.HANDED_OVER])
async def test_killed_while_installing_the_session_goes_on_or_never_was(
    house: House, server: FakeServer, step: InstallStep
) -> None:
    kill = KillAt(step)
    await killed(house.start(on_step=kill), kill)
    if step is InstallStep.DIRECTORY_MADE:
        assert await finished(house.resume()) == 0
        assert not house.platform.default_data_dir().exists()
        assert house.platform.autostart_command() is None
        return
    async with stopping(house.resume()):
        await server.next_report("active")
        assert house.platform.autostart_command() is not None


@pytest.mark.parametrize("step", list(RemovalStep))
async def test_killed_while_removing_the_next_start_finishes(
    house: House, server: FakeServer, step: RemovalStep
) -> None:
    kill = KillAt(step)
    host = house.start(on_step=kill)
    await server.next_report("active")
    assert secrets_on_disk(house)
    house.customer.actions.put_nowait(EndSession())
    await killed(host, kill)
    assert not secrets_on_disk(house)
    if house.left_behind():
        assert house.platform.autostart_command() is not None, "nothing would start to finish the removal"
        assert await finished(house.resume()) == 0
    data_left = [path for path in house.root.rglob("*") if path.is_file()]
    assert data_left == []
    assert not house.platform.default_data_dir().exists()


@pytest.mark.parametrize("step", [RemovalStep.END_RECORDED, RemovalStep.CONNECTIONS_CLOSED])
async def test_a_resumed_removal_still_proves_itself(house: House, server: FakeServer, step: RemovalStep) -> None:
    kill = KillAt(step)
    host = house.start(on_step=kill)
    await server.next_report("active")
    house.customer.actions.put_nowait(EndSession())
    await killed(host, kill)
    assert await finished(house.resume()) == 0
    receipt = await server.next_report("removed")
    assert (receipt["by"], receipt["installed"]) == ("customer", receipt["removed"])
    assert house.left_behind() == []


async def test_a_strangers_file_in_our_directory_is_left_alone(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    stranger = house.platform.default_data_dir() / "notes.txt"
    stranger.write_text("mine")
    house.customer.actions.put_nowait(EndSession())
    assert await finished(host) == 0
    receipt = await server.next_report("removed")
    assert set(receipt["installed"]) - set(receipt["removed"]) == {"data directory", "directory state"}
    assert stranger.read_text() == "mine"


async def test_directories_that_were_there_before_stay(house: House, server: FakeServer) -> None:
    house.platform.autostart_path().parent.mkdir(parents=True)
    house.platform.default_data_dir().parent.mkdir(parents=True)
    before = house.left_behind()
    host = house.start()
    await server.next_report("active")
    house.customer.actions.put_nowait(EndSession())
    assert await finished(host) == 0
    assert house.left_behind() == before


async def test_a_state_that_was_never_finished_does_not_replace_a_good_one(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
    (house.platform.default_data_dir() / STATE_FILE_NEW).write_bytes(b"{")
    async with stopping(house.resume()):
        await house.customer.sees(lambda view: view.remaining_s == 3600)


class FullDisk(FolderPlatform):
    """A computer whose disk is full when the autostart entry is to be written."""

    def install_autostart(self, command: Sequence[str], ends_in_s: float) -> None:
        super().install_autostart(command, ends_in_s)
        raise OSError(errno.ENOSPC, "no space left on device")


async def test_an_installation_that_fails_is_taken_back_and_said(house: House, server: FakeServer) -> None:
    house.platform = FullDisk(house.root)
    assert await finished(house.start()) == 1
    assert house.customer.refused is not None
    assert house.customer.refused.code is Code.INTERNAL
    assert house.left_behind() == []


async def test_a_computer_without_a_place_for_the_state_is_told_so(house: House, server: FakeServer) -> None:
    (house.root / "state").write_text("a file where a directory should be")
    assert await finished(house.start()) == 1
    assert house.customer.refused is not None
    assert house.customer.refused.code is Code.INTERNAL
    assert house.left_behind() == ["state"]
