"""What each plan entitles to: the whole table."""

import pytest

from zuruf.server.plans.policy import Plan, Tool, entitlements

_CONTROL, _FILES, _DASHBOARD = Tool.REMOTE_CONTROL, Tool.FILE_MANAGER, Tool.DASHBOARD
_TABLE = {
    (Plan.BASIC, False): {_CONTROL},
    (Plan.BASIC, True): {_CONTROL},
    (Plan.PLUS, False): {_CONTROL, _FILES, _DASHBOARD},
    (Plan.PLUS, True): {_CONTROL, _FILES, _DASHBOARD},
    (Plan.PREMIER, False): {_CONTROL, _FILES, _DASHBOARD},
    (Plan.PREMIER, True): {_CONTROL, _FILES, _DASHBOARD},
    (Plan.BASE, False): {_CONTROL, _FILES},
    (Plan.BASE, True): {_CONTROL, _FILES, _DASHBOARD},
}


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("insight", [False, True])
def test_a_plan_gives_these_tools_and_no_others(plan: Plan, insight: bool) -> None:
    assert entitlements(plan, insight) == _TABLE[plan, insight]
