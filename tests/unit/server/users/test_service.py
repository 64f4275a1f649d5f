"""Users and their passwords."""

import pytest

from tests.unit.server.conftest import PASSWORD, NewUser
from zuruf.protocol.codes import Code
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.errors import Conflict, NotFound, ServerError
from zuruf.server.users import service as users


async def test_an_address_is_kept_in_lower_case_and_taken_once_over_all_spellings(
    company: CompanyView, new_user: NewUser
) -> None:
    assert (await new_user(company, email="Tina@Hilfe.test")).email == "tina@hilfe.test"
    with pytest.raises(Conflict):
        await new_user(company, email=" TINA@hilfe.TEST")


async def test_a_new_password_replaces_the_old_one(company: CompanyView, new_user: NewUser, database: Database) -> None:
    await new_user(company)
    async with database.transaction() as db:
        await users.set_password(db, "tina@hilfe.test", "another long password")
    async with database.reading() as db:
        found = await users.password_hash_of(db, "tina@hilfe.test")
    assert found is not None
    assert await users.verify_password(found[1], "another long password")
    assert not await users.verify_password(found[1], PASSWORD)


async def test_nobody_gets_a_password_who_is_not_there(database: Database) -> None:
    async with database.reading() as db:
        with pytest.raises(NotFound):
            await users.set_password(db, "nobody@hilfe.test", PASSWORD)


@pytest.mark.parametrize("password", ["nobody has this password", "", PASSWORD])
async def test_no_password_fits_an_unknown_user(password: str) -> None:
    assert not await users.verify_password(None, password)


@pytest.mark.parametrize("text", ["", "a", "a@", "@b", "a@b@c", "a b@c.test", "a@b\nBcc: c@d.test", "a@" + "b" * 300])
def test_what_is_no_address_is_bad_input(text: str) -> None:
    with pytest.raises(ServerError) as caught:
        users.normalise_email(text)
    assert caught.value.code is Code.BAD_INPUT
