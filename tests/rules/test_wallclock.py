"""Local wall time and UTC, on ordinary days and on the two odd nights."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.wallclock import LONDON, is_zone, local, local_date, moved_by, utc_of

SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)
days = st.dates(date(2020, 1, 1), date(2045, 12, 31))
minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
zones = st.sampled_from([LONDON, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2027, 1, 5), time(17, 30), datetime(2027, 1, 5, 17, 30, tzinfo=UTC)),
        (date(2027, 7, 5), time(17, 30), datetime(2027, 7, 5, 16, 30, tzinfo=UTC)),
        (SPRING, time(0, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (SPRING, time(1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (SPRING, time(2, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (AUTUMN, time(1, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (AUTUMN, time(1, 30, fold=1), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (AUTUMN, time(2, 0), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_utc_of(day: date, at: time, expected: datetime) -> None:
    """A wall time means the instant people in London would say it means, with our rule for the two odd hours."""
    assert utc_of(day, at) == expected
    assert utc_of(day, at).tzinfo is UTC


def test_the_spring_gap_moves_forward_by_the_gap() -> None:
    """01:30 on the night the clocks go forward is rung at 02:30, and the hour it moved is there to be explained."""
    assert local(utc_of(SPRING, time(1, 30))).time() == time(2, 30)
    assert moved_by(SPRING, time(1, 30)) == timedelta(hours=1)
    assert moved_by(SPRING, time(2, 30)) == timedelta(0)
    assert moved_by(AUTUMN, time(1, 30)) == timedelta(0)


@given(days, minutes, zones)
def test_there_and_back(day: date, at: time, zone: str) -> None:
    """Going to UTC and back shows the same wall, moved only as far as the clocks themselves skipped."""
    shown = local(utc_of(day, at, zone), zone)
    assert shown.replace(tzinfo=None) == datetime.combine(day, at) + moved_by(day, at, zone)
    assert local_date(utc_of(day, at, zone), zone) == shown.date()


@given(days, minutes, minutes)
def test_later_on_the_wall_is_never_earlier(day: date, one: time, other: time) -> None:
    """Two wall times of one day keep their order as instants, except that a skipped hour runs over the next."""
    first, second = sorted((one, other))
    if not moved_by(day, first):
        assert utc_of(day, first) <= utc_of(day, second)


def test_zone_names() -> None:
    """A zone is known by its real name and nothing else, however odd the name."""
    assert is_zone(LONDON)
    assert not any(is_zone(name) for name in ("Europe/Atlantis", "", "../etc/passwd", "\x00", "Europe"))


def test_it_is_fast_enough_to_plan_a_country() -> None:
    """A conversion takes microseconds, so 53,240 people are planned in well under two seconds."""
    each = min(timeit.repeat(lambda: utc_of(AUTUMN, time(17, 30)), number=2_000, repeat=5)) / 2_000
    assert each < 25e-6
