"""What happens when somebody goes quiet, as data that both sides can read in advance.

Every step has its date the moment the check-in is asked. Any contact stops the whole ladder. Steps that tell staff
land on a working day; a step never comes before, or on top of, the one above it.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rules.quiet import NO_HOLIDAYS, QUIET_HOURS, WORK_ENDS, WORK_STARTS, working_day_from, working_days_after
from rules.wallclock import LONDON, local_date, utc_of


class StepKind(StrEnum):
    """What a step does. The person hears nudges; the rest tell staff."""

    NUDGE = "nudge"
    SECOND_NUDGE = "second_nudge"
    TELL_ADVISER = "tell_adviser"
    TELL_COVER = "tell_cover"
    TELL_MANAGER = "tell_manager"
    TELL_DUTY = "tell_duty"

    @property
    def tells_staff(self) -> bool:
        """Whether this step goes to a worker, and so to a working day."""
        return self not in (StepKind.NUDGE, StepKind.SECOND_NUDGE)


class Since(StrEnum):
    """Where a step's wait is counted from."""

    ASKED = "asked"
    STEP_BEFORE = "step_before"


class Count(StrEnum):
    """Which days a wait counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Step:
    """Do `kind` at `at` local time, `wait_days` after `since`; with `unless_acknowledged`, only if nobody has."""

    kind: StepKind
    wait_days: int
    at: time
    since: Since = Since.ASKED
    count: Count = Count.DAYS
    unless_acknowledged: bool = False

    def __post_init__(self) -> None:
        if self.wait_days < 0:
            raise ValueError("a step cannot wait less than no days")
        if self.kind.tells_staff and not WORK_STARTS <= self.at < WORK_ENDS:
            raise ValueError(f"{self.kind} must fall in working hours")
        if not self.kind.tells_staff and QUIET_HOURS.covers(self.at):
            raise ValueError(f"{self.kind} must fall outside quiet hours")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in the order they are climbed. An index into `steps` is how a row says where it stands."""

    name: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a ladder needs a step")


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step with its day. `index` is its place in the ladder, from 0."""

    kind: StepKind
    due_utc: datetime
    local_date: date
    index: int


DEFAULT = Ladder(
    "default",
    (
        Step(StepKind.NUDGE, 2, time(17, 30)),
        Step(StepKind.TELL_ADVISER, 4, time(9, 30)),
        Step(StepKind.TELL_MANAGER, 3, time(9, 30), Since.STEP_BEFORE, Count.WORKING_DAYS, unless_acknowledged=True),
    ),
)


def dated_steps(
    ladder: Ladder, asked_utc: datetime, zone: str = LONDON, holidays: Set[date] = NO_HOLIDAYS
) -> tuple[DatedStep, ...]:
    """Every step with its date, as planned when the check-in is asked. `due_utc` is strictly increasing."""
    asked = local_date(asked_utc, zone)
    dated: list[DatedStep] = []
    before = asked
    due_utc = asked_utc
    for index in range(len(ladder.steps)):
        step = _date_step(ladder.steps[index], index, asked, before, due_utc, zone, holidays)
        dated.append(step)
        before, due_utc = step.local_date, step.due_utc
    return tuple(dated)


def step_after(ladder: Ladder, index: int) -> Step | None:
    """The step above `index`, or None at the top. -1 stands for the check-in itself."""
    return ladder.steps[index + 1] if index + 1 < len(ladder.steps) else None


def next_dated(
    ladder: Ladder,
    index: int,
    asked_utc: datetime,
    done_utc: datetime,
    zone: str = LONDON,
    holidays: Set[date] = NO_HOLIDAYS,
) -> DatedStep | None:
    """The step above `index` given when `index` was really done (`done_utc`), or None at the top.

    Differs from the plan only when a step was held up: the manager's wait runs from when the adviser was told.
    """
    step = step_after(ladder, index)
    if step is None:
        return None
    asked, done = local_date(asked_utc, zone), local_date(done_utc, zone)
    return _date_step(step, index + 1, asked, done, done_utc, zone, holidays)


def _date_step(
    step: Step, index: int, asked: date, before: date, after_utc: datetime, zone: str, holidays: Set[date]
) -> DatedStep:
    start = asked if step.since is Since.ASKED else before
    if step.count is Count.WORKING_DAYS:
        day = working_days_after(start, step.wait_days, holidays)
    else:
        day = start + timedelta(days=step.wait_days)
    day = _lands_on(step, max(day, before), holidays)
    if utc_of(day, step.at, zone) <= after_utc:
        day = _lands_on(step, day + timedelta(days=1), holidays)
    return DatedStep(step.kind, utc_of(day, step.at, zone), day, index)


def _lands_on(step: Step, day: date, holidays: Set[date]) -> date:
    return working_day_from(day, holidays) if step.kind.tells_staff else day
