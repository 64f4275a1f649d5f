"""The host's count of a session is exact under every clock, as far as a computer can know."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.host.clock import ManualClock
from zuruf.host.clock import MARK_INTERVAL_S, WALL_JUMP_S, SessionTimer

SECONDS = st.integers(0, 40_000)
JUMPS = st.integers(int(WALL_JUMP_S), 10**8)


class Computer(RuleBasedStateMachine):
    """Time passes, is set, is slept through; the host is killed, the computer switched off. Whole seconds only."""

    @initialize(duration_s=st.integers(60, 7 * 24 * 3600))
    def begin(self, duration_s: int) -> None:
        self.clock = ManualClock()
        self.duration_s = duration_s
        self.true_s = 0
        self.timer = SessionTimer.start(duration_s, self.clock.read())
        self.saved = self.timer.mark(self.clock.read())

    def tick(self) -> None:
        """What the host does once a second."""
        if self.timer.mark_due(self.clock.read()):
            self.saved = self.timer.mark(self.clock.read())

    @rule(seconds=SECONDS)
    def time_passes_awake_or_asleep(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.true_s += seconds
        self.tick()

    @rule(seconds=JUMPS, forward=st.booleans())
    def somebody_sets_the_wall_clock(self, seconds: int, forward: bool) -> None:
        self.clock.jump_wall(seconds if forward else -seconds)
        self.tick()

    @rule(away_s=SECONDS)
    def the_host_is_killed_and_started_again(self, away_s: int) -> None:
        self.clock.advance(away_s)
        self.true_s += away_s
        self.timer = SessionTimer.resume(self.saved, self.clock.read())

    @rule(off_s=SECONDS)
    def the_computer_is_switched_off_and_on(self, off_s: int) -> None:
        self.clock.reboot(off_s)
        self.true_s += off_s
        self.timer = SessionTimer.resume(self.saved, self.clock.read())

    @invariant()
    def the_end_comes_neither_late_nor_early(self) -> None:
        now = self.clock.read()
        assert self.timer.elapsed_s(now) == self.true_s
        assert self.timer.expired(now) == (self.true_s >= self.duration_s)
        assert self.timer.remaining_s(now) == max(0, self.duration_s - self.true_s)


TestComputer = Computer.TestCase
TestComputer.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(jump_s=JUMPS)
def test_the_wall_clock_moves_nothing_while_the_host_runs(jump_s: int) -> None:
    clock = ManualClock()
    timer = SessionTimer.start(3600, clock.read())
    clock.jump_wall(jump_s)
    assert timer.elapsed_s(clock.read()) == 0
    clock.jump_wall(-2 * jump_s)
    assert timer.elapsed_s(clock.read()) == 0


@given(counted_s=SECONDS, back_s=JUMPS)
def test_what_was_counted_is_never_given_back(counted_s: int, back_s: int) -> None:
    clock = ManualClock()
    timer = SessionTimer.start(3600, clock.read())
    clock.advance(counted_s)
    mark = timer.mark(clock.read())
    clock.reboot(off_s=-back_s)
    assert SessionTimer.resume(mark, clock.read()).elapsed_s(clock.read()) == counted_s


def test_a_mark_is_due_after_a_minute_and_after_a_jump_only() -> None:
    clock = ManualClock()
    timer = SessionTimer.start(3600, clock.read())
    clock.advance(MARK_INTERVAL_S - 1)
    assert not timer.mark_due(clock.read())
    clock.jump_wall(WALL_JUMP_S)
    assert timer.mark_due(clock.read())
    timer.mark(clock.read())
    assert not timer.mark_due(clock.read())
    clock.advance(MARK_INTERVAL_S)
    assert timer.mark_due(clock.read())
