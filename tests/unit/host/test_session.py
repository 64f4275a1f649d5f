"""A whole session at the host's end, over real sockets."""

import asyncio
import contextlib
import json
import stat
from collections.abc import AsyncIterator

import pytest

from tests.support.host.house import House
from tests.support.host.server import FakeServer
from tests.support.host.technician import CODE
from zuruf.host.connection.link import Link
from zuruf.host.ui.port import EndSession
from zuruf.protocol import control
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import Code


@contextlib.asynccontextmanager
async def stopping(task: "asyncio.Task[int]") -> AsyncIterator[None]:
    """Stop the host as SIGTERM does when the test is over."""
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def finished(task: "asyncio.Task[int]") -> int:
    async with asyncio.timeout(20):
        return await task


async def test_the_right_code_activates_the_session(house: House, server: FakeServer) -> None:
    host = house.start()
    async with stopping(host):
        detail = await server.next_report("active")
        assert detail == {"hostname": "kundenpc", "system": "Folder 1", "app_version": "0.1.0"}
        view = await house.customer.sees(lambda view: view.link is Link.ONLINE)
        assert view.caller.technician == "Tina Technik"
        assert view.remaining_s == 3600


async def test_only_the_owner_can_read_what_the_host_keeps(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        directory = house.platform.default_data_dir()
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert stat.S_IMODE((directory / "state.json").stat().st_mode) == 0o600


async def test_nothing_is_installed_before_the_code_is_proved(house: House, server: FakeServer) -> None:
    assert await finished(house.start(["111111111"])) == 4
    assert house.left_behind() == []


async def test_the_technicians_end_leaves_nothing_but_a_signed_receipt(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    await (await server.host()).send(encode(control.End(reason="technician")))
    receipt = await server.next_report("removed")
    assert await finished(host) == 0
    assert receipt["reason"] == receipt["by"] == "technician"
    assert receipt["at"].endswith("Z")
    assert receipt["installed"] == receipt["removed"]
    assert {"state.json", "autostart entry", "data directory"} <= set(receipt["removed"])
    assert house.left_behind() == []
    assert [report.kind for report in server.reports] == ["active", "removed"]


async def test_the_customers_end_is_reported_before_the_removal(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    house.customer.actions.put_nowait(EndSession())
    assert await finished(host) == 0
    assert [report.kind for report in server.reports] == ["active", "ended", "removed"]
    assert json.loads(server.reports[1].detail)["reason"] == "customer"
    assert house.left_behind() == []


async def test_the_customer_ends_the_session_offline(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    await server.vanish()
    await house.customer.sees(lambda view: view.link is Link.OFFLINE)
    house.customer.actions.put_nowait(EndSession())
    assert await house.customer.sees_end() == "customer"
    assert house.left_behind() == []
    await server.listen()
    assert (await server.next_report("removed"))["by"] == "customer"
    assert await finished(host) == 0


async def test_the_clock_ends_the_session_without_a_server(house: House, server: FakeServer) -> None:
    host = house.start()
    await server.next_report("active")
    await server.vanish()
    house.clock.advance(3599)
    await house.customer.sees(lambda view: view.remaining_s == 1)
    house.clock.advance(1)
    assert await house.customer.sees_end() == "expired"
    assert house.left_behind() == []
    await server.listen()
    assert (await server.next_report("ended"))["reason"] == "expired"
    assert await finished(host) == 0


async def test_a_jump_of_the_wall_clock_ends_nothing(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        house.clock.jump_wall(10 * 86400)
        house.clock.advance(60)
        view = await house.customer.sees(lambda view: view.remaining_s == 3540)
        assert view.link is Link.ONLINE


async def test_a_stopped_host_goes_on_without_the_customer(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        await house.customer.sees(lambda view: view.link is Link.ONLINE)
        house.clock.advance(600)
        await house.customer.sees(lambda view: view.remaining_s == 3000)
    server.host_arrived.clear()
    house.clock.reboot(off_s=400)
    async with stopping(house.resume()):
        await server.host()
        view = await house.customer.sees(lambda view: view.link is Link.ONLINE)
        assert view.remaining_s == 2600
        assert house.customer.callers == []


async def test_a_session_that_expired_while_the_computer_was_off_is_removed(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
    house.clock.reboot(off_s=3600)
    assert await finished(house.resume()) == 0
    assert house.customer.end_reason == "expired"
    assert house.left_behind() == []


async def test_an_unaccepted_report_is_repeated_after_a_restart_of_the_host(house: House, server: FakeServer) -> None:
    server.accept_reports = False
    async with stopping(house.start()):
        await server.next_report("active")
    server.accept_reports = True
    async with stopping(house.resume()):
        await server.next_report("active")


async def test_the_host_comes_back_after_a_restart_of_the_server(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        await house.customer.sees(lambda view: view.link is Link.ONLINE)
        await server.vanish()
        await house.customer.sees(lambda view: view.link is Link.OFFLINE)
        await server.listen()
        await server.host()
        await house.customer.sees(lambda view: view.link is Link.ONLINE)
        assert len(server.reports) == 1


async def test_a_final_rejection_removes_the_host(house: House, server: FakeServer) -> None:
    server.reject = control.Rejected(code=Code.UNKNOWN_NUMBER, final=True)
    assert await finished(house.start()) == 0
    assert house.customer.end_reason == "rejected"
    assert house.left_behind() == []


async def test_a_passing_rejection_does_not(house: House, server: FakeServer) -> None:
    server.reject = control.Rejected(code=Code.APP_TOO_OLD, final=False)
    async with stopping(house.start()):
        await house.customer.sees(lambda view: view.link is Link.OFFLINE)
        server.reject = None
        await server.next_report("active")


async def test_a_second_app_on_the_same_computer_is_refused(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        assert await finished(house.start()) == 3
        assert house.customer.refused is not None
        assert house.customer.refused.code is Code.HOST_ALREADY_INSTALLED


async def test_an_app_with_another_data_directory_is_refused_too(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        assert await finished(house.start([CODE], "--data-dir", str(house.root / "other"))) == 3
        assert house.customer.refused is not None
        assert house.customer.refused.code is Code.HOST_ALREADY_INSTALLED
        assert not (house.root / "other").exists()


async def test_a_damaged_state_is_removed(house: House, server: FakeServer) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
    (house.platform.default_data_dir() / "state.json").write_bytes(b"\x00\xff")
    assert await finished(house.resume()) == 0
    assert not house.platform.default_data_dir().exists()
    assert house.platform.autostart_command() is None


@pytest.mark.parametrize("message", [b"", b"\xff" * 10, b"\x81\xa1t\xa7unknown", b"x" * 20_000, "text"])
async def test_nonsense_from_the_server_costs_the_socket_only(
    house: House, server: FakeServer, message: bytes | str
) -> None:
    async with stopping(house.start()):
        await server.next_report("active")
        first = await server.host()
        server.host_arrived.clear()
        await first.send(message)
        second = await server.host()
        assert second is not first
