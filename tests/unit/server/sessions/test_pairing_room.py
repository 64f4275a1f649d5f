"""What holds in a pairing room, whatever both ends send in whatever order."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.server.sessions.ends import ANSWER, BROWSER_CONFIRM, HOST_CONFIRM, OFFER
from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.pairing import ConsoleHello, Forward, HostHello, PairingMessage, RunEnded, RunFailed, RunStarted
from zuruf.server.sessions import events as e
from zuruf.server.sessions.pairing_room import Action, Confirm, PairingRoom, Tell, ToApp, ToConsole

HELLO = HostHello(number="1234567890", protocol=1, app_version="1", platform="test")
RUN_IDS = [f"{number:036d}" for number in range(60)]
PAYLOADS = st.one_of(st.sampled_from([OFFER, ANSWER, HOST_CONFIRM, BROWSER_CONFIRM]), st.binary(max_size=40))
MESSAGES: st.SearchStrategy[PairingMessage] = st.one_of(
    st.builds(Forward, run_id=st.sampled_from([*RUN_IDS[:3], "now"]), payload=PAYLOADS),
    st.builds(RunFailed, run_id=st.sampled_from([*RUN_IDS[:3], "now"]), code=st.just("ZRF-303")),
    st.builds(ConsoleHello, ticket=st.just(bytes(32))),
)
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["console joins", "console leaves", "app joins", "app leaves", "hello", "silence", "stopped"]),
        st.tuples(st.sampled_from(["app", "console"]), MESSAGES),
    ),
    max_size=50,
)


@dataclass
class Told:
    """Every action, in order, with what was forwarded in each run."""

    started: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    forwarded: dict[str, list[bytes]] = field(default_factory=dict)

    def note(self, actions: list[Action]) -> list[Confirm]:
        for action in actions:
            match action:
                case Tell(e.RunStarted(run_id)):
                    self.started.append(run_id)
                case Tell(e.TrySpent(run_id)):
                    self.spent.append(run_id)
                case ToApp(RunEnded() as message):
                    self.ended.append(message.run_id)
                case ToApp(Forward() as message) | ToConsole(Forward() as message):
                    self.forwarded.setdefault(message.run_id, []).append(message.payload)
        return [action for action in actions if isinstance(action, Confirm)]


@settings(max_examples=400, deadline=None)
@given(steps=STEPS, registered=st.booleans())
def test_every_run_is_in_order_and_every_answer_is_a_try(steps: list[object], registered: bool) -> None:
    room, told, fresh = PairingRoom("s" * 36), Told(), iter(RUN_IDS)
    for step in steps:
        try:
            actions = _take(room, step, fresh)
        except ProtocolError:
            actions = room.app_left() if isinstance(step, tuple) and step[0] == "app" else room.console_left()
        for confirm in told.note(actions):
            told.note(room.confirmed(confirm.message, registered=registered))
            assert room.run_id is None
    for run_id, payloads in told.forwarded.items():
        assert payloads == [OFFER, ANSWER, HOST_CONFIRM, BROWSER_CONFIRM][: len(payloads)]
        assert (ANSWER in payloads) is (run_id in told.spent)
        assert registered or BROWSER_CONFIRM not in payloads
    assert len(set(told.spent)) == len(told.spent)
    assert told.ended == [run_id for run_id in told.started if run_id != room.run_id]


def _take(room: PairingRoom, step: object, fresh: object) -> list[Action]:
    match step:
        case "console joins":
            return room.console_joined()
        case "console leaves":
            return room.console_left()
        case "app joins":
            room.app_joined()
            return []
        case "app leaves":
            return room.app_left()
        case "hello":
            # The broker lets only an app say hello that has joined.
            return room.hello(HELLO, next(fresh), code_alive=True, tries_left=5) if room.app else []  # type: ignore[call-overload]
        case "silence":
            return room.timed_out(room.run_id or "")
        case "stopped":
            return room.stopped("ZRF-302")
        case (end, message):
            assert isinstance(message, Forward | RunFailed | ConsoleHello)
            if not isinstance(message, ConsoleHello) and message.run_id == "now":
                message.run_id = room.run_id or "none"
            if end == "app":
                return room.from_app(message) if room.app else []
            return room.from_console(message) if room.console else []
    raise AssertionError(step)


def test_both_ends_get_the_same_start() -> None:
    room = PairingRoom("s" * 36)
    room.console_joined()
    room.app_joined()
    actions = room.hello(HELLO, RUN_IDS[0], code_alive=True, tries_left=5)
    assert actions[0] == Tell(e.RunStarted(RUN_IDS[0]))
    sent = [action.message for action in actions[1:] if isinstance(action, ToApp | ToConsole)]
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert isinstance(sent[0], RunStarted)
