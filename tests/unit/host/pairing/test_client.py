"""Pairing at the host's end, over a real socket against the Python browser."""

import pytest

from tests.support.host.house import House
from tests.support.host.server import NUMBER, FakeServer
from tests.support.host.technician import CODE
from tests.unit.host.test_session import finished, stopping
from zuruf.host.transport import Patience
from zuruf.host.ui.port import Problem
from zuruf.protocol.codes import Code


async def test_a_wrong_code_costs_a_try_and_the_right_one_still_pairs(house: House, server: FakeServer) -> None:
    async with stopping(house.start(["111 111 111", CODE])):
        await server.next_report("active")
        assert [(problem.code, problem.tries_left) for problem in house.customer.problems] == [(Code.WRONG_CODE, 4)]


async def test_the_code_is_dead_after_five_wrong_ones(house: House, server: FakeServer) -> None:
    wrong = [str(digit) * 9 for digit in range(1, 6)]
    assert await finished(house.start([*wrong, wrong[0]])) == 4
    codes = [problem.code for problem in house.customer.problems]
    assert codes == [Code.WRONG_CODE] * 4 + [Code.CODE_DEAD] * 2
    assert server.tries_left == 0
    assert house.left_behind() == []


async def test_a_new_code_after_a_dead_one_pairs(house: House, server: FakeServer) -> None:
    server.technician.code = "999999999"
    wrong = [str(digit) * 9 for digit in range(1, 6)]
    async with stopping(house.start([*wrong, "999-999-999"])):
        await server.next_report("active")


async def test_digits_are_checked_before_a_try_is_spent(house: House, server: FakeServer) -> None:
    async with stopping(house.start(["12345678", "abcdefghi", "", CODE])):
        await server.next_report("active")
        assert [problem.code for problem in house.customer.problems] == [Code.BAD_INPUT] * 3
        assert server.tries_left == 5


@pytest.mark.parametrize("code", [Code.ANOTHER_APP_PAIRS, Code.TECHNICIAN_AWAY])
async def test_a_technician_who_is_just_arriving_costs_the_customer_nothing(
    house: House, server: FakeServer, code: Code
) -> None:
    server.refusals = [code] * 3
    async with stopping(house.start()):
        await server.next_report("active")
        assert house.customer.problems == []
        assert server.tries_left == 5


@pytest.mark.parametrize("code", [Code.ANOTHER_APP_PAIRS, Code.TECHNICIAN_AWAY])
async def test_a_server_that_calls_a_wrong_code_something_else_gets_five_guesses_too(
    house: House, server: FakeServer, code: Code
) -> None:
    server.technician.code = "999999999"
    server.wrong_code = code
    assert await finished(house.start([CODE] * 8)) == 4
    assert server.tries_left == 0
    assert [problem.code for problem in house.customer.problems] == [code] * 5 + [Code.CODE_DEAD] * 3


@pytest.mark.parametrize(
    ("code", "times"), [(Code.NO_CODE_LIVE, 1), (Code.ANOTHER_APP_PAIRS, 4), (Code.TECHNICIAN_AWAY, 4)]
)
async def test_the_server_lets_the_customer_try_again_later(
    house: House, server: FakeServer, code: Code, times: int
) -> None:
    server.refusals = [code] * times
    async with stopping(house.start([CODE, CODE])):
        await server.next_report("active")
        assert [problem.code for problem in house.customer.problems] == [code]


@pytest.mark.parametrize("code", [Code.SESSION_ENDED, Code.LINK_LAPSED, Code.APP_TOO_OLD])
async def test_what_no_code_can_help_ends_the_app(house: House, server: FakeServer, code: Code) -> None:
    server.refusals = [code]
    assert await finished(house.start()) == 3
    assert house.customer.refused is not None
    assert house.customer.refused.code is code


async def test_an_unknown_number_is_asked_for_again(house: House, server: FakeServer) -> None:
    assert await finished(house.start(number="0000000000")) == 4
    assert [problem.code for problem in house.customer.problems] == [Code.UNKNOWN_NUMBER]


async def test_an_ended_session_is_said_to_have_ended(house: House, server: FakeServer) -> None:
    server.state = "ended"
    assert await finished(house.start()) == 4
    assert [problem.code for problem in house.customer.problems] == [Code.SESSION_ENDED]


async def test_without_a_server_the_customer_learns_of_it(house: House, server: FakeServer) -> None:
    await server.vanish()
    assert await finished(house.start()) == 4
    assert [(problem.code, problem.typed) for problem in house.customer.problems] == [(Code.NO_CONNECTION, NUMBER)]
    await server.listen()


async def test_a_system_that_was_found_to_be_too_old_is_named(house: House, server: FakeServer) -> None:
    assert await finished(house.start([], "--refused", Code.SYSTEM_TOO_OLD)) == 3
    assert house.customer.refused == Problem(Code.SYSTEM_TOO_OLD, detail="Folder 1")


@pytest.mark.parametrize("code", [Code.NOT_ADMINISTRATOR, Code.SYSTEM_TOO_OLD, Code.NO_SCREEN])
async def test_a_computer_that_cannot_be_supported_is_refused(house: House, server: FakeServer, code: Code) -> None:
    house.platform.reason = code
    assert await finished(house.start()) == 3
    assert house.customer.refused is not None
    assert house.customer.refused.code is code
    assert house.left_behind() == []


async def test_an_app_older_than_the_server_wants_is_refused(house: House, server: FakeServer) -> None:
    server.minimum_app_version = "0.10.0"
    assert await finished(house.start()) == 3
    assert house.customer.refused is not None
    assert house.customer.refused.code is Code.APP_TOO_OLD


async def test_a_silent_technician_is_given_up_on(house: House, server: FakeServer) -> None:
    house.patience = Patience(run_s=0.2)
    server.technician.silent = True
    assert await finished(house.start()) == 4
    assert [problem.code for problem in house.customer.problems] == [Code.PAIRING_TIMEOUT]


async def test_a_try_that_broke_off_counts_nothing_against_the_next(house: House, server: FakeServer) -> None:
    server.technician.silent = True
    house.patience = Patience(run_s=0.2)
    async with stopping(house.start([CODE, CODE])):
        await server.run_begun()
        server.technician.silent = False
        await server.next_report("active")
