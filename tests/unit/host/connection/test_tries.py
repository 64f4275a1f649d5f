"""Wrong passwords pause at ten and close at fifty, whatever the order in which connections try."""

from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.connection.tries import PasswordTries, TriesRecord
from zuruf.protocol.codes import Code
from zuruf.protocol.limits import PASSWORD_PAUSE_S, PASSWORD_TRIES_BEFORE_PAUSE, PASSWORD_TRIES_PER_SESSION


def test_the_pause_lasts_exactly_as_long_as_it_says() -> None:
    tries = PasswordTries()
    for _ in range(PASSWORD_TRIES_BEFORE_PAUSE):
        assert tries.refusal(100.0) is None
        tries.spend(100.0)
    refusal = tries.refusal(100.0)
    assert refusal is not None
    assert (refusal.code, refusal.retry_after_s) == (Code.PASSWORD_PAUSE, PASSWORD_PAUSE_S)
    assert tries.refusal(100.0 + PASSWORD_PAUSE_S - 0.01) is not None
    assert tries.refusal(100.0 + PASSWORD_PAUSE_S) is None


def test_the_right_password_lifts_the_pause_its_own_try_began() -> None:
    tries = PasswordTries()
    for _ in range(PASSWORD_TRIES_BEFORE_PAUSE):
        tries.spend(0.0)
    tries.give_back()
    assert tries.refusal(0.0) is None
    assert tries.record == TriesRecord(in_session=9, in_round=9)


def test_only_the_customer_opens_what_fifty_tries_closed() -> None:
    tries = PasswordTries(TriesRecord(in_session=PASSWORD_TRIES_PER_SESSION))
    refusal = tries.refusal(10.0**9)
    assert refusal is not None
    assert refusal.code is Code.PASSWORD_CLOSED
    tries.allow_again()
    assert tries.refusal(0.0) is None


@given(waits_s=st.lists(st.floats(0, 400), max_size=400))
def test_no_schedule_gets_more_than_ten_tries_into_five_minutes_or_fifty_into_a_session(waits_s: list[float]) -> None:
    tries, now_s, spent = PasswordTries(), 0.0, []
    for wait_s in waits_s:
        now_s += wait_s
        if tries.refusal(now_s) is None:
            tries.spend(now_s)
            spent.append(now_s)
    assert len(spent) <= PASSWORD_TRIES_PER_SESSION
    for index in range(0, len(spent) - PASSWORD_TRIES_BEFORE_PAUSE, PASSWORD_TRIES_BEFORE_PAUSE):
        tenth, eleventh = spent[index + PASSWORD_TRIES_BEFORE_PAUSE - 1], spent[index + PASSWORD_TRIES_BEFORE_PAUSE]
        assert eleventh - tenth >= PASSWORD_PAUSE_S
