"""The ladder of silence: its dates are known the moment the check-in is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ladder import DEFAULT, Count, Ladder, Since, Step, StepKind, dated_steps, next_dated, step_after
from rules.quiet import is_quiet, is_working, is_working_day
from rules.wallclock import local

instants = st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
holidays = st.frozensets(st.dates(date(2025, 1, 1), date(2036, 3, 1)), max_size=60)


def steps_of(kind: StepKind) -> st.SearchStrategy[Step]:
    """Any step of this kind that a ladder may have."""
    hours = st.integers(9, 16) if kind.tells_staff else st.integers(8, 20)
    return st.builds(
        Step,
        st.just(kind),
        st.integers(0, 30),
        hours.map(time),
        st.sampled_from(Since),
        st.sampled_from(Count),
        st.booleans(),
    )


ladders = st.builds(
    lambda steps: Ladder("any", tuple(steps)),
    st.lists(st.sampled_from(StepKind).flatmap(steps_of), min_size=1, max_size=6),
)


def plan(asked: str, closed: frozenset[date] = frozenset()) -> list[str]:
    """The default ladder's dates on the wall."""
    asked_utc = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    return [f"{local(step.due_utc):%a %d %b %H:%M}" for step in dated_steps(DEFAULT, asked_utc, holidays=closed)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2027-01-04T17:30", ["Wed 06 Jan 17:30", "Fri 08 Jan 09:30", "Wed 13 Jan 09:30"]),
        ("2027-01-05T17:30", ["Thu 07 Jan 17:30", "Mon 11 Jan 09:30", "Thu 14 Jan 09:30"]),
        ("2027-01-06T17:30", ["Fri 08 Jan 17:30", "Mon 11 Jan 09:30", "Thu 14 Jan 09:30"]),
        ("2027-01-08T17:30", ["Sun 10 Jan 17:30", "Tue 12 Jan 09:30", "Fri 15 Jan 09:30"]),
        ("2027-03-26T17:30", ["Sun 28 Mar 17:30", "Tue 30 Mar 09:30", "Fri 02 Apr 09:30"]),
        ("2027-10-29T16:30", ["Sun 31 Oct 17:30", "Tue 02 Nov 09:30", "Fri 05 Nov 09:30"]),
        ("2027-07-05T23:30", ["Thu 08 Jul 17:30", "Mon 12 Jul 09:30", "Thu 15 Jul 09:30"]),
    ],
)
def test_the_default_ladder(asked: str, expected: list[str]) -> None:
    """Nudge after two days at 17:30, adviser after four at 09:30 on a working day, manager three working days later."""
    assert plan(asked) == expected


def test_holidays_are_stepped_over() -> None:
    """On Easter Monday nobody is told anything and no working day is counted."""
    closed = frozenset({date(2027, 3, 26), date(2027, 3, 29)})
    assert plan("2027-03-22T18:00", closed) == ["Wed 24 Mar 17:30", "Tue 30 Mar 09:30", "Fri 02 Apr 09:30"]


@given(ladders, instants, holidays)
def test_any_ladder_can_be_read_in_advance(ladder: Ladder, asked_utc: datetime, closed: frozenset[date]) -> None:
    """Each step has one date, each after the one before; staff only at work, young people never in quiet hours."""
    steps = dated_steps(ladder, asked_utc, holidays=closed)
    assert [step.index for step in steps] == list(range(len(ladder.steps)))
    assert all(one.due_utc < other.due_utc for one, other in pairwise(steps))
    assert all(step.due_utc > asked_utc for step in steps)
    for step in steps:
        if step.kind.tells_staff:
            assert is_working(step.due_utc, holidays=closed)
            assert is_working_day(step.local_date, closed)
        else:
            assert not is_quiet(step.due_utc)


@given(ladders, instants, holidays)
def test_the_plan_is_kept_when_nothing_is_held_up(ladder: Ladder, asked_utc: datetime, closed: frozenset[date]) -> None:
    """Climbing step by step, each done when due, meets exactly the dates that were shown at the start."""
    done_utc, index = asked_utc, -1
    for planned in dated_steps(ladder, asked_utc, holidays=closed):
        step = next_dated(ladder, index, asked_utc, done_utc, holidays=closed)
        assert step == planned
        done_utc, index = planned.due_utc, planned.index
    assert next_dated(ladder, index, asked_utc, done_utc) is None


def test_the_manager_waits_from_when_the_adviser_was_told() -> None:
    """If the adviser was told two days late, the manager's three working days start then."""
    asked = datetime(2027, 1, 4, 17, 30, tzinfo=UTC)
    late = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
    step = next_dated(DEFAULT, 1, asked, late)
    assert step is not None
    assert (step.kind, step.local_date) == (StepKind.TELL_MANAGER, date(2027, 1, 15))


def test_step_after() -> None:
    """The ladder is walked by index, from the check-in at -1 to nothing at the top."""
    kinds = [step.kind if step else None for step in (step_after(DEFAULT, index) for index in range(-1, 3))]
    assert kinds == [StepKind.NUDGE, StepKind.TELL_ADVISER, StepKind.TELL_MANAGER, None]
    assert DEFAULT.steps[2].unless_acknowledged


@pytest.mark.parametrize(
    ("kind", "wait_days", "at"),
    [
        (StepKind.NUDGE, 2, time(21)),
        (StepKind.NUDGE, 2, time(7, 59)),
        (StepKind.TELL_ADVISER, 2, time(17)),
        (StepKind.TELL_DUTY, 2, time(8, 30)),
        (StepKind.NUDGE, -1, time(12)),
    ],
)
def test_a_step_that_breaks_the_hours_cannot_be_written(kind: StepKind, wait_days: int, at: time) -> None:
    """No ladder can nudge in quiet hours or tell staff out of hours, whoever writes it."""
    with pytest.raises(ValueError, match=r"must fall|cannot wait"):
        Step(kind, wait_days, at)


def test_an_empty_ladder_cannot_be_written() -> None:
    """A ladder nobody climbs would be a silence nobody noticed."""
    with pytest.raises(ValueError, match="needs a step"):
        Ladder("empty", ())
