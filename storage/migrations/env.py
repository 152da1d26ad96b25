"""How Alembic runs here: on a connection that storage.schema opened, inside its transaction."""

from alembic import context
from sqlmodel import SQLModel

from storage import tables

assert tables
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=False,
    transactional_ddl=True,
)
context.run_migrations()
