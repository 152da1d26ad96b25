"""A person's rhythm of check-ins, and the slots it makes.

Days are counted on the local calendar from an anchor date, never in hours, so a clock change cannot make a rhythm
drift. A slot is known by its local date, never by its instant, so a repeated hour cannot make a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rules.quiet import QUIET_HOURS, QuietHours
from rules.wallclock import LONDON, is_zone, utc_of

MOST_DAYS = 92


class Problem(StrEnum):
    """Why a rhythm cannot be agreed as it stands. The words for each are content's."""

    TOO_OFTEN = "too_often"
    TOO_RARE = "too_rare"
    NO_SUCH_WEEKDAY = "no_such_weekday"
    NOT_WHOLE_WEEKS = "not_whole_weeks"
    NO_SUCH_ZONE = "no_such_zone"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `every_days` days at `at` on the wall clock of `zone`.

    `weekday` (0 is Monday) fixes the day and needs whole weeks; None counts from the anchor itself.
    `anchor` is the first local date a slot may fall on. Raises ValueError when the numbers make no rhythm. Quiet
    hours are a council's setting, so they are asked of `problems_with`, and the sender holds to them in any case.
    """

    every_days: int
    at: time
    weekday: int | None
    anchor: date
    zone: str = LONDON

    def __post_init__(self) -> None:
        found = _shape_problems(self.every_days, self.weekday, self.zone)
        if found:
            raise ValueError(f"not a cadence: {', '.join(found)}")

    @property
    def first_date(self) -> date:
        """The local date of the first slot: the anchor, moved forward to the weekday if there is one."""
        if self.weekday is None:
            return self.anchor
        return self.anchor + timedelta(days=(self.weekday - self.anchor.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class Slot:
    """One check-in to be: `local_date` is its identity, `due_utc` only when to wake."""

    local_date: date
    due_utc: datetime


def problems_with(
    every_days: int, at: time, weekday: int | None, zone: str = LONDON, quiet: QuietHours = QUIET_HOURS
) -> tuple[Problem, ...]:
    """Everything that stops these values being agreed as a rhythm, for a form to show; empty when they are fine."""
    found = _shape_problems(every_days, weekday, zone)
    return (*found, Problem.QUIET_HOURS) if quiet.covers(at) else found


def _shape_problems(every_days: int, weekday: int | None, zone: str) -> tuple[Problem, ...]:
    checks = (
        (every_days < 1, Problem.TOO_OFTEN),
        (every_days > MOST_DAYS, Problem.TOO_RARE),
        (weekday is not None and not 0 <= weekday <= 6, Problem.NO_SUCH_WEEKDAY),
        (weekday is not None and every_days % 7 != 0, Problem.NOT_WHOLE_WEEKS),
        (not is_zone(zone), Problem.NO_SUCH_ZONE),
    )
    return tuple(problem for wrong, problem in checks if wrong)


def next_slot(cadence: Cadence, after: date) -> Slot:
    """The first slot strictly after the local date `after`, however long ago the anchor was."""
    first = cadence.first_date
    if after < first:
        day = first
    else:
        done = (after - first).days // cadence.every_days
        day = first + timedelta(days=(done + 1) * cadence.every_days)
    return Slot(day, utc_of(day, cadence.at, cadence.zone))


def next_slots(cadence: Cadence, after: date, count: int) -> tuple[Slot, ...]:
    """The first `count` slots strictly after the local date `after`, in order: the preview people are shown."""
    slots: list[Slot] = []
    for _ in range(count):
        slot = next_slot(cadence, after)
        slots.append(slot)
        after = slot.local_date
    return tuple(slots)


def slots_due(cadence: Cadence, after: date, now: datetime) -> tuple[Slot, ...]:
    """Every slot strictly after the local date `after` that has come by `now`, oldest first.

    After a long silence of ours this is what was missed: each gets its own row with a reason, none is caught up, and
    the next slot is the first after the last of these, later today included.
    """
    slots: list[Slot] = []
    slot = next_slot(cadence, after)
    while slot.due_utc <= now:
        slots.append(slot)
        slot = next_slot(cadence, slot.local_date)
    return tuple(slots)


def slot_key(person_id: int | str, kind: str, local_date: date, name: str) -> str:
    """The unique key of anything we start: who, what kind, which local date, which one. Never an instant."""
    return f"{person_id}:{kind}:{local_date.isoformat()}:{name}"
