from tests.e2e import pages
from tests.e2e.conftest import Installation
from tests.support.browser import picture


def test_active(house: Installation) -> None:
    prepared = house.prepare()
    screen = house.screen()
    screen.typing_terminal()
    picture(house.page, "waiting")
    host = house.activate(prepared, screen)
    picture(house.page, "active")
    pages.end_session(house.page)
    assert host.event("ended")["reason"] == "technician"
    host.gone()
