"""Writing a row that may already be there."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.unit import Unit


def insert_new(unit: Unit, table: Table, key: str, values: dict[str, Any]) -> bool:
    """Write one row unless its `key` (a unique column) is taken; True when it is new. Repeating it changes nothing."""
    # Asked by RETURNING: psycopg does not tell the row count of an insert.
    statement = _unless_taken_returning(unit.connection.dialect.name, table, key)
    return unit.connection.execute(statement, values).first() is not None


def insert_all_new(unit: Unit, table: Table, key: str, rows: list[dict[str, Any]]) -> None:
    """As `insert_new` for many rows at once, without saying which of them were new."""
    if rows:
        unit.connection.execute(_unless_taken(unit.connection.dialect.name, table, key), rows)


@cache
def _unless_taken(dialect: str, table: Table, key: str) -> Any:
    # Only for `key`: two processes may, once in a long while, make the same row id, and that must not lose a row.
    insert: Any = postgres_insert if dialect == "postgresql" else sqlite_insert
    return insert(table).on_conflict_do_nothing(index_elements=[key])


@cache
def _unless_taken_returning(dialect: str, table: Table, key: str) -> Any:
    return _unless_taken(dialect, table, key).returning(table.c[key])
