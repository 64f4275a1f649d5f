"""The migrations make exactly the tables that the models describe, on both databases."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from zuruf.server import models as _models  # noqa: F401 - registers every table
from zuruf.server import schema
from zuruf.server.db import Base, Database


def _differences(connection: Any) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_missing_column_would_be_found(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE jobs DROP COLUMN last_error")
        found = await connection.run_sync(_differences)
    assert [difference[0] for difference in found] == ["add_column"]


async def test_an_upgraded_database_is_current_and_an_empty_one_is_not(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert not await schema.is_current(database)
    await schema.upgrade(database)
    assert await schema.is_current(database)
    await schema.upgrade(database)
    assert await schema.is_current(database)
    await database.close()


async def test_every_migration_can_be_taken_back(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(schema.config(sync), "base"))
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert tables == ["alembic_version"]
