"""When the next look at the screen is due."""

from itertools import pairwise

import pytest

from zuruf.host.platform.windows.pace import FAST_S, SLOW_S, Pace


def look(pace: Pace, now: float, *, changed: bool = False, cost: float = 0.001) -> float:
    """Look as soon as it is due after ``now``; return when the look began."""
    wait_s = pace.wait_s(now)
    assert wait_s is not None
    started = now + wait_s
    pace.looked(started, started + cost, changed=changed)
    return started


def rested(now: float = 0.0) -> tuple[Pace, float]:
    """Return a pace at rest, and the time."""
    pace = Pace(now)
    for _ in range(100):
        now = look(pace, now)
    return pace, now


def test_the_first_look_is_due_at_once() -> None:
    assert Pace(5.0).wait_s(5.0) == 0


def test_when_nothing_happens_the_looks_become_rare() -> None:
    pace, now = rested()
    assert look(pace, now) - now == pytest.approx(SLOW_S)


def test_input_brings_the_next_look_within_a_few_milliseconds() -> None:
    pace, now = rested()
    pace.stirred(now + 0.01)
    wait_s = pace.wait_s(now + 0.01)
    assert wait_s is not None
    assert wait_s <= 0.005


def test_after_input_the_looks_stay_frequent_for_a_while() -> None:
    pace, now = rested()
    pace.stirred(now)
    starts = [now := look(pace, now) for _ in range(20)]
    assert all(later - earlier == pytest.approx(FAST_S) for earlier, later in pairwise(starts))


def test_while_something_moves_the_looks_stay_frequent() -> None:
    pace, now = rested()
    starts = []
    for number in range(100):
        now = look(pace, now, changed=number % 4 == 0)
        pace.taken(now)
        starts.append(now)
    assert starts[-1] - starts[1] == pytest.approx(98 * FAST_S)


def test_a_blinking_caret_does_not_keep_the_looks_frequent() -> None:
    pace, now = rested()
    count, blink, end = 0, now, now + 10
    while now < end:
        due = now >= blink
        now = look(pace, now, changed=due)
        pace.taken(now)
        blink += 0.5 if due else 0
        count += 1
    assert count < 10 / FAST_S / 2


def test_costly_looks_take_half_of_the_time_at_most() -> None:
    pace = Pace(0.0)
    first = look(pace, 0.0, changed=True, cost=0.04)
    pace.taken(first + 0.04)
    pace.stirred(first + 0.04)
    second = look(pace, first + 0.04, cost=0.04)
    assert second - first == pytest.approx(0.08)


def test_a_viewer_that_takes_nothing_for_a_second_stops_the_looking() -> None:
    pace, now = rested()
    now = look(pace, now, changed=True)
    assert pace.wait_s(now + 0.9) is not None
    assert pace.wait_s(now + 1.1) is None


def test_input_does_not_start_the_looking_for_a_viewer_that_takes_nothing() -> None:
    pace, now = rested()
    now = look(pace, now, changed=True) + 2
    pace.stirred(now)
    assert pace.wait_s(now) is None


def test_taking_it_starts_the_looking_again_at_once() -> None:
    pace, now = rested()
    now = look(pace, now, changed=True) + 2
    pace.taken(now)
    assert pace.wait_s(now) == 0
