"""What the tick does: everything that has fallen due, in the order it fell due.

A row that cannot be done is set aside with its error, and everything else goes on.
"""

from __future__ import annotations

from datetime import datetime

from casework import asking, hearing, incidents, inviting, silence
from casework.desk import Desk
from casework.rhythms import CHECK_IN
from storage import due, outbox
from storage.due import DueRow
from storage.unit import Unit

BATCH = 500


def next_batch(desk: Desk) -> list[DueRow]:
    """The rows of one Unit: as many check-ins as are due together, or one row of any other kind."""
    rows = due.ready(desk.unit, BATCH)
    if not rows:
        return []
    check_ins = [row for row in rows if row.what == CHECK_IN]
    return check_ins or rows[:1]


def next_moment(unit: Unit) -> datetime | None:
    """When the next thing falls due or may be sent; None when nothing is planned."""
    moments = [moment for moment in (due.next_due(unit), outbox.next_pending(unit)) if moment is not None]
    return min(moments, default=None)


def do(desk: Desk, rows: list[DueRow]) -> None:
    """Do what is due, all of it or none. Raises whatever a row's own work raises."""
    if rows[0].what == CHECK_IN:
        asking.ask_all(desk, rows)
        return
    for row in due.take(desk.unit, rows):
        _do_one(desk, row)


def _do_one(desk: Desk, row: DueRow) -> None:
    match row.what:
        case hearing.LADDER_STEP:
            silence.climb(desk, row)
        case incidents.WAITS:
            incidents.waited(desk, row.ref_id)
        case hearing.CONTACT_FLOOR:
            hearing.floor_passed(desk, row.person_id)
        case inviting.INVITE_ENDS:
            inviting.end_invite(desk, row.ref_id)
        case _:
            raise LookupError(f"nothing is known about {row.what!r}")


def set_aside(desk: Desk, row: DueRow, error: str) -> None:
    """Keep a row that could not be done where people can see it."""
    due.set_aside(desk.unit, row, error)
