"""Brings the database to the newest schema, or says that it is not."""

from pathlib import Path

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


class WrongSchema(Exception):
    """The database's schema is not this program's; the text says what to do."""


async def upgrade(database: Database) -> None:
    """Run every migration that is missing."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))


async def is_current(database: Database) -> bool:
    """Say whether the database has the newest schema."""
    return await _revision(database) == ScriptDirectory.from_config(config()).get_current_head()


async def prepare(database: Database, *, may_upgrade: bool) -> None:
    """See that the database has the newest schema. Raises WrongSchema, and changes nothing then."""
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    revision = await _revision(database)
    if revision is not None and revision not in known:
        raise WrongSchema(f"The database was upgraded by a newer Zuruf (schema {revision}); please run that one.")
    if await is_current(database):
        return
    if not may_upgrade:
        raise WrongSchema("The database's schema is older than this program; please run `zuruf db upgrade` first.")
    await upgrade(database)


async def _revision(database: Database) -> str | None:
    def read(sync: Connection) -> str | None:
        return MigrationContext.configure(sync).get_current_revision()

    async with database.engine.connect() as connection:
        return await connection.run_sync(read)
