"""Alembic's entry: the same migrations on SQLite and PostgreSQL, over the connection that the caller has opened."""

from alembic import context

from zuruf.server import models as _models  # noqa: F401 - registers every table
from zuruf.server.db import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
