"""Climbing the ladder when someone does not answer: nudge, adviser told, manager told. The steps are data.

Nothing here runs after the person answered or was spoken with: that takes the planned step back in its own commit. A
message that may not have arrived is never counted as silence: then the ladder ends, and an incident says why.
"""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from casework import incidents, outgoing, wordings
from casework.desk import Desk
from casework.hearing import LADDER_STEP
from casework.rhythms import is_resting
from content import dates
from content.message import Button, Message
from content.words import label, words
from rules.incidents import Cause, IncidentState
from rules.ladder import DatedStep, StepKind, next_dated
from storage import casebook, due, outbox
from storage.due import DueRow
from storage.tables import CheckIn, Person

NUDGE = "nudge"
NUDGE_TOO_LATE_AFTER = dt.timedelta(hours=3)
HELD = ("unknown", "refused", "expired", "held")


def climb(desk: Desk, row: DueRow) -> None:
    """Do the next step for one unanswered check-in, and plan the step above it."""
    person = desk.unit.lock_person(row.person_id)
    check_in = None if row.ref_id is None else desk.unit.session.get(CheckIn, row.ref_id)
    if person is None or check_in is None or check_in.ladder_over is not None or person.state != "active":
        return
    if check_in.state in HELD or person.unreachable is not None:
        check_in.ladder_over = "we_failed"
        return
    if is_resting(person, desk.now):
        check_in.ladder_over = "paused"
        return
    step = desk.office.ladder.steps[check_in.steps_done]
    _do(desk, step.kind, person, check_in, row)
    _plan_next(desk, person, check_in)


def _do(desk: Desk, kind: StepKind, person: Person, check_in: CheckIn, row: DueRow) -> None:
    match kind:
        case StepKind.NUDGE | StepKind.SECOND_NUDGE:
            _nudge(desk, person, check_in, row)
        case StepKind.TELL_ADVISER | StepKind.TELL_COVER:
            _tell_adviser(desk, person, check_in)
        case StepKind.TELL_MANAGER | StepKind.TELL_DUTY:
            _tell_manager(desk, person)
        case _:
            assert_never(kind)


def _plan_next(desk: Desk, person: Person, check_in: CheckIn) -> None:
    check_in.steps_done += 1
    above = _above(desk, person, check_in, check_in.steps_done - 1)
    if above is None:
        check_in.ladder_over = "climbed"
        return
    plan = due.ToPlan(f"{person.id}:{LADDER_STEP}", person.id, LADDER_STEP, above.due_utc, check_in.id)
    due.plan(desk.unit, [plan])


def _nudge(desk: Desk, person: Person, check_in: CheckIn, row: DueRow) -> None:
    """A nudge says what happens next and when; found hours too late, it is left out and the ladder goes on."""
    too_late = row.due_utc + NUDGE_TOO_LATE_AFTER
    if desk.now > too_late:
        return
    index = check_in.steps_done
    above = _above(desk, person, check_in, index)
    day = dates.weekday(above.local_date) if above is not None else ""
    which = "nudge.first" if index == 0 else "nudge.second"
    text = words(which, name=desk.called(person), adviser=wordings.adviser_name(desk, person), day=day)
    key = f"{check_in.key}:{NUDGE}:{index}"
    message = Message(text, nudge_buttons(check_in.id))
    outbox.add(desk.unit, [outgoing.started(person, key, NUDGE, message, too_late, check_in.id)])


def nudge_buttons(check_in_id: int) -> tuple[tuple[Button, ...], ...]:
    """What can be answered to a nudge in one tap."""
    fine = Button(label("nudge.button.ok"), f"fine:{check_in_id}")
    ring = Button(label("nudge.button.ring_me"), f"ring:{check_in_id}")
    return (
        (fine, ring),
        (Button(label("nudge.button.change_how_often"), "often"), Button(label("nudge.button.pause"), "pause")),
    )


def _tell_adviser(desk: Desk, person: Person, check_in: CheckIn) -> None:
    """The incident knows when the manager is to hear, so that it holds even if the ladder ends before."""
    above = _above(desk, person, check_in, check_in.steps_done)
    told_utc = above.due_utc if above is not None and above.kind is StepKind.TELL_MANAGER else None
    incidents.raise_incident(desk, person, Cause.MISSING_CONTACT, check_in=check_in, manager_told_utc=told_utc)


def _above(desk: Desk, person: Person, check_in: CheckIn, index: int) -> DatedStep | None:
    """The step above `index`, dated from now."""
    office = desk.office
    return next_dated(office.ladder, index, check_in.due_utc, desk.now, person.zone, office.holidays)


def _tell_manager(desk: Desk, person: Person) -> None:
    incident = casebook.open_incident(desk.unit, person.id, Cause.MISSING_CONTACT)
    if incident is not None and incident.state == IncidentState.OPEN and incident.manager_told_utc is None:
        incidents.tell_manager(desk, incident)
