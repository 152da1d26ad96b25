"""S5: every connection is durable, whoever opens it, and nothing else than the two engines we know is served."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.engine import check_settings, database_url, reading_engine, writing_engine
from storage.store import Store, StoreBusyError
from storage.unit import Unit
from tests.databases import DURABLE, DurabilityWatch, PostgresDatabases, SqliteDatabases

WEAK = {"journal_mode": "delete", "synchronous": 1, "foreign_keys": 0, "secure_delete": 0, "busy_timeout": 1}


def test_every_connection_of_this_run_was_looked_at(store: Store, durability_watch: DurabilityWatch) -> None:
    """WAL, FULL, foreign keys, secure_delete and a wait for locks are on, on all that SQLAlchemy handed out."""
    store.read_now(lambda unit: unit.connection.exec_driver_sql("SELECT 1").scalar())
    if store.url.drivername == "sqlite":
        assert durability_watch.looked_at > 0
    assert durability_watch.complaints == []


def test_the_watch_sees_a_connection_that_is_not_durable(tmp_path: Path) -> None:
    """An engine made without our settings is complained of: the check can fail."""
    watch = DurabilityWatch()
    watch.start()
    engine = create_engine(f"sqlite:///{tmp_path}/plain.db")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    watch.stop()
    engine.dispose()
    assert {one.split(" is ")[0] for one in watch.complaints} >= {"journal_mode", "foreign_keys"}


@pytest.fixture(autouse=True)
def _not_held_against_the_suite(request: pytest.FixtureRequest, durability_watch: DurabilityWatch) -> object:
    """The one test that opens a plain connection on purpose is forgiven."""
    yield
    if "not_durable" in request.node.name:
        durability_watch.complaints.clear()


def test_a_connection_without_the_settings_is_never_handed_out(tmp_path: Path) -> None:
    """The service's own check refuses a connection when any one setting did not take."""
    for name in DURABLE:
        connection = sqlite3.connect(tmp_path / f"{name}.db", isolation_level=None)
        for other, value in (DURABLE | {name: WEAK[name]}).items():
            connection.execute(f"PRAGMA {other}={value}")
        with pytest.raises(RuntimeError, match=name):
            check_settings(connection)
        connection.close()


def test_both_of_sqlites_engines_are_durable(sqlite_databases: SqliteDatabases) -> None:
    """What writes and what reads have the settings; what reads cannot write."""
    url = database_url(sqlite_databases.fresh())
    for engine in (writing_engine(url), reading_engine(url)):
        with engine.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in DURABLE}
        engine.dispose()
        assert found == DURABLE


def test_a_read_cannot_write(store: Store) -> None:
    """On either engine a statement that changes something is refused in a read."""

    def write(unit: Unit) -> None:
        unit.connection.exec_driver_sql("DELETE FROM due")

    with pytest.raises(StoreBusyError):
        store.read_now(write)


@pytest.mark.parametrize("text_", ["postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_any_way_to_write_postgresql_is_served_by_psycopg(text_: str) -> None:
    """Whichever name a host gives the URL, the driver is the one we know."""
    assert database_url(text_).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("text_", ["sqlite://", "sqlite:///:memory:", "mysql://root:hunter2@h/d"])
def test_another_database_is_refused_without_its_password(text_: str) -> None:
    """A database in memory or of another kind is refused, and the refusal does not repeat a password."""
    with pytest.raises(ValueError) as refused:
        database_url(text_)
    assert "hunter2" not in str(refused.value)


@pytest.mark.postgres
def test_postgresql_waits_no_longer_than_sqlite(postgres_databases: PostgresDatabases) -> None:
    """A lock that another holds is waited for as long as on SQLite, unless the URL says otherwise."""
    fresh = postgres_databases.fresh()
    for url, wanted in ((fresh, "4s"), (f"{fresh}&options=-c%20lock_timeout%3D100", "100ms")):
        for engine in (writing_engine(database_url(url)), reading_engine(database_url(url))):
            with engine.connect() as connection:
                assert connection.execute(text("SHOW lock_timeout")).scalar() == wanted
            engine.dispose()
    postgres_databases.drop(fresh)
