import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.helpers.allowance import Allowance
from zuruf.host.helpers.wishes import Wishes
from zuruf.host.ui.port import Action, AllowPasswords, EndSession, SetRights

switches = st.dictionaries(st.sampled_from(["view", "control", "ask"]), st.booleans(), min_size=1)
actions = st.lists(st.one_of(st.just(EndSession()), st.just(AllowPasswords()), st.builds(SetRights, switches)))


@settings(deadline=None)
@given(actions)
async def test_the_end_comes_first_then_the_switches_as_they_are_last(wanted: list[Action]) -> None:
    wishes, last = Wishes(), {}
    for action in wanted:
        wishes.add(action)
        if isinstance(action, SetRights):
            last |= action.switches
    expected: list[Action] = [EndSession()] if EndSession() in wanted else []
    expected += [SetRights(last)] if last else []
    expected += [AllowPasswords()] if AllowPasswords() in wanted else []
    assert [await wishes.next() for _ in expected] == expected
    nothing_more = asyncio.create_task(wishes.next())
    await asyncio.sleep(0)
    assert not nothing_more.done()
    wishes.add(EndSession())
    assert await nothing_more == EndSession()


@given(st.lists(st.floats(0, 2), max_size=300))
def test_no_more_is_allowed_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    allowance, now, taken = Allowance(5, 2.0), 100.0, 0
    for pause in pauses:
        now += pause
        taken += allowance.take(now)
    assert taken <= 5 + (now - 100.0) * 2.0 + 1e-6


def test_the_burst_is_there_at_once_and_comes_back() -> None:
    allowance = Allowance(3, 1.0)
    assert [allowance.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.take(2.0) for _ in range(3)] == [True, True, False]
