"""How a person stands against the council's floor: at least one meaningful contact every so many days.

Counted in local dates. Eight weeks after a contact on 1 June the next is due on 27 July, all day; on the 28th it is
one day over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rules.quiet import WORK_ENDS
from rules.wallclock import LONDON, local_date, utc_of

FLOOR_DAYS = 56
SOON_DAYS = 7


class ContactState(StrEnum):
    """Where the meaningful contact stands."""

    IN_TOUCH = "in_touch"
    DUE_SOON = "due_soon"
    OVER = "over"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ContactStatus:
    """`next_due_utc` is the end of the working day on which a contact is due, None when nothing is counted yet.

    `days_over` is 0 until the day after. A person never contacted can be days over too, counted from joining.
    """

    next_due_utc: datetime | None
    next_due_date: date | None
    days_over: int
    state: ContactState


def contact_status(
    last_contact_utc: datetime | None,
    now: datetime,
    floor_days: int = FLOOR_DAYS,
    zone: str = LONDON,
    joined_utc: datetime | None = None,
) -> ContactStatus:
    """Where they stand at `now`. With no contact ever, the floor is counted from `joined_utc`, if that is known."""
    from_utc = last_contact_utc or joined_utc
    if from_utc is None:
        return ContactStatus(None, None, 0, ContactState.NEVER)
    due = local_date(from_utc, zone) + timedelta(days=floor_days)
    days_left = (due - local_date(now, zone)).days
    state = ContactState.NEVER if last_contact_utc is None else _state(days_left)
    return ContactStatus(utc_of(due, WORK_ENDS, zone), due, max(0, -days_left), state)


def _state(days_left: int) -> ContactState:
    if days_left < 0:
        return ContactState.OVER
    return ContactState.DUE_SOON if days_left <= SOON_DAYS else ContactState.IN_TOUCH


def over_before_utc(now: datetime, floor_days: int = FLOOR_DAYS, zone: str = LONDON) -> datetime:
    """Exactly those whose last contact was before this instant are over at `now`: the bound for an indexed query."""
    return utc_of(local_date(now, zone) - timedelta(days=floor_days), time(0), zone)


def due_soon_before_utc(now: datetime, floor_days: int = FLOOR_DAYS, zone: str = LONDON) -> datetime:
    """Exactly those whose last contact was before this instant are over or due soon at `now`."""
    return utc_of(local_date(now, zone) - timedelta(days=floor_days - SOON_DAYS - 1), time(0), zone)
