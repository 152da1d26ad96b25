"""Quiet hours and working hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quiet import (
    QUIET_HOURS,
    QuietHours,
    is_quiet,
    is_working,
    next_allowed,
    next_working,
    working_day_from,
    working_days_after,
)
from rules.wallclock import LONDON, local

instants = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
change_nights = st.sampled_from([datetime(2027, 3, 27, 18, tzinfo=UTC), datetime(2027, 10, 30, 18, tzinfo=UTC)])
near_changes = st.builds(lambda start, n: start + timedelta(minutes=n), change_nights, st.integers(0, 24 * 60))
walls = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


def at(text: str) -> datetime:
    """An instant from its ISO text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("utc", "allowed"),
    [
        ("2027-01-05T20:59", "2027-01-05T20:59"),
        ("2027-01-05T21:00", "2027-01-06T08:00"),
        ("2027-01-06T07:59", "2027-01-06T08:00"),
        ("2027-01-06T08:00", "2027-01-06T08:00"),
        ("2027-07-05T20:00", "2027-07-06T07:00"),
        ("2027-03-27T22:00", "2027-03-28T07:00"),
        ("2027-10-30T21:30", "2027-10-31T08:00"),
    ],
)
def test_next_allowed(utc: str, allowed: str) -> None:
    """Quiet hours are 21:00 to 08:00 on the wall, whatever the clocks did in the night."""
    assert next_allowed(at(utc)) == at(allowed)
    assert is_quiet(at(utc)) == (utc != allowed)


@given(instants | near_changes, st.sampled_from([LONDON, "America/New_York"]), walls, walls)
def test_what_is_allowed_is_the_first_that_is(utc: datetime, zone: str, start: time, end: time) -> None:
    """The answer is never quiet and never in the past, and everything before it was quiet."""
    hours = QuietHours(start, end)
    allowed = next_allowed(utc, zone, hours)
    assert allowed >= utc
    assert not is_quiet(allowed, zone, hours)
    waited = int((allowed - utc).total_seconds() // 60)
    assert all(is_quiet(utc + timedelta(minutes=n), zone, hours) for n in range(0, waited, 7))


def test_no_quiet_hours() -> None:
    """The same start and end is no quiet hours at all."""
    assert not is_quiet(at("2027-01-05T03:00"), LONDON, QuietHours(time(9), time(9)))
    assert QuietHours(time(21), time(8)) == QUIET_HOURS


@pytest.mark.parametrize(
    ("utc", "working"),
    [
        ("2027-01-04T09:00", "2027-01-04T09:00"),
        ("2027-01-04T08:59", "2027-01-04T09:00"),
        ("2027-01-04T16:59", "2027-01-04T16:59"),
        ("2027-01-04T17:00", "2027-01-05T09:00"),
        ("2027-01-08T17:00", "2027-01-11T09:00"),
        ("2027-01-09T12:00", "2027-01-11T09:00"),
        ("2027-03-26T17:30", "2027-03-30T08:00"),
        ("2027-07-05T08:30", "2027-07-05T08:30"),
    ],
)
def test_next_working(utc: str, working: str) -> None:
    """Staff are told Monday to Friday, 09:00 to 17:00 local, and not on a holiday."""
    easter_monday = frozenset({date(2027, 3, 29)})
    assert next_working(at(utc), holidays=easter_monday) == at(working)


@given(instants, st.frozensets(st.dates(date(2025, 1, 1), date(2030, 12, 31)), max_size=20))
def test_staff_are_told_at_work(utc: datetime, holidays: frozenset[date]) -> None:
    """Whenever an alert is written, it is told at work and not before it was written."""
    told = next_working(utc, holidays=holidays)
    assert told >= utc
    assert is_working(told, holidays=holidays)
    assert told == utc or local(told).time() == time(9)


def test_counting_working_days() -> None:
    """Working days step over week-ends and holidays; none at all means the first working day from here."""
    friday, saturday, monday = date(2027, 1, 8), date(2027, 1, 9), date(2027, 1, 11)
    assert working_day_from(saturday) == monday
    assert working_days_after(friday, 1) == monday
    assert working_days_after(saturday, 0) == monday
    assert working_days_after(friday, 3, frozenset({date(2027, 1, 12)})) == date(2027, 1, 14)


def test_quiet_hours_that_end_in_the_repeated_hour() -> None:
    """When the wall shows 01:10 for the second time, quiet hours to 01:30 end at the second 01:30, not in the past."""
    hours = QuietHours(time(21), time(1, 30))
    assert next_allowed(at("2027-10-31T00:10"), hours=hours) == at("2027-10-31T00:30")
    assert next_allowed(at("2027-10-31T01:10"), hours=hours) == at("2027-10-31T01:30")
