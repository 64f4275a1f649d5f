"""Creating and reading companies."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.server.companies.models import Company
from zuruf.server.errors import Conflict, NotFound
from zuruf.server.names import checked_name
from zuruf.server.plans.policy import Plan, Tool, entitlements


@dataclass(frozen=True)
class CompanyView:
    """What other features may know of a company."""

    id: str
    name: str
    locale: str
    plan: Plan
    insight: bool
    user_session_limit: int
    company_session_limit: int

    @property
    def entitlements(self) -> frozenset[Tool]:
        """The tools that the plan gives."""
        return entitlements(self.plan, self.insight)


def _view(company: Company) -> CompanyView:
    return CompanyView(
        id=company.id,
        name=company.name,
        locale=company.locale,
        plan=Plan(company.plan),
        insight=company.insight,
        user_session_limit=company.user_session_limit,
        company_session_limit=company.company_session_limit,
    )


async def create(db: AsyncSession, *, name: str, locale: str, plan: Plan, insight: bool, now: datetime) -> CompanyView:
    """Create a company. Raises Conflict where the name is taken, ServerError for one that is none."""
    name = checked_name(name)
    if await db.scalar(select(Company.id).where(Company.name == name)):
        raise Conflict(Code.BAD_INPUT, field="name", reason="taken")
    company = Company(name=name, locale=locale, plan=plan.value, insight=insight, created_at=now)
    company.user_session_limit, company.company_session_limit = 1, 5
    db.add(company)
    await db.flush()
    return _view(company)


async def get(db: AsyncSession, company_id: str) -> CompanyView:
    """Return a company. Raises NotFound."""
    company = await db.get(Company, company_id)
    if company is None:
        raise NotFound(Code.NOT_FOUND)
    return _view(company)


async def find_by_name(db: AsyncSession, name: str) -> CompanyView:
    """Return a company by its exact name. Raises NotFound."""
    company = await db.scalar(select(Company).where(Company.name == name))
    if company is None:
        raise NotFound(Code.NOT_FOUND)
    return _view(company)


async def set_plan(db: AsyncSession, company_id: str, plan: Plan, insight: bool) -> CompanyView:
    """Change the plan. Sessions that are open go on with what they were sealed with; new ones get the new plan."""
    company = await db.get(Company, company_id)
    if company is None:
        raise NotFound(Code.NOT_FOUND)
    company.plan, company.insight = plan.value, insight
    await db.flush()
    return _view(company)


async def set_limits(db: AsyncSession, company_id: str, *, per_user: int, per_company: int) -> CompanyView:
    """Change the limits. A lower one ends nothing: sessions keep their slots, new ones wait for room."""
    company = await db.get(Company, company_id)
    if company is None:
        raise NotFound(Code.NOT_FOUND)
    company.user_session_limit, company.company_session_limit = per_user, per_company
    await db.flush()
    return _view(company)
