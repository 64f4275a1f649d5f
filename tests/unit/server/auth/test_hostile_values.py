"""Whatever is typed at the sign-in, the answer is only that it is wrong."""

import pytest

from tests.unit.server.conftest import Person

_SIGN_IN = "/api/v1/auth/sign-in"


@pytest.mark.parametrize("email", ["a\x00@hilfe.test", "a@hilfe.test\x00", "'; DROP TABLE users; --@hilfe.test", "@"])
async def test_an_address_that_is_none_signs_nobody_in(email: str, technician: Person) -> None:
    answer = await technician.client.post(_SIGN_IN, json={"email": email, "password": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "ZRF-102")


@pytest.mark.parametrize("password", ["\x00", "漢" * 200, " "])
async def test_any_password_can_be_tried(password: str, technician: Person) -> None:
    answer = await technician.client.post(_SIGN_IN, json={"email": "tina@hilfe.test", "password": password})
    assert (answer.status_code, answer.json()["code"]) == (401, "ZRF-102")
