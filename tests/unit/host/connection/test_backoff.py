"""Waits between dials."""

from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.connection.backoff import CAP_S, FIRST_S, STABLE_S, Backoff


@given(attempts=st.integers(1, 100))
def test_waits_grow_to_the_cap_and_never_beyond(attempts: int) -> None:
    backoff = Backoff(uniform=lambda _low, high: high)
    waits = [backoff.next_wait_s() for _ in range(attempts)]
    assert waits[0] == FIRST_S
    assert waits == sorted(waits)
    assert max(waits) <= CAP_S


@given(attempts=st.integers(1, 100))
def test_hosts_that_lost_the_server_together_do_not_come_back_together(attempts: int) -> None:
    spans = []
    backoff = Backoff(uniform=lambda low, high: spans.append((low, high)) or low)
    for _ in range(attempts):
        backoff.next_wait_s()
    assert all(high >= 2 * low > 0 for low, high in spans)


def test_only_a_connection_that_held_begins_the_waits_anew() -> None:
    backoff = Backoff(uniform=lambda _low, high: high)
    for _ in range(5):
        backoff.next_wait_s()
    backoff.lasted(STABLE_S - 0.1)
    assert backoff.next_wait_s() > FIRST_S
    backoff.lasted(STABLE_S)
    assert backoff.next_wait_s() == FIRST_S
