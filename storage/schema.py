"""Bringing a database to the schema this code knows, from any earlier one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import InterfaceError, OperationalError

from storage.engine import database_url, writing_engine
from storage.store import StoreBusyError

# The newest revision in storage/migrations/versions; a test holds it to that.
HEAD = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nothing else locks on this database.
ADVISORY_LOCK = 7_263_482_102


def upgrade(url_text: str) -> None:
    """Bring the database at `url_text` up to date, making it (and its folder) when it is new.

    Reading one row is enough when it is up to date already, so a start does not pay for Alembic. A database that a
    newer release has brought further is left as it is: each migration keeps the release before it working.
    """
    url = database_url(url_text)
    if url.drivername == "sqlite":
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = writing_engine(url)
    try:
        found = revision_of(engine)
        if found != HEAD and (found is None or found in revisions()):
            migrate(engine, HEAD)
    except (OperationalError, InterfaceError) as error:
        raise StoreBusyError(type(error.orig).__name__) from None
    finally:
        engine.dispose()


def revisions() -> list[str]:
    """Every revision this code knows, oldest first."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def revision_of(engine: Engine) -> str | None:
    """The revision a database is at, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    """Run the migrations to `revision`, in one transaction: a kill in the middle leaves the old schema.

    Of several processes that start together one does it, and the others wait and find it done.
    """
    from alembic import command  # a start that is up to date need not load Alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SET LOCAL lock_timeout = 0"
            )  # a long migration of another process is waited for
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        config.attributes["connection"] = connection
        if down:
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
