"""S4: each migration goes up, down, and up with data; cut off anywhere it leaves the old schema; models equal head."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Table, event, func, insert, inspect, select, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage import schema, tables
from storage.engine import database_url as known_url
from storage.engine import writing_engine
from storage.moments import Utc

assert tables
STEPS = [(None, schema.revisions()[0]), *zip(schema.revisions(), schema.revisions()[1:], strict=False)]


class CutOffError(Exception):
    """Stands for the kill in the middle of a migration."""


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    """A database with nothing in it, on each engine."""
    made = writing_engine(known_url(empty_database_url))
    yield made
    made.dispose()


def _tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _value(column: Column[Any]) -> Any:
    """Something to put into a column, whatever it is."""
    kind = column.type
    if isinstance(kind, Utc):
        return datetime(2026, 11, 23, 10, tzinfo=UTC)
    if isinstance(kind, AutoString):
        return "x"
    made: dict[type, Any] = {int: 1, bool: True, bytes: b"x", date: date(2026, 11, 23), time: time(17)}
    return made[kind.python_type]


def _fill(engine: Engine) -> dict[str, int]:
    """A row in every table of the models; how many each then has."""
    ordered = SQLModel.metadata.sorted_tables
    with engine.begin() as connection:
        for table in ordered:
            connection.execute(insert(table).values({column.name: _value(column) for column in table.columns}))
    return _counts(engine, ordered)


def _counts(engine: Engine, counted: list[Table]) -> dict[str, int]:
    with engine.connect() as connection:
        return {one.name: connection.execute(select(func.count()).select_from(one)).scalar_one() for one in counted}


def test_the_newest_revision_is_the_one_the_code_wants() -> None:
    """HEAD is the last file in storage/migrations/versions, so that a start brings a database all the way."""
    assert schema.revisions()[-1] == schema.HEAD


def test_the_models_equal_what_the_migrations_make(engine: Engine) -> None:
    """Table by table, column by column, key by key: Alembic finds nothing to change at head."""
    schema.migrate(engine, schema.HEAD)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        found = inspect(connection)
        for table in SQLModel.metadata.sorted_tables:
            made = {one["name"] for one in found.get_indexes(table.name) if not one.get("duplicates_constraint")}
            assert {index.name for index in table.indexes} <= made, table.name


def test_every_migration_goes_up_down_and_up_with_data(engine: Engine) -> None:
    """Step by step: up, down, up; and what was in the tables at head is there after going down one and up again."""
    for before, after in STEPS:
        there = _tables(engine)
        schema.migrate(engine, after)
        schema.migrate(engine, before or "base", down=True)
        assert (_tables(engine), schema.revision_of(engine)) == (there, before)
        schema.migrate(engine, after)
    held = _fill(engine)
    assert set(held.values()) == {1}
    schema.migrate(engine, schema.HEAD)
    assert _counts(engine, SQLModel.metadata.sorted_tables) == held
    before = STEPS[-1][0]
    schema.migrate(engine, before or "base", down=True)
    schema.migrate(engine, schema.HEAD)
    kept = _counts(engine, SQLModel.metadata.sorted_tables)
    assert kept == (dict.fromkeys(held, 0) if before is None else held)


@contextmanager
def _cut_off_after(engine: Engine, statements: int) -> Iterator[None]:
    run = itertools.count()

    def count(*_about: object) -> None:
        if next(run) >= statements:
            raise CutOffError

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _cut_off_everywhere(engine: Engine, revision: str, *, down: bool) -> int:
    """Try a migration, cut off after 1, 4, 7 … statements, until it goes through; how often it was cut off."""
    before = (_tables(engine), schema.revision_of(engine))
    for tries in itertools.count():
        try:
            with _cut_off_after(engine, 1 + 3 * tries):
                schema.migrate(engine, revision, down=down)
        except CutOffError:
            assert (_tables(engine), schema.revision_of(engine)) == before
            continue
        return tries
    raise AssertionError


def test_a_migration_cut_off_anywhere_leaves_the_old_schema(engine: Engine) -> None:
    """Stopped before any of its statements, going up or down, nothing has changed, and it can be run again."""
    for before, after in STEPS:
        assert _cut_off_everywhere(engine, after, down=False) > 3
        assert _cut_off_everywhere(engine, before or "base", down=True) > 3
        schema.migrate(engine, after)


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    """Four services starting on an empty database at the same moment all find it up to date, and none fails."""
    with ThreadPoolExecutor(4) as threads:
        for started in [threads.submit(schema.upgrade, empty_database_url) for _ in range(4)]:
            started.result()
    engine = writing_engine(known_url(empty_database_url))
    assert schema.revision_of(engine) == schema.HEAD
    engine.dispose()


def test_a_database_of_a_newer_release_is_left_as_it_is(database_url: str) -> None:
    """After a release is rolled back its database, one migration further, still starts."""
    engine = writing_engine(known_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    schema.upgrade(database_url)
    assert schema.revision_of(engine) == "9999"
    engine.dispose()
