from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_DONE, EXIT_OVER
from zuruf.host.platform.windows.supervision import LONGEST_PAUSE_S, STEADY_S, Supervision

CRASHED = 0xC0000005


def test_a_session_that_is_over_is_not_started_again() -> None:
    assert Supervision().pause_s(EXIT_OVER, 5.0) is None


def test_a_resident_that_dies_is_started_again_after_ever_longer_pauses() -> None:
    supervision = Supervision()
    pauses = [supervision.pause_s(code, 0.5) for code in (EXIT_BROKEN, CRASHED, EXIT_DONE, 3, 4, 5, 1, 1, 1)]
    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_after_a_steady_run_the_next_start_is_soon_again() -> None:
    supervision = Supervision()
    for _ in range(5):
        supervision.pause_s(CRASHED, 0.1)
    assert supervision.pause_s(CRASHED, STEADY_S) == 1
    assert supervision.pause_s(CRASHED, 0.1) == 2
