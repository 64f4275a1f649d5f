"""Creating users, checking and changing their passwords. Argon2id by argon2-cffi, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.server.errors import Conflict, NotFound, ServerError
from zuruf.server.names import checked_name
from zuruf.server.users.models import User

T = TypeVar("T")

MINIMUM_PASSWORD_LENGTH = 12
_MAXIMUM_PASSWORD_LENGTH = 200
_hasher = PasswordHasher()
# Each hash takes 64 MiB: more at once than this would let a flood of sign-ins take the machine's memory.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_UNKNOWN_USER_HASH = _hasher.hash("nobody has this password")


class Role(StrEnum):
    """What a user may do beside their own sessions."""

    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class UserView:
    """What other features may know of a user."""

    id: str
    company_id: str
    email: str
    name: str
    role: Role
    locale: str


def _view(user: User) -> UserView:
    return UserView(user.id, user.company_id, user.email, user.name, Role(user.role), user.locale)


def normalise_email(text: str) -> str:
    """Return the address lower-cased and checked (syntax only). Raises ServerError BAD_INPUT."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ServerError(Code.BAD_INPUT, field="email", reason="not an e-mail address") from error
    return checked.normalized.lower()


async def _off_the_loop(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_hashing, work)


async def _hash(password: str) -> str:
    if not MINIMUM_PASSWORD_LENGTH <= len(password) <= _MAXIMUM_PASSWORD_LENGTH:
        raise ServerError(Code.BAD_INPUT, field="password", minimum=MINIMUM_PASSWORD_LENGTH)
    return await _off_the_loop(lambda: _hasher.hash(password))


async def create(
    db: AsyncSession, *, company_id: str, email: str, name: str, role: Role, locale: str, password: str, now: datetime
) -> UserView:
    """Create a user. Raises Conflict where the address is taken, ServerError for a short password."""
    address = normalise_email(email)
    if await db.scalar(select(User.id).where(User.email == address)):
        raise Conflict(Code.BAD_INPUT, field="email", reason="taken")
    user = User(
        company_id=company_id, email=address, name=checked_name(name), role=role.value, locale=locale,
        password_hash=await _hash(password), created_at=now,
    )  # fmt: skip
    db.add(user)
    await db.flush()
    return _view(user)


async def set_password(db: AsyncSession, email: str, password: str) -> UserView:
    """Give a user a new password. Raises NotFound."""
    user = await db.scalar(select(User).where(User.email == normalise_email(email)))
    if user is None:
        raise NotFound(Code.NOT_FOUND)
    user.password_hash = await _hash(password)
    return _view(user)


async def get(db: AsyncSession, user_id: str) -> UserView | None:
    """Return an enabled user, or None."""
    user = await db.get(User, user_id)
    return _view(user) if user is not None and user.disabled_at is None else None


async def password_hash_of(db: AsyncSession, email: str, *, lock: bool = False) -> tuple[UserView, str] | None:
    """Return an enabled user and the hash to verify against, or None; ``lock`` keeps both until the commit."""
    query = select(User).where(User.email == email, User.disabled_at.is_(None))
    user = await db.scalar(query.with_for_update() if lock else query)
    return (_view(user), user.password_hash) if user is not None else None


async def verify_password(stored: str | None, password: str) -> bool:
    """Say whether the password fits; costs the same for an unknown user (``stored`` None)."""

    def check() -> bool:
        try:
            return _hasher.verify(stored or _UNKNOWN_USER_HASH, password) and stored is not None
        except VerificationError:
            return False

    return await _off_the_loop(check)


async def rehash_if_needed(db: AsyncSession, user_id: str, stored: str, password: str) -> None:
    """Store the password anew where the parameters have become stronger since."""
    if _hasher.check_needs_rehash(stored):
        user = await db.get(User, user_id)
        if user is not None:
            user.password_hash = await _off_the_loop(lambda: _hasher.hash(password))


async def names(db: AsyncSession, user_ids: set[str]) -> dict[str, str]:
    """Return the names of these users, disabled ones too."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return {row.id: row.name for row in await db.execute(query)}
