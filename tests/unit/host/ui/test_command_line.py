"""The line-based interface."""

import asyncio
import io
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.host.ui.command_line import CommandLine
from zuruf.host.ui.port import AllowPasswords, Caller, CustomerLeft, EndSession, Problem, SetRights, View
from zuruf.host.ui.texts import Texts
from zuruf.protocol.codes import Code

CALLER = Caller("1234567890", "Müller & Söhne", "Tina Technik")
VIEW = View(CALLER, Link.ONLINE, (("remote_control", "viewing"),), 90.5, Rights(), False)


class Terminal:
    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()
        self.screen = io.StringIO()
        self.ui = CommandLine(Texts("en"), self.reading, self.screen)

    def type(self, data: bytes) -> None:
        os.write(self._writing, data)

    def hang_up(self) -> None:
        os.close(self._writing)
        self._writing = -1

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        lines = [line.split(" ", 2) for line in self.screen.getvalue().splitlines() if line.startswith("zuruf: ")]
        return [(event, json.loads(facts)) for _prefix, event, facts in lines]

    def close(self) -> None:
        if self._writing >= 0:
            self.hang_up()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


async def test_questions_are_status_lines_and_answers_are_lines(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.type(b"12345 67890\n123 456 ")
    terminal.type(b"789\n")
    assert await terminal.ui.ask_number(None) == "12345 67890"
    assert await terminal.ui.ask_code(CALLER, Problem(Code.WRONG_CODE, 4)) == "123 456 789"
    facts = {"number": "1234567890", "company": "Müller & Söhne", "technician": "Tina Technik"}
    assert terminal.events() == [
        ("number_needed", {}),
        ("code_needed", {**facts, "problem": "ZRF-303", "tries_left": 4}),
    ]


async def test_the_end_of_the_input_is_a_customer_who_leaves(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.hang_up()
    with pytest.raises(CustomerLeft):
        await terminal.ui.ask_number(None)


async def test_an_active_session_outlives_its_terminal(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.ui.show(VIEW)
    terminal.type(b"view off\nend\n")
    terminal.hang_up()
    assert await terminal.ui.next_action() == SetRights({"view": False})
    assert await terminal.ui.next_action() == EndSession()


async def test_commands_steer_an_active_session(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.ui.show(VIEW)
    terminal.type(b"ask on\nallow\n  CONTROL OFF \nview\nnonsense\n\nend\n")
    actions = [await terminal.ui.next_action() for _ in range(4)]
    assert actions == [SetRights({"ask": True}), AllowPasswords(), SetRights({"control": False}), EndSession()]
    unknown = [facts["line"] for event, facts in terminal.events() if event == "unknown_command"]
    assert unknown == ["view", "nonsense"]


async def test_a_connection_is_answered_with_yes_or_no(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.ui.show(VIEW)
    for answer, allowed in ((b"yes\n", True), (b"no\n", False)):
        question = asyncio.create_task(terminal.ui.ask_connection(CALLER, "remote_control"))
        await asyncio.sleep(0)
        terminal.type(answer)
        assert await question is allowed
    assert terminal.events()[-1] == ("connection_question", {"tool": "remote_control"})


async def test_two_connections_are_two_questions(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.ui.show(VIEW)
    questions = [
        asyncio.create_task(terminal.ui.ask_connection(CALLER, tool)) for tool in ("dashboard", "file_manager")
    ]
    await asyncio.sleep(0)
    assert terminal.events()[-1] == ("connection_question", {"tool": "dashboard"})
    terminal.type(b"no\n")
    assert await questions[0] is False
    assert terminal.events()[-1] == ("connection_question", {"tool": "file_manager"})
    terminal.type(b"yes\n")
    assert await questions[1] is True


async def test_a_state_is_said_when_it_changed_only(terminal: Terminal) -> None:
    terminal.ui.show(VIEW)
    terminal.ui.show(View(CALLER, Link.ONLINE, VIEW.connections, 30.0, Rights(), False))
    terminal.ui.show(View(CALLER, Link.OFFLINE, (), 30.0, Rights(control=False), True))
    (first, second) = [facts for event, facts in terminal.events() if event == "state"]
    assert first["connections"] == [{"tool": "remote_control", "activity": "viewing"}]
    assert (first["link"], first["remaining_s"], first["passwords_closed"]) == ("online", 90, False)
    assert (second["link"], second["control"], second["passwords_closed"]) == ("offline", False, True)


async def test_refusal_and_end_are_said_for_people_and_for_programs(terminal: Terminal) -> None:
    await terminal.ui.refuse(Problem(Code.NO_SCREEN))
    terminal.ui.ended("expired", "")
    assert terminal.events() == [("refused", {"problem": "ZRF-506"}), ("ended", {"reason": "expired"})]
    assert "The agreed time is over." in terminal.screen.getvalue()


async def test_a_reader_that_went_away_ends_nothing(terminal: Terminal) -> None:
    terminal.screen.close()
    terminal.ui.show(VIEW)
    terminal.ui.ended("technician", "")


async def test_bytes_that_are_no_text_are_an_unknown_command(terminal: Terminal) -> None:
    terminal.ui.start()
    terminal.ui.show(VIEW)
    terminal.type(b"\xff\xfe\x00\n" + b"x" * 10_000 + b"\nend\n")
    assert await terminal.ui.next_action() == EndSession()
