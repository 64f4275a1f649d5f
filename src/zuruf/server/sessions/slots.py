"""The places that sessions hold. Claimed by a conditional UPDATE, so that no two requests can have the same one."""

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from zuruf.protocol.codes import Code
from zuruf.server.errors import Conflict
from zuruf.server.sessions.models import CompanySlot, UserSlot

_Table = type[UserSlot] | type[CompanySlot]
_Owner = InstrumentedAttribute[str]


async def claim(
    db: AsyncSession, *, session_id: str, user_id: str, user_limit: int, company_id: str, company_limit: int
) -> None:
    """Take one place of the user and one of the company. Raises Conflict; the transaction must then be rolled back.

    A lower limit than there are places in use takes nothing away; it only leaves no room for a new one.
    """
    if not await _claim(db, UserSlot, UserSlot.user_id, user_id, user_limit, session_id):
        raise Conflict(Code.USER_LIMIT_REACHED, limit=user_limit)
    if not await _claim(db, CompanySlot, CompanySlot.company_id, company_id, company_limit, session_id):
        raise Conflict(Code.COMPANY_LIMIT_REACHED, limit=company_limit)


async def release(db: AsyncSession, session_id: str) -> None:
    """Give back both places."""
    for table in (UserSlot, CompanySlot):
        await db.execute(update(table).where(table.session_id == session_id).values(session_id=None))


async def _claim(db: AsyncSession, table: _Table, owner: _Owner, owner_id: str, limit: int, session_id: str) -> bool:
    await _provide(db, table, owner, owner_id, limit)
    # The owner's rows are locked first, so that the count below and the claim see the same thing on both databases;
    # in order, so that two claims never wait for each other in a circle.
    query = select(table.slot, table.session_id).where(owner == owner_id).order_by(table.slot).with_for_update()
    rows = (await db.execute(query)).all()
    if sum(1 for _, held in rows if held is not None) >= limit:
        return False
    for slot, held in rows:
        if held is None:
            result = await db.execute(
                update(table)
                .where(owner == owner_id, table.slot == slot, table.session_id.is_(None))
                .values(session_id=session_id)
            )
            if getattr(result, "rowcount", 0) == 1:
                return True
    return False


async def _provide(db: AsyncSession, table: _Table, owner: _Owner, owner_id: str, limit: int) -> None:
    """See that the owner has at least ``limit`` rows; two requests doing so at once is no harm."""
    have = await db.scalar(select(func.count()).select_from(table).where(owner == owner_id)) or 0
    for slot in range(have, limit):
        try:
            async with db.begin_nested():
                await db.execute(insert(table).values({owner.key: owner_id, "slot": slot}))
        except IntegrityError:
            continue
