"""What the icon beside the clock shows, and when it says something."""

from dataclasses import replace

import pytest

from tests.support.host.window_system import RecordingTray
from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.host.ui.port import Caller, View
from zuruf.host.ui.texts import Texts
from zuruf.host.ui.tray import TrayChoice, TrayKeeper, TrayState, tray_content

VIEW = View(Caller("1234567890", "Muster GmbH", "Tina Technik"), Link.ONLINE, (), 3600, Rights(), False)
CONNECTED = replace(VIEW, connections=(("remote_control", "viewing"),))


@pytest.fixture
def tray() -> RecordingTray:
    return RecordingTray(lambda _choice: None)


@pytest.mark.parametrize(
    ("view", "state"),
    [
        (VIEW, TrayState.ACTIVE),
        (replace(VIEW, link=Link.CONNECTING), TrayState.ACTIVE),
        (replace(VIEW, link=Link.OFFLINE), TrayState.OFFLINE),
        (CONNECTED, TrayState.CONNECTED),
        (replace(CONNECTED, link=Link.OFFLINE), TrayState.CONNECTED),
    ],
)
def test_a_connection_matters_more_than_the_line(view: View, state: TrayState) -> None:
    assert tray_content(Texts("en"), view).state is state


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("view", [VIEW, CONNECTED])
def test_the_tooltip_names_the_technician_and_the_time_left(language: str, view: View) -> None:
    tooltip = tray_content(Texts(language), view).tooltip
    assert "Tina Technik" in tooltip
    assert Texts(language).remaining(3600) in tooltip


def test_the_menu_opens_asks_and_ends() -> None:
    menu = tray_content(Texts("en"), replace(VIEW, rights=Rights(ask=True))).menu
    assert [(entry.choice, entry.checked) for entry in menu] == [
        (TrayChoice.OPEN, False),
        (TrayChoice.ASK, True),
        (TrayChoice.END, False),
    ]
    assert menu[2].label.text == "End support session and remove app"


def test_every_new_connection_is_said_once(tray: RecordingTray) -> None:
    keeper = TrayKeeper(Texts("en"), tray)
    keeper.show(VIEW)
    assert tray.notices == []
    keeper.show(CONNECTED)
    keeper.show(replace(CONNECTED, connections=(("remote_control", "controlling"),)))
    assert [title for title, _text in tray.notices] == ["Tina Technik is connected"]
    keeper.show(replace(CONNECTED, connections=(*CONNECTED.connections, ("dashboard", "idle"))))
    assert "Dashboard: connected" in tray.notices[1][1]
    keeper.show(VIEW)
    keeper.show(CONNECTED)
    assert len(tray.notices) == 3


def test_the_same_content_is_shown_once(tray: RecordingTray) -> None:
    keeper = TrayKeeper(Texts("en"), tray)
    keeper.show(VIEW)
    keeper.show(replace(VIEW, remaining_s=3601))
    keeper.show(replace(VIEW, remaining_s=3540))
    assert len(tray.contents) == 2


def test_where_the_window_has_gone_is_said_once(tray: RecordingTray) -> None:
    keeper = TrayKeeper(Texts("en"), tray)
    keeper.hidden()
    keeper.hidden()
    assert [title for title, _text in tray.notices] == ["The support session stays active"]
