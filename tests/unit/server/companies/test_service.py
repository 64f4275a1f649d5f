"""Companies, their plans and limits."""

import pytest

from tests.unit.server.conftest import NewCompany
from zuruf.server.companies import service as companies
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.errors import Conflict, NotFound
from zuruf.server.plans.policy import Plan, Tool


async def test_a_new_company_may_open_one_session_a_user_and_five_in_all(company: CompanyView) -> None:
    assert (company.user_session_limit, company.company_session_limit) == (1, 5)


async def test_a_name_is_taken_once(company: CompanyView, new_company: NewCompany) -> None:
    with pytest.raises(Conflict):
        await new_company(f" {company.name} ")


async def test_plan_and_limits_can_be_changed(company: CompanyView, database: Database) -> None:
    async with database.transaction() as db:
        await companies.set_plan(db, company.id, Plan.BASE, insight=False)
        await companies.set_limits(db, company.id, per_user=2, per_company=10)
    async with database.reading() as db:
        found = await companies.get(db, company.id)
        assert await companies.find_by_name(db, company.name) == found
    assert (found.plan, found.user_session_limit, found.company_session_limit) == (Plan.BASE, 2, 10)
    assert found.entitlements == {Tool.REMOTE_CONTROL, Tool.FILE_MANAGER}


async def test_an_unknown_company_is_not_found(database: Database) -> None:
    async with database.reading() as db:
        for looked_up in (
            companies.get(db, "unknown"),
            companies.find_by_name(db, "unknown"),
            companies.set_plan(db, "unknown", Plan.PLUS, insight=False),
            companies.set_limits(db, "unknown", per_user=1, per_company=1),
        ):
            with pytest.raises(NotFound):
                await looked_up
