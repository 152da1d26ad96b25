"""Promise C1, the rules' half: exactly one slot for each date it is due, across every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cadence import Cadence, Problem, Slot, next_slot, next_slots, problems_with, slot_key, slots_due
from rules.wallclock import local, moved_by

FIRST = date(2025, 1, 1)
LAST = date(2044, 12, 31)
DAY = timedelta(days=1)
HALF_HOURS = [time(n // 2, n % 2 * 30) for n in range(48)]
RHYTHMS: list[tuple[int, int | None]] = [
    *((days, None) for days in range(1, 29)),
    *((weeks * 7, weekday) for weeks in (1, 2, 3, 4) for weekday in range(7)),
]


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a 31-day month."""
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


CHANGES = {year: (last_sunday(year, 3), last_sunday(year, 10)) for year in range(FIRST.year, LAST.year + 1)}


def by_the_statute(day: date, at: time) -> datetime:
    """The instant as the Summer Time Order has it, worked out with no time zone library: the test's own oracle."""
    spring, autumn = CHANGES[day.year]
    wall = datetime.combine(day, at, UTC)
    # Both changes are at 01:00 GMT. A wall time in the spring gap is read as GMT; a repeated one as summer time.
    starts = datetime.combine(spring, time(2), UTC)
    ends = datetime.combine(autumn, time(2), UTC)
    return wall - timedelta(hours=1) if starts <= wall < ends else wall


def walk(cadence: Cadence) -> list[Slot]:
    """Every slot in the twenty years, each found from the one before, as the service does."""
    slots = [next_slot(cadence, FIRST - DAY)]
    while slots[-1].local_date <= LAST:
        slots.append(next_slot(cadence, slots[-1].local_date))
    return slots[:-1]


def expected_dates(every_days: int, weekday: int | None) -> list[date]:
    """The dates due, found by looking at each day in turn."""
    first = next(day for day in (FIRST + n * DAY for n in range(7)) if weekday in (None, day.weekday()))
    return [first + n * DAY for n in range(0, (LAST - first).days + 1, every_days)]


def test_twenty_years_forty_changes_all_cadences_all_half_hours() -> None:
    """No slot is missed and none doubled, at any half-hour of any rhythm, over twenty years and forty changes."""
    assert sum(len(nights) for nights in CHANGES.values()) == 40
    due_dates = {rhythm: expected_dates(*rhythm) for rhythm in RHYTHMS}
    every_day = due_dates[1, None]
    for at in HALF_HOURS:
        due = {day: by_the_statute(day, at) for day in every_day}
        assert all(one < other for one, other in pairwise(due.values()))
        for every_days, weekday in RHYTHMS:
            slots = walk(Cadence(every_days, at, weekday, FIRST))
            dates = due_dates[every_days, weekday]
            assert [slot.local_date for slot in slots] == dates
            assert [slot.due_utc for slot in slots] == [due[day] for day in dates]


def test_the_wall_time_is_kept_and_each_shift_has_its_reason() -> None:
    """Seen on the wall every slot is at the hour agreed, but for those in the hour that was skipped."""
    shifted = []
    for at in HALF_HOURS:
        for slot in walk(Cadence(1, at, None, FIRST)):
            shown = local(slot.due_utc)
            assert shown.date() == slot.local_date
            if shown.time() != at:
                assert shown.replace(tzinfo=None) - datetime.combine(slot.local_date, at) == moved_by(
                    slot.local_date, at
                )
                shifted.append((slot.local_date, at))
    assert sorted(shifted) == [(spring, at) for spring, _ in CHANGES.values() for at in (time(1), time(1, 30))]


cadences = st.builds(
    lambda days, at, weekday, anchor: Cadence(days if weekday is None else -(-days // 7) * 7, at, weekday, anchor),
    st.integers(1, 91),
    st.sampled_from(HALF_HOURS),
    st.none() | st.integers(0, 6),
    st.dates(FIRST, LAST),
)
afters = st.dates(FIRST - timedelta(days=400), LAST)


@given(cadences, afters)
def test_next_slot_is_the_first_after(cadence: Cadence, after: date) -> None:
    """The next slot is after the date given, on a date the rhythm names, and nothing due lies between."""
    slot = next_slot(cadence, after)
    assert slot.local_date > after
    assert (slot.local_date - cadence.first_date).days % cadence.every_days == 0
    assert slot.local_date - after <= timedelta(days=cadence.every_days) or slot.local_date == cadence.first_date
    if cadence.weekday is not None:
        assert slot.local_date.weekday() == cadence.weekday


@given(cadences, afters, st.integers(0, 12))
def test_a_preview_is_what_will_happen(cadence: Cadence, after: date, count: int) -> None:
    """The preview is the slots one by one, and it does not matter on which day in between it is looked up."""
    slots = next_slots(cadence, after, count)
    assert len(slots) == count
    for slot in slots:
        assert next_slot(cadence, after) == next_slot(cadence, slot.local_date - DAY) == slot
        after = slot.local_date


@given(cadences, st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.integers(0, 40))
def test_after_an_outage_nothing_is_skipped_over(cadence: Cadence, now: datetime, days_away: int) -> None:
    """What came while we were away, and what comes next, are together exactly the slots of the rhythm."""
    after = local(now).date() - timedelta(days=days_away)
    missed = slots_due(cadence, after, now)
    last = missed[-1].local_date if missed else after
    upcoming = next_slot(cadence, last)
    assert (*missed, upcoming) == next_slots(cadence, after, len(missed) + 1)
    assert all(slot.due_utc <= now for slot in missed)
    assert upcoming.due_utc > now


def test_a_slot_on_the_repeated_hour_has_one_key() -> None:
    """The night 01:30 comes twice there is one slot and one key, made of the date and not of the instant."""
    night = last_sunday(2027, 10)
    daily = Cadence(1, time(1, 30), None, FIRST)
    slots = next_slots(daily, night - DAY, 2)
    assert [slot.local_date for slot in slots] == [night, night + DAY]
    assert slot_key(7, "check_in", slots[0].local_date, "main") == "7:check_in:2027-10-31:main"


@pytest.mark.parametrize(
    ("every_days", "at", "weekday", "zone", "problems"),
    [
        (7, time(17, 30), 0, "Europe/London", ()),
        (1, time(8), None, "Europe/London", ()),
        (92, time(20, 59), None, "Europe/London", ()),
        (0, time(17), None, "Europe/London", (Problem.TOO_OFTEN,)),
        (93, time(17), None, "Europe/London", (Problem.TOO_RARE,)),
        (10, time(17), 2, "Europe/London", (Problem.NOT_WHOLE_WEEKS,)),
        (7, time(17), 7, "Europe/London", (Problem.NO_SUCH_WEEKDAY,)),
        (7, time(17), -1, "Europe/London", (Problem.NO_SUCH_WEEKDAY,)),
        (7, time(17), None, "Europe/Atlantis", (Problem.NO_SUCH_ZONE,)),
        (7, time(7, 59), None, "Europe/London", (Problem.QUIET_HOURS,)),
        (7, time(21), None, "Europe/London", (Problem.QUIET_HOURS,)),
        (
            0,
            time(3),
            9,
            "Nowhere",
            (Problem.TOO_OFTEN, Problem.NO_SUCH_WEEKDAY, Problem.NO_SUCH_ZONE, Problem.QUIET_HOURS),
        ),
    ],
)
def test_what_cannot_be_agreed(
    every_days: int, at: time, weekday: int | None, zone: str, problems: tuple[Problem, ...]
) -> None:
    """A form is told everything that is wrong, and what is no rhythm at all cannot even be made."""
    found = problems_with(every_days, at, weekday, zone)
    assert set(found) >= set(problems)
    assert bool(found) == bool(problems)
    if set(found) - {Problem.QUIET_HOURS}:
        with pytest.raises(ValueError, match="not a cadence"):
            Cadence(every_days, at, weekday, FIRST, zone)
