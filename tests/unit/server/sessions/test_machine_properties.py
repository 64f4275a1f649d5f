"""What holds for every session, whatever happens in whatever order under whatever clock."""

import copy
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from zuruf.protocol.limits import CODE_TRIES
from zuruf.server.sessions import events as e
from zuruf.server.sessions.events import EndReason, Removal, State, Timer
from zuruf.server.sessions.machine import EARLY_EXPIRY, SessionData, SessionMachine

RUNS = st.sampled_from(["run 1", "run 2", "run 3"])
EVENTS: st.SearchStrategy[e.Event] = st.one_of(
    st.just(e.Prepared()),
    st.just(e.LinkOpened()),
    st.just(e.AppStarted()),
    st.builds(e.AppRefused, st.sampled_from(["ZRF-501", "ZRF-502"]), st.sampled_from(["", "LogMeIn"])),
    st.builds(e.CodeIssued, st.sampled_from(["code 1", "code 2", "code 3"])),
    st.builds(e.RunStarted, RUNS),
    st.builds(e.TrySpent, RUNS),
    st.builds(e.AppLeft, RUNS),
    st.builds(e.KeyRegistered, RUNS, st.sampled_from([bytes(32), bytes([1]) * 32])),
    st.builds(e.RunConfirmed, RUNS),
    st.just(e.HostActive("pc", "Windows", "1")),
    st.just(e.HostOnline()),
    st.just(e.HostOffline()),
    st.builds(e.EndRequested, st.just("user")),
    st.builds(e.HostEnded, st.sampled_from([EndReason.CUSTOMER, EndReason.EXPIRED])),
    st.builds(e.HostRemoved, st.just("{}"), st.just(bytes(64))),
    st.builds(e.TimerFired, st.sampled_from(Timer)),
)
STEPS = st.one_of(
    st.timedeltas(timedelta(), timedelta(hours=30)),
    st.sampled_from([timedelta(0), timedelta(minutes=10), timedelta(hours=24), timedelta(hours=24, microseconds=-1)]),
    # A wall clock that is set back by its keeper.
    st.timedeltas(timedelta(hours=-2), timedelta()),
)


class AnySession(RuleBasedStateMachine):
    """The machine, its timers as the job table keeps them, and the slots that its commands give back."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.timers: dict[Timer, datetime] = {}
        self.released = 0
        self.ended: SessionData | None = None

    @initialize(duration=st.timedeltas(timedelta(minutes=1), timedelta(hours=48)))
    def prepare(self, duration: timedelta) -> None:
        self.data = SessionData(duration=duration, link_lifetime=timedelta(hours=24))
        self.machine = SessionMachine(self.data)
        self.handle(e.Prepared())

    def handle(self, event: e.Event) -> list[e.Command]:
        commands = self.machine.handle(event, self.now)
        for command in commands:
            match command:
                case e.ScheduleTimer(timer, at):
                    self.timers[timer] = at
                case e.CancelTimer(timer):
                    self.timers.pop(timer, None)
                case e.ReleaseSlots():
                    self.released += 1
        return commands

    @rule(step=STEPS)
    def time_passes(self, step: timedelta) -> None:
        self.now += step

    @rule(event=EVENTS)
    def event_and_its_repetition(self, event: e.Event) -> None:
        self.handle(event)
        stored = copy.deepcopy(self.data)
        again = self.handle(event)
        assert self.data == stored
        expected_again = (e.ScheduleTimer, e.TellHostToEnd)  # harmless by definition: each only says once more
        assert all(isinstance(command, expected_again) for command in again)

    @rule(step=st.timedeltas(timedelta(), timedelta(hours=1)))
    def the_next_timer_fires(self, step: timedelta) -> None:
        if self.timers:
            timer = min(self.timers, key=lambda name: self.timers[name])
            self.now = max(self.now, self.timers.pop(timer) + step)
            self.handle(e.TimerFired(timer))

    @rule()
    def pair_and_activate(self) -> None:
        for event in (
            e.CodeIssued("good"), e.RunStarted("good"), e.TrySpent("good"), e.KeyRegistered("good", bytes(32)),
            e.RunConfirmed("good"), e.HostActive("pc", "Windows", "1"),
        ):  # fmt: skip
            self.handle(event)

    @invariant()
    def expiry_is_neither_early_nor_late(self) -> None:
        if not hasattr(self, "data"):
            return
        d = self.data
        if d.activated_at is not None:
            assert d.expires_at == d.activated_at + d.duration
        if d.end_reason is EndReason.EXPIRED:
            assert d.ended_at is not None
            assert d.expires_at is not None
            assert d.expires_at - EARLY_EXPIRY <= d.ended_at <= d.expires_at
        if d.ended_at is not None and d.expires_at is not None:
            assert d.ended_at <= d.expires_at

    @invariant()
    def after_its_time_nothing_is_active(self) -> None:
        if hasattr(self, "data") and self.data.expires_at is not None and self.now >= self.data.expires_at:
            looked_at = SessionMachine(copy.deepcopy(self.data))
            looked_at.handle(e.LinkOpened(), self.now)
            assert looked_at.data.state is State.ENDED

    @invariant()
    def an_active_session_has_a_timer_for_its_end(self) -> None:
        if hasattr(self, "data") and self.data.state is State.ACTIVE:
            assert self.timers.get(Timer.EXPIRY) == self.data.expires_at

    @invariant()
    def a_waiting_session_has_a_timer_for_its_link(self) -> None:
        if hasattr(self, "data") and self.data.state in (State.PREPARED, State.PAIRING):
            assert self.timers.get(Timer.LINK) == self.data.link_expires_at

    @invariant()
    def nothing_leaves_ended(self) -> None:
        if not hasattr(self, "data"):
            return
        d = self.data
        if self.ended is not None:
            assert (d.state, d.ended_at, d.end_reason) == (State.ENDED, self.ended.ended_at, self.ended.end_reason)
            if self.ended.removal is Removal.CONFIRMED:
                assert d.removal is Removal.CONFIRMED
        if d.state is State.ENDED:
            self.ended = copy.deepcopy(d)

    @invariant()
    def the_slot_is_given_back_exactly_once_and_with_the_end(self) -> None:
        if hasattr(self, "data"):
            assert self.released == (1 if self.data.state is State.ENDED else 0)

    @invariant()
    def no_code_outlives_its_tries(self) -> None:
        if hasattr(self, "data"):
            assert 0 <= self.data.code_tries_left <= CODE_TRIES
            if self.data.state in (State.ACTIVE, State.ENDED):
                assert not self.data.code_alive(self.now)

    @invariant()
    def only_a_confirmed_pairing_becomes_active(self) -> None:
        if hasattr(self, "data") and self.data.state is State.ACTIVE:
            assert self.data.host_key is not None
            assert self.data.paired_at is not None


AnySession.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestAnySession = AnySession.TestCase
