"""What should happen next for each person. The tick asks here, and nothing that matters waits anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage.rows import insert_all_new
from storage.tables import Due
from storage.unit import Unit

DUE = Due.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that is due, as the tick hands it to casework."""

    id: int
    key: str
    person_id: int
    what: str
    ref_id: int | None
    due_utc: datetime


@dataclass(frozen=True, slots=True)
class ToPlan:
    """One thing to happen later. `key` is made from what it is, so planning it twice changes nothing."""

    key: str
    person_id: int
    what: str
    due_utc: datetime
    ref_id: int | None = None


def plan(unit: Unit, plans: list[ToPlan]) -> None:
    """Write down what should happen; a key that is already planned stays as it is."""
    insert_all_new(
        unit,
        DUE,
        "key",
        [
            {"id": unit.new_id(), "key": one.key, "person_id": one.person_id, "what": one.what, "ref_id": one.ref_id,
             "due_utc": one.due_utc}
            for one in plans
        ],
    )  # fmt: skip


def ready(unit: Unit, limit: int) -> list[DueRow]:
    """What is due now, oldest first; rows that failed before are left out."""
    found = unit.connection.execute(
        select(DUE.c.id, DUE.c.key, DUE.c.person_id, DUE.c.what, DUE.c.ref_id, DUE.c.due_utc)
        .where(DUE.c.failed.is_(None), DUE.c.due_utc <= unit.now)
        .order_by(DUE.c.due_utc, DUE.c.id)
        .limit(limit)
    )
    return [DueRow(*row) for row in found]


def take(unit: Unit, rows: list[DueRow]) -> list[DueRow]:
    """Delete what is about to be done, and return those rows that were still there and unchanged."""
    wanted = {row.id: row for row in rows}
    gone = unit.connection.execute(
        delete(DUE).where(DUE.c.id.in_(list(wanted)), DUE.c.due_utc <= unit.now).returning(DUE.c.id)
    )
    taken = {row.id for row in gone}
    return [row for row in rows if row.id in taken]


def cancel(unit: Unit, person_id: int, what: str) -> None:
    """Take back everything of one kind that was planned for a person."""
    unit.connection.execute(delete(DUE).where(DUE.c.person_id == person_id, DUE.c.what == what))


def planned_for(unit: Unit, person_ids: list[int], what: str) -> set[int]:
    """Those of these people for whom something of this kind is planned."""
    planned = select(DUE.c.person_id).where(DUE.c.person_id.in_(person_ids), DUE.c.what == what, DUE.c.failed.is_(None))
    return set(unit.connection.execute(planned).scalars())


def set_aside(unit: Unit, row: DueRow, error: str) -> None:
    """Keep a row that could not be done, with the error's name, for someone to look at; the tick goes on."""
    unit.connection.execute(update(DUE).where(DUE.c.id == row.id).values(failed=error[:80]))


def next_due(unit: Unit) -> datetime | None:
    """When the next thing falls due, or None when nothing is planned."""
    found: datetime | None = unit.connection.execute(
        select(func.min(DUE.c.due_utc)).where(DUE.c.failed.is_(None))
    ).scalar_one()
    return found
