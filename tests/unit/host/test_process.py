"""The app as a process of its own, with its real platform on a virtual screen: started, killed, stopped, resumed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.host.server import NUMBER, FakeServer
from tests.support.host.technician import CODE
from tests.support.x11 import x_server
from zuruf.host.exit_codes import EXIT_REFUSED
from zuruf.host.platform.x11.autostart import FILE_NAME, command_of
from zuruf.protocol import control
from zuruf.protocol.codec import encode


class Computer:
    """A home directory, a screen, and the programs that run there."""

    def __init__(self, home: Path, display: str) -> None:
        self.home = home
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "DISPLAY": display, "LANG": "de_DE.UTF-8"}
        self._started: list[Process] = []

    async def run(self, *command: str) -> Process:
        process = await asyncio.create_subprocess_exec(*command, env=self.env, stdin=PIPE, stdout=PIPE)
        self._started.append(process)
        return process

    async def app(self, server: FakeServer, *arguments: str) -> Process:
        command = [sys.executable, "-m", "zuruf.host.app", "--cli", "--server", server.url, "--number", NUMBER]
        return await self.run(*command, *arguments)

    async def stop(self) -> None:
        for process in self._started:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*"))


@pytest.fixture
async def computer(tmp_path: Path) -> AsyncIterator[Computer]:
    home = tmp_path / "home"
    home.mkdir()
    with x_server() as screen:
        computer = Computer(home, screen.display)
        yield computer
        await computer.stop()


async def event(process: Process, name: str, **wanted: object) -> dict[str, Any]:
    """Return the facts of the next status line of this name that has these."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if line.startswith(f"zuruf: {name} "):
                facts: dict[str, Any] = json.loads(line.split(" ", 2)[2])
                if all(facts[key] == value for key, value in wanted.items()):
                    return facts
    raise AssertionError(f"the app ended without saying {name}")


def say(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def activated(computer: Computer, server: FakeServer) -> Process:
    app = await computer.app(server)
    assert (await event(app, "code_needed"))["technician"] == "Tina Technik"
    assert computer.files() == []
    say(app, CODE)
    await event(app, "state", link="online")
    await server.next_report("active")
    return app


async def exit_code(process: Process) -> int:
    async with asyncio.timeout(30):
        return await process.wait()


async def test_the_customer_ends_it_and_nothing_is_left(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    say(app, "end")
    assert (await event(app, "ended"))["reason"] == "customer"
    assert computer.files() == []
    assert await exit_code(app) == 0
    assert [report.kind for report in server.reports] == ["active", "ended", "removed"]


async def test_a_killed_host_is_started_again_by_the_autostart_entry(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    app.kill()
    await exit_code(app)
    server.host_arrived.clear()
    command = autostart_command(computer)
    resumed = await computer.run(*command)
    state = await event(resumed, "state", link="online")
    assert 3500 < state["remaining_s"] <= 3600
    await (await server.host()).send(encode(control.End(reason="technician")))
    assert await exit_code(resumed) == 0
    assert computer.files() == []


async def test_a_stopped_host_leaves_its_session(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    app.send_signal(signal.SIGTERM)
    assert await exit_code(app) == 0
    assert autostart_command(computer)[-2:] == ["--language", "de"]
    assert [report.kind for report in server.reports] == ["active"]


async def test_the_autostart_entry_does_nothing_while_the_host_runs(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    assert await exit_code(await computer.run(*autostart_command(computer))) == EXIT_REFUSED
    assert app.returncode is None
    say(app, "view off")
    await event(app, "state", view=False)


async def test_the_input_may_end_before_a_session_and_after(computer: Computer, server: FakeServer) -> None:
    early = await computer.app(server)
    await event(early, "code_needed")
    assert early.stdin is not None
    early.stdin.close()
    assert await exit_code(early) == 4
    assert computer.files() == []
    active = await activated(computer, server)
    assert active.stdin is not None
    active.stdin.close()
    await (await server.host()).send(encode(control.End(reason="technician")))
    assert await exit_code(active) == 0


async def test_without_a_screen_the_app_says_so_in_the_terminal(computer: Computer, server: FakeServer) -> None:
    computer.env["DISPLAY"] = ":9999"
    command = [sys.executable, "-m", "zuruf.host.app", "--server", server.url, "--number", NUMBER]
    app = await computer.run(*command)
    assert (await event(app, "refused"))["problem"] == "ZRF-506"
    assert await exit_code(app) == 3


async def test_an_app_with_a_window_ends_with_its_session(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    app.send_signal(signal.SIGTERM)
    await exit_code(app)
    server.host_arrived.clear()
    command = [part for part in autostart_command(computer) if part != "--cli"]
    windowed = await computer.run(*command)
    await (await server.host()).send(encode(control.End(reason="technician")))
    await server.next_report("removed")
    assert computer.files() == []
    assert await exit_code(windowed) == 0


async def test_a_windowed_app_stops_when_asked_to(computer: Computer, server: FakeServer) -> None:
    app = await activated(computer, server)
    app.send_signal(signal.SIGTERM)
    await exit_code(app)
    server.host_arrived.clear()
    windowed = await computer.run(*[part for part in autostart_command(computer) if part != "--cli"])
    await server.host()
    windowed.send_signal(signal.SIGTERM)
    assert await exit_code(windowed) == 0
    assert computer.files() != []


@pytest.mark.parametrize(
    "arguments", [["--server", "ftp://x"], ["--language", "fr"], ["--ca", "/nowhere", "--server", "https://x"], []]
)
async def test_bad_arguments_are_refused(computer: Computer, arguments: list[str]) -> None:
    app = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "zuruf.host.app", "--cli", *arguments, env=computer.env, stdin=PIPE, stderr=PIPE
    )
    _out, errors = await app.communicate()
    assert app.returncode == 2
    assert errors


def autostart_command(computer: Computer) -> list[str]:
    """What the customer's desktop runs at the next sign-in."""
    command = command_of((computer.home / ".config" / "autostart" / FILE_NAME).read_text())
    assert command is not None
    return command
