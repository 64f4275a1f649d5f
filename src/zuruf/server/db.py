"""Engine, transactions and column types for SQLite and PostgreSQL. Not for queries: those live with their feature."""

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiosqlite
from sqlalchemy import DateTime, Dialect, MetaData, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_READING = "zuruf_reading"
_ANNOUNCED = "zuruf_announced"
_BUSY_TIMEOUT_S = 30


class UtcDateTime(TypeDecorator[datetime]):
    """Timezone-aware UTC in Python on both databases; refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware again (SQLite keeps no zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model, with constraint names that Alembic can find again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_id() -> str:
    """A random identifier (UUID4 text)."""
    return str(uuid.uuid4())


def announce(db: AsyncSession, topic: str) -> None:
    """Let whoever watches this topic in this process know once the transaction has been committed."""
    db.info.setdefault(_ANNOUNCED, set()).add(topic)


class Database:
    """One engine. ``transaction()`` writes (BEGIN IMMEDIATE on SQLite, so that writers queue), ``reading()`` reads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"pool_size": 10}
        if self.is_sqlite:
            path = make_url(url).database or ""
            options = {"async_creator": lambda *_args, **_options: _connect_sqlite(path)}
        # What a statement was given may be personal; it must not reach a log through an error's text.
        self.engine: AsyncEngine = create_async_engine(url, hide_parameters=True, **options)
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        reader = self.engine.execution_options(**{_READING: True})
        self._readers = async_sessionmaker(reader, expire_on_commit=False, autoflush=False)
        self._watchers: dict[str, list[Callable[[], None]]] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in a transaction: committed on leaving, rolled back when an exception leaves."""
        async with self._sessions() as session:
            async with session.begin():
                yield session
            for topic in session.info.pop(_ANNOUNCED, ()):
                for watcher in self._watchers.get(topic, ()):
                    watcher()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads: it never waits for a writer, and what is put into it is lost."""
        async with self._readers() as session:
            try:
                yield session
            finally:
                await session.rollback()

    def watch(self, topic: str, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` after every commit of this process that announced the topic. A hint, never the truth."""
        self._watchers.setdefault(topic, []).append(watcher)

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()


class _SqliteConnection(aiosqlite.Connection):
    """Rolls back before it closes.

    A statement that a cancelled task left unfinished would otherwise keep the closed connection (SQLite calls it a
    zombie), and with it the database's write lock, until the garbage collector comes by.
    """

    def stop(self) -> asyncio.Future[None] | None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))
        return super().stop()

    async def close(self) -> None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))
        await super().close()


async def _connect_sqlite(path: str) -> aiosqlite.Connection:
    connection = _SqliteConnection(lambda: sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S), iter_chunk_size=64)
    connection._thread.daemon = True
    return await connection


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        reading = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
