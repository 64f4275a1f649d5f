"""A customer's PC under Wine and the built app: joined with the spoken code, ended by each side, nothing left."""

from tests.windows.conftest import House


def test_a_session_that_the_technician_ends(house: House) -> None:
    session = house.activate()
    house.picture("active")
    house.end(session)
    house.removed(session)
    house.gone()
