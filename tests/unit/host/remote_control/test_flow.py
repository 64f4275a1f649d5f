import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.remote_control.flow import FRAME_INTERVAL_S, FRAMES_UNDER_WAY_MAX, Flow
from zuruf.protocol.codec import ProtocolError


def test_two_frames_may_go_without_an_answer_and_no_third() -> None:
    flow = Flow()
    assert [flow.begin(0), flow.begin(0)] == [1, 2]
    assert not flow.open
    flow.acknowledge(1)
    assert flow.open


def test_an_answer_counts_for_all_frames_before_it() -> None:
    flow = Flow()
    flow.begin(0)
    flow.begin(0)
    flow.acknowledge(2)
    flow.acknowledge(1)
    flow.begin(0)
    assert flow.open


@pytest.mark.parametrize("frame", [-1, 2, 2**62])
def test_an_answer_to_a_frame_never_sent_breaks_the_protocol(frame: int) -> None:
    flow = Flow()
    flow.begin(0)
    with pytest.raises(ProtocolError):
        flow.acknowledge(frame)


def test_frames_that_another_process_sent_need_no_answer_and_allow_a_late_one() -> None:
    flow = Flow(1000)
    assert [flow.begin(0), flow.begin(0)] == [1001, 1002]
    flow.acknowledge(999)
    assert not flow.open
    flow.acknowledge(1002)
    assert flow.open


def test_after_a_pause_two_frames_go_at_once() -> None:
    flow = Flow()
    flow.begin(10.0)
    assert flow.wait_s(10.0) == 0
    flow.begin(10.0)
    assert flow.wait_s(10.0) == pytest.approx(2 * FRAME_INTERVAL_S)


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.05), min_size=1, max_size=200))
def test_never_more_frames_than_a_screen_shows(pauses: list[float]) -> None:
    flow, now, starts = Flow(), 0.0, []
    for pause in pauses:
        now += pause
        now += flow.wait_s(now)
        flow.begin(now)
        starts.append(now)
    assert len(starts) <= FRAMES_UNDER_WAY_MAX + (starts[-1] - starts[0]) / FRAME_INTERVAL_S + 1e-6
