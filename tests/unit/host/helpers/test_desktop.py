"""Remote control through helper processes in memory, each with a desktop of its own, and a viewer that checks it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.host.pipes import MemoryHelper, MemoryStarter
from tests.support.memory_desktop import MemoryDesktop, MemoryPlatform
from tests.support.viewer import LocalChannel, ModelViewer
from tests.support.waiting import until
from zuruf.host.connection.backoff import Backoff
from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.consent.activity import CONTROLLING, IDLE, VIEWING
from zuruf.host.consent.rights import Rights
from zuruf.host.consent.state import ConsentState
from zuruf.host.helpers.desktop_helper import serve_desktop
from zuruf.host.helpers.desktop_messages import Data, Over, SetRights
from zuruf.host.helpers.desktop_proxy import FRAMES_PER_HELPER, TRIES, DesktopProxy
from zuruf.host.helpers.line import AHEAD_MAX
from zuruf.host.helpers.pipe import Pipe
from zuruf.host.platform.desktop import Rect
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import Code

RED, BLUE = b"\x00\x00\xff\x00", b"\xff\x00\x00\x00"


class Computer:
    """A proxy whose helpers share desktops in memory; the newest helper's is ``desktop``."""

    def __init__(self, here: int | None = 1) -> None:
        self.platform = MemoryPlatform()
        self.starter = MemoryStarter(self._desktop, here)
        self.waits: list[float] = []
        self.proxy = DesktopProxy(self.starter, poll_s=0.01, backoff=lambda: Backoff(self._wait))

    def _wait(self, _least: float, most: float) -> float:
        self.waits.append(most)
        return 0.0

    async def _desktop(self, pipe: Pipe) -> None:
        await serve_desktop(pipe, self.platform)  # type: ignore[arg-type]

    @property
    def desktop(self) -> MemoryDesktop:
        return self.platform.desktop

    @property
    def helper(self) -> MemoryHelper:
        return self.starter.helpers[-1]


class Connection:
    """One connection being served by a computer, and its viewer."""

    def __init__(self, computer: Computer) -> None:
        self.computer = computer
        self.channel = LocalChannel()
        self.viewer = ModelViewer(self.channel)
        self.consent = ConsentState()
        self.activities: list[str] = []
        self.task = asyncio.create_task(computer.proxy.serve(self.channel, self.consent, self.activities.append))

    async def shown(self, desktops: int = 1) -> None:
        """Wait until so many helpers have opened a desktop, and the viewer shows the newest."""
        await until(lambda: len(self.computer.platform.desktops) >= desktops)
        await self.viewer.until_shows(self.computer.desktop.screen.rgb())

    async def end(self) -> None:
        self.channel.leave()
        with pytest.raises(ChannelClosed):
            await self.task


@pytest.fixture
async def computer() -> AsyncIterator[Computer]:
    made = Computer()
    yield made
    await made.proxy.close()
    assert made.starter.alive == []


@pytest.fixture
async def connection(computer: Computer) -> AsyncIterator[Connection]:
    made = Connection(computer)
    await made.shown()
    yield made
    if not made.task.done():
        await made.end()


async def test_a_helper_serves_the_connection_as_the_host_itself_would(connection: Connection) -> None:
    kinds = [type(message) for message in connection.viewer.seen]
    assert kinds == [messages.ScreenInfo, messages.Rights, messages.Cursor, messages.Update]
    connection.computer.desktop.screen.fill(Rect(10, 20, 30, 40), RED)
    await connection.shown()
    connection.viewer.say(messages.PointerMove(5, 6))
    await connection.viewer.round_trip()
    assert connection.computer.desktop.input.done == [("move", 5, 6)]
    await until(lambda: connection.activities[-1] == CONTROLLING)


async def test_a_picture_larger_than_what_goes_ahead_arrives_whole(connection: Connection) -> None:
    screen = connection.computer.desktop.screen
    for step in range(12):
        screen.fill(Rect(0, 0, 200, 150), bytes((step, 2 * step, 3 * step, 0)))
        await connection.shown()


async def test_while_the_viewer_reads_nothing_little_is_sent_and_the_customer_sees_what_is_done(
    connection: Connection,
) -> None:
    connection.channel.stop_reading()
    far = connection.computer.helper.far
    for step in range(30):
        connection.computer.desktop.screen.fill(Rect(step, 0, 1, 150), RED)
        connection.viewer.say(messages.Ping(step))
    before = far.sent
    await until(lambda: connection.activities[-1] == VIEWING)
    connection.viewer.say(messages.PointerMove(7, 8))
    await until(lambda: connection.activities[-1] == CONTROLLING)
    assert ("move", 7, 8) in connection.computer.desktop.input.done
    a_word_for_every_second_message, activities = 31 // 2, 3
    assert far.sent - before <= AHEAD_MAX + a_word_for_every_second_message + activities
    connection.channel.read_on()
    await connection.shown()


async def test_control_taken_back_stops_the_typing_and_all_input_that_waits(connection: Connection) -> None:
    act = connection.computer.desktop.input
    act.keyboard_free.clear()
    connection.viewer.say(messages.Text("rm -rf"))
    for x in range(20):
        connection.viewer.say(messages.PointerMove(x, 0))
    await until(lambda: act.waiting)
    connection.consent.set(control=False)
    await until(lambda: ("release_all",) in act.done)
    act.keyboard_free.set()
    await connection.viewer.round_trip()
    assert act.done == [("release_all",)]


async def test_the_view_taken_away_ends_the_picture_and_given_again_brings_it_back(connection: Connection) -> None:
    connection.consent.set(view=False)
    assert await connection.viewer.until(messages.Rights) == messages.Rights(False, True, True)
    connection.computer.desktop.screen.fill(Rect(0, 0, 50, 50), BLUE)
    drawn = connection.viewer.drawn
    await connection.viewer.round_trip()
    assert connection.viewer.drawn == drawn
    connection.consent.set(view=True)
    await connection.shown()


# One helper after the other


async def test_after_a_crash_a_new_helper_takes_over_with_a_fresh_picture(connection: Connection) -> None:
    before = len(connection.viewer.seen)
    connection.computer.desktop.screen.fill(Rect(0, 0, 9, 9), RED)
    await connection.shown()
    await connection.computer.helper.crash()
    await connection.shown(2)
    kinds = [type(message) for message in connection.viewer.seen[before:]]
    assert messages.ScreenInfo in kinds
    assert connection.viewer.frames[-1] == FRAMES_PER_HELPER + 1
    connection.computer.desktop.screen.fill(Rect(50, 50, 9, 9), BLUE)
    await connection.shown(2)
    assert IDLE in connection.activities


async def test_an_answer_to_the_dead_helpers_frame_is_no_breach(connection: Connection) -> None:
    connection.viewer.acknowledging = False
    connection.computer.desktop.screen.fill(Rect(0, 0, 9, 9), RED)
    await connection.shown()
    await connection.computer.helper.crash()
    connection.viewer.acknowledging = True
    await connection.shown(2)
    connection.viewer.say(messages.Ack(2))
    await connection.viewer.round_trip()
    assert not connection.task.done()


async def test_what_the_customer_allows_holds_for_the_next_helper_from_its_first_moment(connection: Connection) -> None:
    connection.consent.set(control=False, clipboard=False)
    await connection.computer.helper.crash()
    await connection.shown(2)
    connection.viewer.say(messages.PointerMove(1, 1))
    await connection.viewer.round_trip()
    assert connection.computer.desktop.input.done == []
    assert not connection.computer.desktop.clipboard.watched


async def test_in_another_session_another_helper_takes_over_and_the_first_puts_everything_away(
    connection: Connection,
) -> None:
    first, desktop = connection.computer.helper, connection.computer.desktop
    connection.computer.starter.here = 2
    await connection.shown(2)
    await first.ended()
    assert desktop.closed
    assert not first.killed
    assert connection.computer.starter.asked == [("desktop", 1), ("desktop", 2)]


async def test_where_nobody_is_signed_in_the_console_is_shared() -> None:
    connection = Connection(computer := Computer(here=None))
    await connection.shown()
    assert computer.starter.asked == [("desktop", None)]
    await connection.end()
    await computer.proxy.close()


async def test_a_helper_that_does_not_start_is_tried_again(computer: Computer) -> None:
    computer.starter.refusals = TRIES - 1
    connection = Connection(computer)
    await connection.shown()
    assert computer.waits == [0.5, 1, 2, 4]
    await connection.end()


async def crashing(_pipe: Pipe) -> None:
    return


async def no_start(computer: Computer) -> None:
    computer.starter.refusals = 1000


async def crash_loop(computer: Computer) -> None:
    computer.starter.program = crashing


async def no_screen(computer: Computer) -> None:
    computer.platform = MemoryPlatform(missing=True)


@pytest.mark.parametrize("trouble", [no_start, crash_loop, no_screen])
async def test_after_some_helpers_in_vain_the_viewer_is_told_that_there_is_no_screen(
    connection: Connection, trouble: object
) -> None:
    await trouble(connection.computer)  # type: ignore[operator]
    asked = len(connection.computer.starter.asked)
    await connection.computer.helper.crash()
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.NO_SCREEN.value)
    await connection.task
    assert len(connection.computer.starter.asked) - asked == TRIES - 1


async def test_a_desktop_that_is_lost_is_opened_again(connection: Connection) -> None:
    connection.computer.desktop.listener.lost("signed out")
    await connection.shown(2)
    assert messages.Closing not in [type(message) for message in connection.viewer.seen]


@pytest.mark.parametrize(
    "said", [[b"\xff"], [encode(Data(b"x"))] * (AHEAD_MAX + 1), [encode(SetRights(Rights()))], [encode(Over("?"))]]
)
async def test_a_helper_that_breaks_the_rules_is_ended(connection: Connection, said: list[bytes]) -> None:
    connection.channel.stop_reading()
    ours, first = connection.computer.starter.program, connection.computer.helper

    async def hostile(pipe: Pipe) -> None:
        connection.computer.starter.program = ours
        for message in said:
            await pipe.send(message)
        while True:
            await pipe.receive()

    connection.computer.starter.program = hostile
    await first.crash()
    await until(lambda: len(connection.computer.starter.helpers) > 1)
    await connection.computer.starter.helpers[1].ended()
    connection.task.cancel()
    await asyncio.wait({connection.task})


# While there is no helper


async def without_helper(connection: Connection) -> None:
    connection.computer.starter.may_start.clear()
    await connection.computer.helper.crash()
    await until(lambda: len(connection.computer.starter.asked) == 2)


async def test_pings_are_answered_while_there_is_no_helper(connection: Connection) -> None:
    await without_helper(connection)
    await connection.viewer.round_trip()
    connection.computer.starter.may_start.set()
    await connection.shown(2)


async def test_a_ping_that_a_helper_took_to_its_grave_is_answered(connection: Connection) -> None:
    act = connection.computer.desktop.input
    act.keyboard_free.clear()
    connection.viewer.say(messages.Text("x"))
    connection.viewer.say(messages.Ping(77))
    await until(lambda: act.waiting)
    await connection.computer.helper.crash()
    assert await connection.viewer.until(messages.Pong) == messages.Pong(77)


async def test_input_without_a_desktop_is_forgotten_and_the_newest_clipboard_is_not(connection: Connection) -> None:
    await without_helper(connection)
    connection.viewer.say(messages.Text("secret meant for the desktop that is gone"))
    connection.viewer.say(messages.Clipboard("old"))
    connection.viewer.say(messages.Clipboard("new"))
    await connection.viewer.round_trip()
    connection.computer.starter.may_start.set()
    await connection.shown(2)
    await until(lambda: connection.computer.desktop.clipboard.text == "new")
    assert connection.computer.desktop.input.done == []


async def test_a_viewer_that_leaves_while_there_is_no_helper_is_not_waited_for(connection: Connection) -> None:
    await without_helper(connection)
    await connection.end()
    connection.computer.starter.may_start.set()
    await connection.computer.proxy.close()
    assert connection.computer.starter.alive == []


async def test_a_viewer_that_breaks_the_protocol_while_there_is_no_helper_is_told_so(connection: Connection) -> None:
    await without_helper(connection)
    connection.channel.put(b"\xff")
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE.value)
    await connection.task
    connection.computer.starter.may_start.set()


# The end


async def test_a_viewer_that_breaks_the_protocol_gets_no_other_helper(connection: Connection) -> None:
    connection.channel.put(b"\xff")
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE.value)
    await connection.task
    await connection.computer.proxy.close()
    assert len(connection.computer.starter.helpers) == 1


async def test_a_viewer_that_leaves_ends_its_helper_gently(connection: Connection) -> None:
    await connection.end()
    await connection.computer.proxy.close()
    assert connection.computer.desktop.closed
    assert not connection.computer.helper.killed


async def test_a_connection_is_closed_at_once_though_its_helper_will_not_go_and_its_viewer_reads_nothing(
    computer: Computer,
) -> None:
    async def stubborn(_pipe: Pipe) -> None:
        await asyncio.Event().wait()

    computer.starter.program = stubborn
    connection = Connection(computer)
    connection.channel.stop_reading()
    await until(lambda: computer.starter.alive)
    connection.task.cancel("ZRF-204")
    with pytest.raises(asyncio.CancelledError, match="ZRF-204"):
        await connection.task
    assert computer.helper.alive
    await computer.proxy.close()
    assert computer.helper.killed


async def test_two_connections_have_helpers_of_their_own(connection: Connection) -> None:
    other = Connection(connection.computer)
    await until(lambda: len(connection.computer.platform.desktops) == 2)
    await other.viewer.until_shows(connection.computer.desktop.screen.rgb())
    await connection.computer.starter.helpers[0].crash()
    await other.viewer.round_trip()
    await until(lambda: len(connection.computer.platform.desktops) == 3)
    await other.end()


# The helper's side


@pytest.mark.parametrize("first", [encode(Data(b"x")), encode(SetRights(Rights())), b"", b"\xff"])
async def test_a_helper_shares_nothing_before_it_is_told_what_is_allowed(first: bytes) -> None:
    computer = Computer()
    helper = await computer.starter.start("desktop", 1)
    await helper.pipe.send(first)
    assert isinstance(helper, MemoryHelper)
    with pytest.raises(ProtocolError):
        await helper.process
    assert computer.platform.desktops == []
