"""The resident's window proxy with real window helpers at the other end of pipes in memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.host.customer import ScriptedCustomer
from tests.support.host.pipes import MemoryHelper, MemoryStarter, Program
from tests.support.waiting import until
from zuruf.host.connection.backoff import Backoff
from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.host.helpers.pipe import Pipe
from zuruf.host.helpers.window_helper import serve_window
from zuruf.host.helpers.window_messages import Answer, Ask, Seen, WantEnd, WantPasswords, WantRights, to_window
from zuruf.host.helpers.window_proxy import WindowProxy
from zuruf.host.ui.port import AllowPasswords, Caller, CustomerLeft, EndSession, Problem, SetRights, View
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import Code

CALLER = Caller("1234567890", "Muster GmbH", "Tina Technik")


def view(remaining_s: float = 3600) -> View:
    return View(CALLER, Link.ONLINE, (("remote_control", "viewing"),), remaining_s, Rights(control=False), True)


class SlowReader(ScriptedCustomer):
    """Has not read the last page yet until ``reading`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = asyncio.Event()
        self.asking = 0

    async def seen(self) -> None:
        await self.reading.wait()

    async def refuse(self, problem: Problem) -> None:
        self.refused = problem
        await self.reading.wait()

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        self.asking += 1
        try:
            return await super().ask_connection(caller, tool)
        finally:
            self.asking -= 1


class Computer:
    """A proxy, and whoever sits at its windows: one customer for each helper that was started."""

    def __init__(self, here: int | None = 1) -> None:
        self.customers: list[SlowReader] = []
        self.starter = MemoryStarter(self._window, here)
        self.waits: list[float] = []
        self.proxy = WindowProxy(self.starter, poll_s=0.01, stuck_s=0.3, backoff=Backoff(self._wait))
        self.running = asyncio.create_task(self.proxy.run())

    def _wait(self, _least: float, most: float) -> float:
        self.waits.append(most)
        return 0.0

    async def _window(self, pipe: Pipe) -> None:
        self.customers.append(SlowReader())
        await serve_window(pipe, self.customers[-1])

    @property
    def customer(self) -> SlowReader:
        return self.customers[-1]

    @property
    def helper(self) -> MemoryHelper:
        return self.starter.helpers[-1]

    async def replace(self, program: Program | None = None) -> None:
        """Have the present helper crash, and this program come instead."""
        await until(lambda: self.starter.alive)
        if program is not None:
            self.starter.program = program
        await self.helper.crash()

    async def window(self, count: int = 1) -> SlowReader:
        """Wait until this many windows have been opened in all, and the last shows something."""
        await until(lambda: len(self.customers) == count and self.customers[-1].views)
        return self.customer


@pytest.fixture
async def computer() -> AsyncIterator[Computer]:
    made = Computer()
    yield made
    await made.proxy.close()
    await made.running
    assert made.starter.alive == []


async def test_the_window_shows_what_the_resident_shows(computer: Computer) -> None:
    computer.proxy.show(view())
    assert (await computer.window()).views == [view()]


async def test_a_window_that_crashed_is_opened_again_and_shows_the_present(computer: Computer) -> None:
    computer.proxy.show(view(7))
    await computer.window()
    await computer.helper.crash()
    assert (await computer.window(2)).views == [view(7)]


async def test_a_window_that_crashes_at_once_is_opened_ever_more_seldom(computer: Computer) -> None:
    async def crash(_pipe: Pipe) -> None:
        return

    await computer.replace(crash)
    await until(lambda: len(computer.waits) >= 8)
    assert computer.waits[:8] == [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("refusal", [OSError("no process"), RuntimeError("a mistake of ours")])
async def test_a_window_that_cannot_be_opened_is_tried_again(computer: Computer, refusal: Exception) -> None:
    computer.starter.refusals, computer.starter.refusal = 3, refusal
    await computer.replace()
    computer.proxy.show(view())
    await until(lambda: computer.starter.refusals == 0 and computer.customers and computer.customer.views)


async def test_the_window_follows_the_customer_to_another_session(computer: Computer) -> None:
    computer.proxy.show(view())
    await computer.window()
    first = computer.helper
    computer.starter.here = 2
    await computer.window(2)
    await first.ended()
    assert not first.killed
    assert [helper.session for helper in computer.starter.helpers] == [1, 2]


async def test_while_nobody_is_signed_in_there_is_no_window(computer: Computer) -> None:
    await until(lambda: computer.starter.alive)
    computer.starter.here = None
    await until(lambda: not computer.starter.alive)
    computer.proxy.show(view())
    computer.starter.here = 3
    await computer.window(2)
    assert computer.starter.asked == [("window", 1), ("window", 3)]


async def test_what_the_customer_wants_reaches_the_resident(computer: Computer) -> None:
    await until(lambda: computer.customers)
    for action in (SetRights({"view": False, "ask": True}), AllowPasswords(), EndSession()):
        computer.customer.actions.put_nowait(action)
        assert await computer.proxy.next_action() == action


async def test_the_customers_answer_counts(computer: Computer) -> None:
    await until(lambda: computer.customers)
    for allowed in (True, False):
        computer.customer.allowed = allowed
        computer.customer.allow_connections.set()
        assert await computer.proxy.ask_connection(CALLER, "remote_control") is allowed
    assert computer.customer.questions == ["remote_control", "remote_control"]


async def test_a_question_waits_for_a_customer(computer: Computer) -> None:
    computer.starter.here = None
    await until(lambda: not computer.starter.alive)
    asking = asyncio.create_task(computer.proxy.ask_connection(CALLER, "remote_control"))
    before = len(computer.customers)
    computer.starter.here = 2
    await until(lambda: len(computer.customers) > before)
    computer.customer.allow_connections.set()
    assert await asking


async def test_an_open_question_is_asked_again_in_a_new_window(computer: Computer) -> None:
    asking = asyncio.create_task(computer.proxy.ask_connection(CALLER, "remote_control"))
    await until(lambda: computer.customers and computer.customer.asking)
    await computer.helper.crash()
    await until(lambda: len(computer.customers) == 2 and computer.customer.asking)
    computer.customer.allow_connections.set()
    assert await asking


async def test_a_question_that_needs_no_answer_disappears(computer: Computer) -> None:
    asking = asyncio.create_task(computer.proxy.ask_connection(CALLER, "remote_control"))
    await until(lambda: computer.customers and computer.customer.asking)
    asking.cancel()
    await until(lambda: not computer.customer.asking)


async def test_two_questions_are_asked_one_after_the_other(computer: Computer) -> None:
    asking = [asyncio.create_task(computer.proxy.ask_connection(CALLER, tool)) for tool in ("a", "b")]
    await until(lambda: computer.customers and computer.customer.asking)
    assert computer.customer.questions == ["a"]
    computer.customer.allow_connections.set()
    assert await asyncio.gather(*asking) == [True, True]
    assert computer.customer.questions == ["a", "b"]


async def test_an_answer_to_another_question_means_nothing(computer: Computer) -> None:
    async def confused(pipe: Pipe) -> None:
        asked = to_window.decode(await pipe.receive())
        assert isinstance(asked, Ask)
        await pipe.send(encode(Answer(asked.question - 1, True)))
        await pipe.send(encode(Answer(asked.question + 1, True)))
        await pipe.send(encode(WantEnd()))
        await pipe.receive()

    await computer.replace(confused)
    asking = asyncio.create_task(computer.proxy.ask_connection(CALLER, "remote_control"))
    assert await computer.proxy.next_action() == EndSession()
    assert not asking.done()
    asking.cancel()


async def test_there_is_nobody_to_ask_for_a_number_or_a_code(computer: Computer) -> None:
    with pytest.raises(CustomerLeft):
        await computer.proxy.ask_number(None)
    with pytest.raises(CustomerLeft):
        await computer.proxy.ask_code(CALLER, None)


# The end


async def test_the_resident_waits_until_the_customer_has_seen_the_end(computer: Computer) -> None:
    computer.proxy.show(view())
    customer = await computer.window()
    computer.proxy.ended("customer", "Alles entfernt.")
    seeing = asyncio.create_task(computer.proxy.seen())
    assert await customer.sees_end() == "customer"
    assert customer.receipt == "Alles entfernt."
    assert not seeing.done()
    customer.reading.set()
    await seeing


async def test_the_end_needs_nobody_to_see_it(computer: Computer) -> None:
    computer.starter.here = None
    await until(lambda: not computer.starter.alive)
    computer.proxy.ended("expired", "")
    await computer.proxy.seen()


async def test_a_window_that_crashes_on_its_last_page_is_not_waited_for_nor_opened_again(computer: Computer) -> None:
    computer.proxy.show(view())
    customer = await computer.window()
    computer.proxy.ended("customer", "")
    seeing = asyncio.create_task(computer.proxy.seen())
    await customer.sees_end()
    await computer.helper.crash()
    await seeing
    await computer.running
    assert len(computer.starter.helpers) == 1


async def test_a_refusal_returns_when_the_customer_has_seen_it(computer: Computer) -> None:
    await until(lambda: computer.customers)
    problem = Problem(Code.INTERNAL, detail="x", report="y")
    refusing = asyncio.create_task(computer.proxy.refuse(problem))
    await until(lambda: computer.customer.refused == problem)
    assert not refusing.done()
    computer.customer.reading.set()
    await refusing


async def test_a_word_of_having_seen_the_end_before_the_end_means_nothing(computer: Computer) -> None:
    async def hasty(pipe: Pipe) -> None:
        await pipe.send(encode(Seen()))
        await pipe.send(encode(WantPasswords()))
        await pipe.receive()
        await pipe.send(encode(WantEnd()))
        await pipe.receive()

    await computer.replace(hasty)
    assert await computer.proxy.next_action() == AllowPasswords()
    computer.proxy.ended("customer", "")
    seeing = asyncio.create_task(computer.proxy.seen())
    assert await computer.proxy.next_action() == EndSession()
    assert not seeing.done()
    await computer.proxy.close()
    await seeing


async def test_a_closed_proxy_ends_its_window_gently(computer: Computer) -> None:
    await until(lambda: computer.customers)
    await computer.proxy.close()
    assert computer.running.done()
    assert not computer.helper.alive
    assert not computer.helper.killed


async def test_a_cancelled_proxy_leaves_no_window() -> None:
    computer = Computer()
    await until(lambda: computer.customers)
    computer.running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await computer.running
    assert computer.starter.alive == []


async def test_a_window_that_appears_after_the_proxy_was_closed_is_ended() -> None:
    computer = Computer()
    computer.starter.may_start.clear()
    await until(lambda: computer.starter.asked)
    closing = asyncio.create_task(computer.proxy.close())
    await asyncio.sleep(0)
    computer.starter.may_start.set()
    await closing
    await computer.running
    assert computer.starter.alive == []


# The downloaded file


async def test_the_customers_own_window_deletes_the_download(computer: Computer, tmp_path: Path) -> None:
    await until(lambda: computer.customers)
    file = tmp_path / "Zuruf-Support-Session-1234567890.exe"
    file.write_bytes(b"MZ")
    assert await computer.proxy.delete_download(str(file))
    assert not file.exists()
    assert await computer.proxy.delete_download(str(file))


async def test_a_download_that_cannot_be_deleted_stays(
    computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zuruf.host.helpers.window_helper._DELETE_WAIT_S", 0.0)
    await until(lambda: computer.customers)
    assert not await computer.proxy.delete_download(str(tmp_path))


async def test_a_download_is_deleted_by_a_window_that_is_only_starting(computer: Computer, tmp_path: Path) -> None:
    await until(lambda: computer.customers)
    await computer.starter.alive[0].stop()
    file = tmp_path / "Zuruf-Support-Session-1234567890.exe"
    file.write_bytes(b"MZ")
    assert await computer.proxy.delete_download(str(file))
    assert not file.exists()


async def test_without_a_window_the_download_stays(computer: Computer, tmp_path: Path) -> None:
    computer.starter.here = None
    await until(lambda: not computer.starter.alive)
    assert not await computer.proxy.delete_download(str(tmp_path / "app.exe"))


# Helpers that are not ours


async def raw(computer: Computer, *messages: bytes, reads: bool = True) -> MemoryHelper:
    """Put somebody in the window helper's place, once, who says this; returns that helper."""
    ours = computer.starter.program

    async def hostile(pipe: Pipe) -> None:
        computer.starter.program = ours
        for message in messages:
            await pipe.send(message)
        while reads:
            await pipe.receive()
        await asyncio.Event().wait()

    await computer.replace(hostile)
    await until(lambda: len(computer.starter.helpers) > 1)
    return computer.starter.helpers[1]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xc1",
        b"\x81\xa1t\xa4show",
        b"\x81\xa1t" * 1000,
        encode(WantRights({"delete_everything": True})),
        encode(WantRights({"view": 1})),  # type: ignore[dict-item]
        encode(WantRights({})),
        encode(WantRights({f"switch{number}": True for number in range(40)})),
        encode(Answer(-1, True)),
        encode(Answer(2**63, True)),
        encode(WantEnd()) + bytes(8 * 1024),
    ],
)
async def test_a_helper_that_says_what_no_window_says_is_ended_and_replaced(computer: Computer, message: bytes) -> None:
    computer.proxy.show(view())
    hostile = await raw(computer, message)
    await hostile.ended()
    await until(lambda: computer.customer.views and computer.helper is not hostile and computer.helper.alive)
    assert not computer.running.done()


async def test_a_helper_that_talks_too_much_is_ended(computer: Computer) -> None:
    hostile = await raw(computer, *[encode(WantRights({"view": False}))] * 200)
    await hostile.ended()
    assert hostile.far.sent < 100


async def test_a_helper_that_reads_nothing_does_not_hold_the_resident_and_is_ended(computer: Computer) -> None:
    hostile = await raw(computer, reads=False)
    for remaining_s in range(1000):
        computer.proxy.show(view(remaining_s))
        await asyncio.sleep(0)
    await hostile.ended()
    computer.proxy.show(view(42))
    await until(lambda: computer.customer.views and computer.customer.views[-1] == view(42))


async def test_a_slow_reader_is_told_the_newest_only(computer: Computer) -> None:
    told: list[object] = []
    may_read = asyncio.Event()

    async def slow(pipe: Pipe) -> None:
        await may_read.wait()
        while True:
            told.append(to_window.decode(await pipe.receive()))

    await computer.replace(slow)
    await until(lambda: len(computer.starter.helpers) == 2)
    for remaining_s in range(500):
        computer.proxy.show(view(remaining_s))
        if remaining_s % 50 == 0:
            await asyncio.sleep(0)
    may_read.set()
    await until(lambda: told and getattr(told[-1], "view", None) == view(499))
    assert len(told) <= 5
