"""Everything the database holds, so that a test can say what is not in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from storage import inbox
from storage.unit import Unit

# Where an update and its answer pass through. Their rows stay, empty of whoever wrote.
EDGES = ("inbox", "outbox")
Held = dict[str, list[dict[str, Any]]]


def everything(unit: Unit) -> Held:
    """Every row of every table, by table."""
    held = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = unit.connection.execute(select(table).order_by(*table.primary_key.columns))
        held[table.name] = [dict(row._mapping) for row in rows]
    return held


def about(unit: Unit, chat_id: int, *said: str) -> list[str]:
    """Where in the database a chat can be found: its id, its look-up key, what they said; or rows that hold words.

    Sealed words cannot be read here, so a row at the edges that holds any counts as a find.
    """
    traces = (str(chat_id), inbox.chat_key(unit, chat_id), *said)
    found = []
    for table, rows in everything(unit).items():
        for row in rows:
            values = " ".join(str(value) for value in row.values())
            found += [f"{table} holds {trace}" for trace in traces if trace in values]
            if table in EDGES and row.get("person_id") is None and (row["body_sealed"] or row["chat_key"]):
                found.append(f"{table} holds sealed words")
    return found
