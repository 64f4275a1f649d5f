import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.memory_desktop import MemoryDesktop, MemoryPlatform
from tests.support.viewer import LocalChannel, ModelViewer
from tests.support.waiting import until
from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.consent.activity import CLIPBOARD, CONTROLLING, IDLE, VIEWING
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.desktop import CursorShape, Rect
from zuruf.host.remote_control.session import closing, serve
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import Code
from zuruf.protocol.limits import RECORD_PLAINTEXT_MAX

RED, BLUE = b"\x00\x00\xff\x00", b"\xff\x00\x00\x00"


class Connection:
    """A connection being served, and its viewer."""

    def __init__(self, platform: MemoryPlatform) -> None:
        self.platform = platform
        self.channel = LocalChannel()
        self.viewer = ModelViewer(self.channel)
        self.consent = ConsentState()
        self.activities: list[str] = []
        self.task = asyncio.create_task(serve(self.channel, platform, self.consent, self.activities.append))  # type: ignore[arg-type]

    @property
    def desktop(self) -> MemoryDesktop:
        return self.platform.desktop

    async def shown(self) -> None:
        """Wait until the viewer shows the screen."""
        await until(lambda: self.platform.desktops)
        await self.viewer.until_shows(self.desktop.screen.rgb())

    async def end(self) -> None:
        self.channel.leave()
        with pytest.raises(ChannelClosed):
            await self.task


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    made = Connection(MemoryPlatform())
    await made.shown()
    yield made
    if not made.task.done():
        await made.end()


async def test_the_first_message_is_the_size_then_rights_cursor_and_the_picture(connection: Connection) -> None:
    kinds = [type(message) for message in connection.viewer.seen]
    assert kinds == [messages.ScreenInfo, messages.Rights, messages.Cursor, messages.Update]
    assert connection.viewer.seen[:3] == [
        messages.ScreenInfo(200, 150), messages.Rights(True, True, True), messages.Cursor(1, 1, 0, 0, b"\1\2\3\xff")
    ]  # fmt: skip


async def test_a_change_is_sent_exactly(connection: Connection) -> None:
    connection.viewer.drawn = 0
    connection.desktop.screen.fill(Rect(60, 60, 32, 32), RED, claim=Rect(0, 0, 200, 150))
    await connection.shown()
    assert connection.viewer.drawn == 32 * 32


async def test_claimed_damage_without_a_change_sends_nothing(connection: Connection) -> None:
    connection.desktop.listener.damaged()
    seen = len(connection.viewer.seen)
    await connection.viewer.round_trip()
    await connection.viewer.round_trip()
    assert [type(m) for m in connection.viewer.seen[seen:]] == [messages.Pong, messages.Pong]


async def test_without_acks_two_frames_go_and_the_third_has_the_newest_picture(connection: Connection) -> None:
    viewer, screen = connection.viewer, connection.desktop.screen
    viewer.acknowledging = False
    before = len(viewer.frames)
    for step in range(10):
        screen.fill(Rect(step, 0, 1, 150), bytes((step, 9, 9, 0)))
        await viewer.round_trip()
        await asyncio.sleep(0.02)
    await viewer.round_trip()
    assert len(viewer.frames) - before == 2
    assert bytes(viewer.picture.pixels) != screen.rgb()
    viewer.acknowledging = True
    viewer.say(messages.Ack(viewer.frames[-1]))
    await viewer.until_shows(screen.rgb())
    assert len(viewer.frames) - before == 3


async def test_input_is_taken_while_the_viewer_reads_nothing(connection: Connection) -> None:
    connection.channel.stop_reading()
    connection.desktop.screen.fill(Rect(0, 0, 200, 150), RED)
    connection.viewer.say(messages.PointerMove(5, 6))
    await until(lambda: ("move", 5, 6) in connection.desktop.input.done)
    connection.channel.read_on()
    await connection.shown()


async def test_an_update_stays_below_256_kib_and_the_last_of_a_frame_is_marked() -> None:
    connection = Connection(MemoryPlatform(512, 512))
    await connection.shown()
    screen = connection.desktop.screen
    screen.pixels[:] = os.urandom(len(screen.pixels))
    seen = len(connection.viewer.seen)
    screen.fill(Rect(0, 0, 1, 1), RED, claim=Rect(0, 0, 512, 512))
    await connection.shown()
    updates = [m for m in connection.viewer.seen[seen:] if isinstance(m, messages.Update)]
    assert len(updates) > 3
    assert [u.last for u in updates] == [False] * (len(updates) - 1) + [True]
    assert len({u.frame for u in updates}) == 1
    assert max(connection.viewer.update_sizes) <= 256 * 1024
    await connection.end()


async def test_refresh_sends_the_whole_picture(connection: Connection) -> None:
    connection.viewer.drawn = 0
    connection.viewer.picture.pixels[:] = bytes(len(connection.viewer.picture.pixels))
    connection.desktop.screen.fill(Rect(0, 0, 200, 150), RED)
    await connection.shown()
    connection.viewer.picture.pixels[:] = bytes(len(connection.viewer.picture.pixels))
    connection.viewer.drawn = 0
    connection.viewer.say(messages.Refresh())
    await connection.shown()
    assert connection.viewer.drawn == 200 * 150


async def test_a_new_size_begins_a_new_picture(connection: Connection) -> None:
    connection.desktop.screen.resize(90, 70)
    connection.desktop.screen.fill(Rect(1, 1, 5, 5), BLUE)
    assert await connection.viewer.until(messages.ScreenInfo) == messages.ScreenInfo(90, 70)
    await connection.shown()


async def test_a_new_pointer_shape_is_sent(connection: Connection) -> None:
    connection.desktop.screen.shape = CursorShape(0, 0, 0, 0, b"")
    connection.desktop.listener.cursor_changed()
    assert await connection.viewer.until(messages.Cursor) == messages.Cursor(0, 0, 0, 0, b"")


@pytest.mark.parametrize("message", [messages.Text("secret"), messages.Key("KeyQ", "漢", True)])
async def test_typing_under_way_stops_when_the_customer_takes_control_back(
    connection: Connection, message: messages.ToHost
) -> None:
    keyboard = connection.desktop.input
    keyboard.keyboard_free.clear()
    connection.viewer.say(message)
    await until(lambda: keyboard.waiting)
    connection.consent.set(control=False)
    keyboard.keyboard_free.set()
    await until(lambda: not keyboard.waiting)
    await connection.viewer.round_trip()
    assert keyboard.done == [("release_all",)]
    connection.consent.set(control=True)
    connection.viewer.say(messages.Text("allowed again"))
    await until(lambda: ("text", "allowed again") in keyboard.done)


async def test_input_reaches_the_desktop_in_order_and_on_the_screen(connection: Connection) -> None:
    for message in (
        messages.PointerMove(16383, 149),
        messages.PointerButton(7, 16383, 2, True),
        messages.Wheel(1, 2, -3, 4),
        messages.Key("KeyQ", "@", True),
        messages.Text("ñ"),
        messages.ReleaseAll(),
    ):
        connection.viewer.say(message)
    await connection.viewer.round_trip()
    assert connection.desktop.input.done == [
        ("move", 199, 149), ("move", 7, 149), ("button", 2, True), ("move", 1, 2), ("wheel", -3, 4),
        ("key", "KeyQ", "@", True), ("text", "ñ"), ("release_all",),
    ]  # fmt: skip


async def test_a_key_whose_repeats_stop_coming_is_released_and_a_modifier_is_not(connection: Connection) -> None:
    done = connection.desktop.input.done
    connection.viewer.say(messages.Key("ControlLeft", "Control", True))
    connection.viewer.say(messages.Key("Backspace", "Backspace", True))
    await until(lambda: len(done) == 3)
    assert done[2] == ("key", "Backspace", "Backspace", False)
    connection.viewer.say(messages.PointerMove(1, 1))
    await connection.viewer.round_trip()
    assert done[3:] == [("move", 1, 1)]


async def test_without_the_right_to_control_nothing_is_touched_and_what_is_held_is_released(
    connection: Connection,
) -> None:
    connection.consent.set(control=False)
    assert await connection.viewer.until(messages.Rights) == messages.Rights(True, False, True)
    connection.viewer.say(messages.PointerMove(1, 1))
    connection.viewer.say(messages.Key("KeyA", "a", True))
    connection.viewer.say(messages.Text("a"))
    await connection.viewer.round_trip()
    assert connection.desktop.input.done == [("release_all",)]


async def test_without_the_right_to_see_no_pixel_leaves_and_later_all_that_changed_does(
    connection: Connection,
) -> None:
    connection.consent.set(view=False)
    assert await connection.viewer.until(messages.Rights) == messages.Rights(False, True, True)
    connection.desktop.screen.fill(Rect(0, 0, 200, 150), RED)
    connection.desktop.listener.cursor_changed()
    connection.viewer.say(messages.Refresh())
    seen = len(connection.viewer.seen)
    await connection.viewer.round_trip()
    await connection.viewer.round_trip()
    assert {type(m) for m in connection.viewer.seen[seen:]} == {messages.Pong}
    connection.consent.set(view=True)
    await connection.shown()


async def test_a_right_taken_away_within_a_frame_stops_the_frame() -> None:
    connection = Connection(MemoryPlatform(512, 1024))
    await connection.shown()
    screen = connection.desktop.screen
    screen.pixels[:] = os.urandom(len(screen.pixels))
    screen.fill(Rect(0, 0, 1, 1), RED, claim=Rect(0, 0, 512, 1024))
    update = await connection.viewer.until(messages.Update)
    assert isinstance(update, messages.Update)
    assert not update.last
    connection.consent.set(view=False)
    await connection.viewer.until(messages.Rights)
    seen = len(connection.viewer.seen)
    await connection.viewer.round_trip()
    assert not any(isinstance(m, messages.Update) for m in connection.viewer.seen[seen:])
    assert bytes(connection.viewer.picture.pixels) != screen.rgb()
    connection.consent.set(view=True)
    await connection.shown()
    await connection.end()


async def test_the_clipboard_goes_both_ways_and_nothing_comes_back(connection: Connection) -> None:
    connection.viewer.say(messages.Clipboard("from the technician"))
    await connection.viewer.round_trip()
    assert connection.desktop.clipboard.text == "from the technician"
    connection.desktop.listener.clipboard_changed("from the technician")
    connection.desktop.listener.clipboard_changed("from the customer")
    assert await connection.viewer.until(messages.Clipboard) == messages.Clipboard("from the customer")
    connection.viewer.say(messages.Clipboard("from the customer"))
    await connection.viewer.round_trip()
    assert connection.desktop.clipboard.text == "from the technician"


async def test_without_the_right_to_the_clipboard_it_is_neither_read_nor_sent_nor_set(connection: Connection) -> None:
    assert connection.desktop.clipboard.watched
    connection.consent.set(clipboard=False)
    assert not connection.desktop.clipboard.watched
    await connection.viewer.until(messages.Rights)
    connection.viewer.say(messages.Clipboard("no"))
    connection.desktop.listener.clipboard_changed("secret")
    seen = len(connection.viewer.seen)
    await connection.viewer.round_trip()
    assert connection.desktop.clipboard.text is None
    assert not any(isinstance(m, messages.Clipboard) for m in connection.viewer.seen[seen:])


async def test_the_customer_is_told_what_happens(connection: Connection) -> None:
    connection.viewer.say(messages.PointerMove(1, 1))
    connection.viewer.say(messages.PointerMove(2, 2))
    connection.viewer.say(messages.Clipboard("text"))
    await connection.viewer.round_trip()
    await connection.end()
    assert connection.activities == [VIEWING, CONTROLLING, CLIPBOARD, IDLE]


async def test_the_desktop_is_closed_when_the_viewer_leaves(connection: Connection) -> None:
    await connection.end()
    assert connection.desktop.closed


async def test_the_desktop_is_closed_when_the_connection_is_cancelled(connection: Connection) -> None:
    connection.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connection.task
    assert connection.desktop.closed


async def test_a_lost_desktop_ends_the_connection_with_its_code(connection: Connection) -> None:
    connection.desktop.listener.lost("the X server ended")
    await connection.task
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.NO_SCREEN)


async def test_no_desktop_is_said_with_its_code() -> None:
    connection = Connection(MemoryPlatform(missing=True))
    await connection.task
    assert connection.channel.to_viewer.get_nowait() == closing(Code.NO_SCREEN)


async def test_an_ack_of_a_frame_never_sent_ends_the_connection(connection: Connection) -> None:
    connection.viewer.say(messages.Ack(99))
    await connection.task
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE)


async def test_more_keys_down_than_a_keyboard_has_end_the_connection(connection: Connection) -> None:
    for number in range(129):
        connection.viewer.say(messages.Key(f"Key{number}", "a", True))
    await connection.task
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE)


async def test_a_message_beyond_the_record_size_ends_the_connection(connection: Connection) -> None:
    connection.channel.put(b"\x00" * (RECORD_PLAINTEXT_MAX + 1))
    await connection.task
    assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE)


def is_valid(raw: bytes) -> bool:
    try:
        messages.to_host.decode(raw)
    except Exception:  # noqa: BLE001 - whatever the decoder raises, the message is not valid
        return False
    return True


valid = st.one_of(
    st.builds(messages.PointerMove, st.integers(0, 16383), st.integers(0, 16383)),
    st.builds(messages.PointerButton, st.just(0), st.just(0), st.integers(0, 4), st.booleans()),
    st.builds(messages.Wheel, st.just(0), st.just(0), st.integers(-50, 50), st.integers(-50, 50)),
    st.builds(messages.Key, st.text(max_size=20), st.text(max_size=20), st.booleans()),
    st.builds(messages.Text, st.text(max_size=50)),
    st.builds(messages.Clipboard, st.text(max_size=50)),
    st.builds(messages.Ping, st.integers(0, 2**53)),
    st.builds(messages.Refresh),
    st.builds(messages.ReleaseAll),
).map(encode)
mutated = st.tuples(valid, st.integers(0, 30), st.binary(max_size=3)).map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] :])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.lists(valid, max_size=4), st.one_of(st.binary(max_size=60), mutated).filter(lambda raw: not is_valid(raw)))
def test_whatever_a_hostile_viewer_sends_ends_the_connection_cleanly(before: list[bytes], hostile: bytes) -> None:
    async def scenario() -> None:
        connection = Connection(MemoryPlatform(8, 8))
        for raw in (*before, hostile):
            connection.channel.put(raw)
        async with asyncio.timeout(20):
            await connection.task
            assert await connection.viewer.until(messages.Closing) == messages.Closing(Code.MALFORMED_MESSAGE)
        assert connection.desktop.closed

    asyncio.run(scenario())
