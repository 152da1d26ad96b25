"""How often someone is asked: agreeing it, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from casework.desk import Desk
from rules import cadence as rhythm
from rules.wallclock import local_date
from storage import audit, due
from storage.people import Askable, Known
from storage.tables import Cadence, Person

CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A rhythm in the words of the buttons: every so many days, on a weekday (0 is Monday), at a local time."""

    every_days: int
    weekday: int | None
    at: dt.time


def agree(desk: Desk, person: Person, agreed: Agreed) -> None:
    """Ask this person by a new rhythm, from tomorrow. Raises ValueError when the values make no rhythm."""
    today = local_date(desk.now, person.zone)
    rhythm.Cadence(agreed.every_days, agreed.at, agreed.weekday, today, person.zone)
    row = desk.unit.session.get(Cadence, person.id)
    if row is None:
        row = Cadence(person_id=person.id, every_days=1, at=agreed.at, anchor=today, agreed_utc=desk.now)
        desk.unit.session.add(row)
    row.every_days, row.weekday, row.at = agreed.every_days, agreed.weekday, agreed.at
    row.anchor, row.agreed_utc = today + dt.timedelta(days=1), desk.now
    desk.unit.session.flush()
    plan_next(desk, person)
    audit.record(
        desk.unit, "cadence.agreed", actor_id=person.id, person_id=person.id, detail=f"{agreed.every_days} days"
    )


def plan_next(desk: Desk, person: Person) -> None:
    """Plan the next slot after today (or after a pause that is still running)."""
    due.cancel(desk.unit, person.id, CHECK_IN)
    slots = next_slots(desk, person, 1)
    if slots:
        due.plan(desk.unit, [due.ToPlan(f"{person.id}:{CHECK_IN}", person.id, CHECK_IN, slots[0].due_utc)])


def next_slots(desk: Desk, person: Person, count: int) -> tuple[rhythm.Slot, ...]:
    """The next check-ins this person will get, as things stand; empty when there is no rhythm or they said stop."""
    row = desk.unit.session.get(Cadence, person.id)
    if row is None or person.stopped_utc is not None:
        return ()
    after = local_date(desk.now, person.zone)
    if person.paused_until_utc is not None and desk.now < person.paused_until_utc:
        after = max(after, local_date(person.paused_until_utc, person.zone) - dt.timedelta(days=1))
    return rhythm.next_slots(rhythm_of(row, person.zone), after, count)


def agreed_with(desk: Desk, person: Person) -> Agreed | None:
    """The rhythm agreed with this person, or None."""
    row = desk.unit.session.get(Cadence, person.id)
    return None if row is None else Agreed(row.every_days, row.weekday, row.at)


def rhythm_of(agreed: Cadence | Askable, zone: str) -> rhythm.Cadence:
    """The stored rhythm as the rules know it."""
    return rhythm.Cadence(agreed.every_days, agreed.at, agreed.weekday, agreed.anchor, zone)


def is_resting(person: Known, now: dt.datetime) -> bool:
    """Whether they stopped, or are in a pause."""
    return person.stopped_utc is not None or (person.paused_until_utc is not None and now < person.paused_until_utc)
