"""Instants as people in England read them in a table. A page is drawn at one instant, `now`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from content import dates
from dashboard.view import NEVER, When
from rules.wallclock import local

MOST_DAYS_COUNTED = 27


def day_words(day: date, today: date) -> str:
    """`Today`, `Yesterday`, `Tomorrow`, `9 September`, or with its year when that is another one."""
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get((day - today).days)
    if near:
        return near
    words = dates.day_and_month(day).split(" ", 1)[1]
    return words if day.year == today.year else f"{words} {day.year}"


def apart(day: date, today: date) -> str:
    """`10 weeks ago`, `in 4 days`; nothing for yesterday, today and tomorrow, which say it themselves."""
    days = abs((day - today).days)
    if days < 2:
        return ""
    amount = f"{days} days" if days <= MOST_DAYS_COUNTED else f"{days // 7} weeks"
    return f"in {amount}" if day > today else f"{amount} ago"


def when(instant: datetime | None, now: datetime, never: When = NEVER) -> When:
    """The day of an instant and how far off it is."""
    if instant is None:
        return never
    day, today = local(instant).date(), local(now).date()
    return When(day_words(day, today), apart(day, today), iso(instant))


def when_exactly(instant: datetime, now: datetime) -> When:
    """As `when`, with the time of day."""
    shown = when(instant, now)
    return When(f"{shown.day}, {time_words(instant)}", shown.ago, shown.iso)


def iso(instant: datetime) -> str:
    """For a machine: `2026-11-21T09:02:00Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_words(instant: datetime) -> str:
    """`9am`, `7:42pm`, on the wall in London."""
    return clock_words(local(instant).time())


def clock_words(wall: time) -> str:
    """`9am`, `7:42pm`, from the wall clock."""
    minutes = f":{wall.minute:02d}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes}{'am' if wall.hour < 12 else 'pm'}"


def waited(since: datetime | None, now: datetime) -> str:
    """How long something has waited: `nothing waiting`, `3 seconds`, `12 minutes`, `5 hours`."""
    if since is None:
        return "nothing waiting"
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return _count(seconds // size, unit)
    return _count(seconds, "second")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
