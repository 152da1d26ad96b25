"""Writing a row that may already be there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.unit import Unit


def insert_new(unit: Unit, table: Table, values: dict[str, Any]) -> bool:
    """Write one row unless its key is taken; True when it is new. Repeating it changes nothing."""
    statement: Any
    if unit.connection.dialect.name == "postgresql":
        statement = postgres_insert(table).on_conflict_do_nothing()
    else:
        statement = sqlite_insert(table).on_conflict_do_nothing()
    return bool(unit.connection.execute(statement, values).rowcount)


def insert_all_new(unit: Unit, table: Table, rows: list[dict[str, Any]]) -> None:
    """As `insert_new` for many rows at once, without saying which of them were new."""
    if not rows:
        return
    statement: Any
    if unit.connection.dialect.name == "postgresql":
        statement = postgres_insert(table).on_conflict_do_nothing()
    else:
        statement = sqlite_insert(table).on_conflict_do_nothing()
    unit.connection.execute(statement, rows)
