"""Bringing a database to the schema this code knows, from any earlier one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from storage.engine import database_url, writing_engine

# The newest revision in storage/migrations/versions; a test holds it to that.
HEAD = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url_text: str) -> None:
    """Bring the database at `url_text` up to date, making it (and its folder) when it is new.

    Reading one row is enough when it is up to date already, so a start does not pay for Alembic.
    """
    url = database_url(url_text)
    if url.drivername == "sqlite":
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = writing_engine(url)
    try:
        if revision_of(engine) != HEAD:
            migrate(engine, HEAD)
    finally:
        engine.dispose()


def revision_of(engine: Engine) -> str | None:
    """The revision a database is at, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    """Run the migrations to `revision`, in one transaction: a kill in the middle leaves the old schema."""
    from alembic import command  # a start that is up to date need not load Alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if down:
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
