"""The one place where local wall time becomes UTC and UTC becomes local wall time.

Everywhere else a datetime is aware UTC. Two nights a year need a rule, and these are ours:
a time inside the spring gap moves forward by the gap (01:30 is rung at 02:30 summer time);
a time inside the repeated autumn hour means the first of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONDON = "Europe/London"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone this machine knows."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def utc_of(local_date: date, local_time: time, zone: str = LONDON) -> datetime:
    """The instant at which the wall clock in `zone` shows this date and time, as aware UTC.

    `local_time` is naive; its `fold` is ignored, so a repeated hour always means the first.
    """
    return _utc_of(local_date, local_time, zone)


# A council's people share a few dates and hours, so planning everyone asks the same question again and again.
@lru_cache(maxsize=8192)
def _utc_of(local_date: date, local_time: time, zone: str) -> datetime:
    # fold=0 inside a gap keeps the offset from before it, which is exactly "moved forward by the gap".
    return datetime.combine(local_date, local_time.replace(fold=0), _zone(zone)).astimezone(UTC)


def local(utc: datetime, zone: str = LONDON) -> datetime:
    """What the wall clock in `zone` shows at `utc`: an aware datetime in that zone, for showing and for rules here."""
    return utc.astimezone(_zone(zone))


def local_date(utc: datetime, zone: str = LONDON) -> date:
    """The date on the wall in `zone` at `utc`."""
    return utc.astimezone(_zone(zone)).date()


def moved_by(day: date, at: time, zone: str = LONDON) -> timedelta:
    """How far a wall time is moved because the clocks skip it that night; zero on every other day."""
    shown = local(utc_of(day, at, zone), zone).replace(tzinfo=None)
    return shown - datetime.combine(day, at.replace(fold=0))
