"""Quiet hours for the people we write to, working hours for the staff we tell. One gate, used by every sender.

`holidays` are local dates on which staff do not work; the caller hands them in, empty means none are known.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.wallclock import LONDON, local, utc_of

WORK_STARTS = time(9)
WORK_ENDS = time(17)
_DAY = timedelta(days=1)
NO_HOLIDAYS: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local wall times between which nothing we start may arrive: from `start`, up to but not including `end`.

    May run over midnight. `start == end` means no quiet hours at all.
    """

    start: time = time(21)
    end: time = time(8)

    def covers(self, at: time) -> bool:
        """Whether this wall time is inside."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


QUIET_HOURS = QuietHours()


def is_quiet(utc: datetime, zone: str = LONDON, hours: QuietHours = QUIET_HOURS) -> bool:
    """Whether the wall clock in `zone` is inside quiet hours at `utc`."""
    return hours.covers(local(utc, zone).time())


def next_allowed(utc: datetime, zone: str = LONDON, hours: QuietHours = QUIET_HOURS) -> datetime:
    """The first instant at or after `utc` that is outside quiet hours: `utc` itself when it already is."""
    wall = local(utc, zone)
    if not hours.covers(wall.time()):
        return utc
    day = wall.date() + _DAY if wall.time() >= hours.end else wall.date()
    end = utc_of(day, hours.end, zone)
    if end > utc:
        return end
    # The second pass through the repeated autumn hour: `utc_of` named the first pass, already behind us.
    return utc + (datetime.combine(day, hours.end) - wall.replace(tzinfo=None))


def is_working_day(day: date, holidays: Set[date] = NO_HOLIDAYS) -> bool:
    """Monday to Friday and not a holiday."""
    return day.weekday() < 5 and day not in holidays


def working_day_from(day: date, holidays: Set[date] = NO_HOLIDAYS) -> date:
    """`day` itself when staff work on it, else the next day they do."""
    while not is_working_day(day, holidays):
        day += _DAY
    return day


def working_days_after(day: date, count: int, holidays: Set[date] = NO_HOLIDAYS) -> date:
    """The `count`-th working day strictly after `day`; `count` 0 is `day`, moved to a working day if it is not one."""
    day = working_day_from(day, holidays) if count == 0 else day
    for _ in range(count):
        day = working_day_from(day + _DAY, holidays)
    return day


def is_working(utc: datetime, zone: str = LONDON, holidays: Set[date] = NO_HOLIDAYS) -> bool:
    """Whether staff are at work at `utc`: a working day, 09:00 up to but not including 17:00 local."""
    wall = local(utc, zone)
    return WORK_STARTS <= wall.time() < WORK_ENDS and is_working_day(wall.date(), holidays)


def next_working(utc: datetime, zone: str = LONDON, holidays: Set[date] = NO_HOLIDAYS) -> datetime:
    """The first instant at or after `utc` when staff are at work: `utc` itself, or 09:00 local on a working day."""
    if is_working(utc, zone, holidays):
        return utc
    wall = local(utc, zone)
    day = wall.date() if wall.time() < WORK_STARTS else wall.date() + _DAY
    return utc_of(working_day_from(day, holidays), WORK_STARTS, zone)
