"""Signing in and out, and who a web session belongs to."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from zuruf.protocol.codes import Code
from zuruf.server.audit import service as audit
from zuruf.server.audit.events import AuditEvent
from zuruf.server.auth.limits import RateLimits, network_of
from zuruf.server.auth.models import WebSession
from zuruf.server.companies import service as companies
from zuruf.server.companies.service import CompanyView
from zuruf.server.db import Database
from zuruf.server.errors import ServerError, Unauthenticated
from zuruf.server.ports import Clock
from zuruf.server.users import service as users
from zuruf.server.users.service import UserView


@dataclass(frozen=True)
class Principal:
    """Who is calling."""

    user: UserView
    company: CompanyView
    token_hash: bytes


_SEEN_EVERY = timedelta(minutes=1)
"""How often a request is written down as a sign of life."""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def end_all(db: AsyncSession, user_id: str) -> None:
    """End every web session of a user, for instance when their password was changed."""
    await db.execute(delete(WebSession).where(WebSession.user_id == user_id))


class AuthService:
    """Web sessions: a random token in a cookie, its hash in the database."""

    def __init__(
        self, database: Database, clock: Clock, limits: RateLimits, *, lifetime: timedelta, idle: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._lifetime = lifetime
        self._idle = idle

    async def sign_in(
        self, email: str, password: str, address: str, previous: str | None = None
    ) -> tuple[str, Principal]:
        """Return a new token and who it is for; ``previous`` ends. Raises Unauthenticated, TooMany."""
        network = network_of(address)
        self._limits.hit("sign_in_address", network)
        try:
            email = users.normalise_email(email)
        except ServerError as error:
            raise Unauthenticated(Code.WRONG_CREDENTIALS) from error
        account = f"{email} {network}"
        self._limits.hit("sign_in_account", account)
        # Guessing from everywhere has an end too; it lies so high that nobody locks the user out in passing.
        self._limits.hit("sign_in_account_everywhere", email)
        async with self._database.reading() as db:
            found = await users.password_hash_of(db, email)
        stored = found[1] if found else None
        if not await users.verify_password(stored, password) or found is None:
            if found is not None:
                await self._audit(found[0], AuditEvent.SIGN_IN_FAILED, address)
            raise Unauthenticated(Code.WRONG_CREDENTIALS)
        user, token = found[0], secrets.token_urlsafe(32)
        self._limits.clear("sign_in_account", account)
        now = self._clock.now()
        async with self._database.transaction() as db:
            # The check took a while: the password may have been changed, or the user disabled, meanwhile.
            now_stored = await users.password_hash_of(db, email, lock=True)
            if now_stored is None or now_stored[1] != found[1]:
                raise Unauthenticated(Code.WRONG_CREDENTIALS)
            await users.rehash_if_needed(db, user.id, found[1], password)
            gone = [WebSession.expires_at <= now, WebSession.seen_at <= now - self._idle]
            if previous is not None:
                gone.append(WebSession.token_hash == _hash(previous))
            await db.execute(delete(WebSession).where(or_(*gone)))
            db.add(
                WebSession(
                    token_hash=_hash(token), user_id=user.id, created_at=now, seen_at=now,
                    expires_at=now + self._lifetime,
                )
            )  # fmt: skip
            await audit.record(
                db, company_id=user.company_id, event=AuditEvent.SIGNED_IN, actor=user.id, now=now,
                details={"address": address},
            )  # fmt: skip
            company = await companies.get(db, user.company_id)
        return token, Principal(user, company, _hash(token))

    async def authenticate(self, token: str) -> Principal:
        """Return who the token belongs to, and note that they are there. Raises Unauthenticated."""
        async with self._database.reading() as db:
            principal, seen_at = await self._principal(db, _hash(token))
        now = self._clock.now()
        if now - seen_at >= _SEEN_EVERY:
            async with self._database.transaction() as db:
                await db.execute(
                    update(WebSession).where(WebSession.token_hash == principal.token_hash).values(seen_at=now)
                )
        return principal

    async def still_valid(self, principal: Principal) -> bool:
        """Say whether the web session behind a long-lived stream still stands. Being streamed to keeps none alive."""
        async with self._database.reading() as db:
            try:
                await self._principal(db, principal.token_hash)
            except Unauthenticated:
                return False
            return True

    async def _principal(self, db: AsyncSession, token_hash: bytes) -> tuple[Principal, datetime]:
        session, now = await db.get(WebSession, token_hash), self._clock.now()
        if session is None or session.expires_at <= now or session.seen_at <= now - self._idle:
            raise Unauthenticated(Code.NOT_SIGNED_IN)
        user = await users.get(db, session.user_id)
        if user is None:
            raise Unauthenticated(Code.NOT_SIGNED_IN)
        return Principal(user, await companies.get(db, user.company_id), token_hash), session.seen_at

    async def sign_out(self, principal: Principal) -> None:
        """End this web session."""
        async with self._database.transaction() as db:
            await db.execute(delete(WebSession).where(WebSession.token_hash == principal.token_hash))
            await audit.record(
                db, company_id=principal.company.id, event=AuditEvent.SIGNED_OUT, actor=principal.user.id,
                now=self._clock.now(),
            )  # fmt: skip

    async def _audit(self, user: UserView, event: AuditEvent, address: str) -> None:
        async with self._database.transaction() as db:
            await audit.record(
                db, company_id=user.company_id, event=event, actor=user.id, now=self._clock.now(),
                details={"address": address},
            )  # fmt: skip
