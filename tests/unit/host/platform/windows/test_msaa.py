"""What screen readers on Windows are told, in numbers."""

from dataclasses import replace

import pytest

from zuruf.host.platform.windows import msaa
from zuruf.host.ui.accessibility import Description, Role

SWITCH = Description(Role.CHECK_BOX, "View the screen")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_number_and_the_focus_goes_where_something_can_be_done(role: Role) -> None:
    assert msaa.ROLES[role] > 0
    focusable = bool(msaa.state(Description(role, "x")) & msaa.STATE_FOCUSABLE)
    assert focusable is (role not in (Role.TEXT, Role.GROUP))


def test_a_switch_says_whether_it_is_on() -> None:
    assert not msaa.state(SWITCH) & msaa.STATE_CHECKED
    assert msaa.state(replace(SWITCH, checked=True)) & msaa.STATE_CHECKED


def test_a_change_is_an_event_of_its_kind() -> None:
    assert msaa.events(SWITCH, SWITCH) == []
    assert msaa.events(SWITCH, replace(SWITCH, name="y")) == [msaa.EVENT_NAME]
    assert msaa.events(SWITCH, replace(SWITCH, value="y")) == [msaa.EVENT_VALUE]
    assert msaa.events(SWITCH, replace(SWITCH, checked=True)) == [msaa.EVENT_STATE]


def test_the_focus_is_told_last_and_only_when_it_comes() -> None:
    focused = replace(SWITCH, focused=True)
    assert msaa.events(SWITCH, replace(focused, checked=True)) == [msaa.EVENT_STATE, msaa.EVENT_FOCUS]
    assert msaa.events(None, focused) == [msaa.EVENT_FOCUS]
    assert msaa.events(focused, SWITCH) == []
    assert msaa.events(None, SWITCH) == []
