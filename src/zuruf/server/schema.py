"""Brings the database to the newest schema, or says that it is not."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from zuruf.server.db import Database


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, working over this connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


async def upgrade(database: Database) -> None:
    """Run every migration that is missing."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))


async def is_current(database: Database) -> bool:
    """Say whether the database has the newest schema."""

    def check(sync: Any) -> bool:
        head = ScriptDirectory.from_config(config()).get_current_head()
        return MigrationContext.configure(sync).get_current_revision() == head

    async with database.engine.connect() as connection:
        return await connection.run_sync(check)
