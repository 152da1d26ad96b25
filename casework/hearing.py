"""What follows when we hear from someone, or someone speaks with them: one place for both clocks.

Any contact stops the ladder everywhere in the same commit: planned steps, queued nudges, open incidents; and whoever
was told gets the all-clear. Which event does what is the table in rules/clocks.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from casework import alerts, incidents, wordings
from casework.desk import Desk
from content.words import plain, words
from rules.access import Role
from rules.clocks import TABLE, Clocks, Effect, Event, after_event, is_contact, stops_ladder
from rules.contact_status import FLOOR_DAYS, ContactState, contact_status
from rules.incidents import Cause, CloseOutcome, ends_itself
from rules.wallclock import local_date
from storage import casebook, due, outbox
from storage.tables import Incident, Person

LADDER_STEP = "ladder_step"
CONTACT_FLOOR = "contact_floor"


def heard(desk: Desk, person: Person, event: Event, at_utc: datetime, *, how: str, by: Person | None = None) -> None:
    """Move both clocks for `event`, which happened at `at_utc`, and end what it ends.

    `how` is plain words for the all-clear ("Good", "call"); `by` is the worker who logged it, None for the person.
    """
    past_floor = (
        contact_status(person.last_contact_utc, desk.now, joined_utc=person.joined_utc).state is ContactState.OVER
    )
    clocks = after_event(Clocks(person.last_reply_utc, person.last_contact_utc), event, at_utc)
    person.last_reply_utc, person.last_contact_utc = clocks.last_reply_utc, clocks.last_contact_utc
    if is_contact(event):
        plan_floor(desk, person)
    if stops_ladder(event):
        stop_ladder(desk, person, event.value)
    ended = []
    for incident in casebook.open_incidents(desk.unit, person.id):
        outcome = ends_itself(Cause(incident.cause), event, past_floor)
        if outcome is not None:
            incidents.close(desk, incident, outcome, by=by)
            ended.append((incident, outcome))
    for incident, outcome in ended:
        _all_clear(desk, person, incident, outcome, how, by)
    if TABLE[event].last_reply is Effect.RESETS:
        _tell_of_answer(desk, person, how)


def _tell_of_answer(desk: Desk, person: Person, how: str) -> None:
    """They are there, but it is still too long since a real contact: the adviser hears of it, once a day."""
    open_still = casebook.open_incident(desk.unit, person.id, Cause.MISSING_CONTACT)
    if open_still is not None and open_still.told_utc is not None:
        text = words(
            "adviser.answered_still_open", person=desk.name(person), time=wordings.time_of(desk.now), answer=how
        )
        alerts.note(desk, person, f"answered:{open_still.id}:{local_date(desk.now)}", text)


def stop_ladder(desk: Desk, person: Person, why: str) -> None:
    """Take back every planned step and queued nudge, in this commit."""
    due.cancel(desk.unit, person.id, LADDER_STEP)
    outbox.withdraw_started(desk.unit, person.id, why)
    casebook.end_ladders(desk.unit, person.id, why)


def plan_floor(desk: Desk, person: Person) -> None:
    """Write down when the next meaningful contact is due: on the person, and as a thing to do on the day after.

    Only for care leavers: the duty to keep in touch is to them.
    """
    if person.role != Role.CARE_LEAVER:
        return
    status = contact_status(person.last_contact_utc, desk.now, joined_utc=person.joined_utc)
    person.contact_due_utc = status.next_due_utc
    due.cancel(desk.unit, person.id, CONTACT_FLOOR)
    if status.next_due_utc is not None:
        when = status.next_due_utc + timedelta(hours=16)
        plan = due.ToPlan(f"{person.id}:{CONTACT_FLOOR}:{status.next_due_date}", person.id, CONTACT_FLOOR, when)
        due.plan(desk.unit, [plan])


def floor_passed(desk: Desk, person_id: int) -> None:
    """The day a contact was due is over: if there was none, the adviser is told (and again after another 8 weeks)."""
    person = desk.unit.lock_person(person_id)
    if person is None or person.state != "active":
        return
    status = contact_status(person.last_contact_utc, desk.now, joined_utc=person.joined_utc)
    if status.days_over:
        incidents.raise_incident(
            desk, person, Cause.MISSING_CONTACT, check_in=casebook.last_check_in(desk.unit, person.id)
        )
        again = desk.now + timedelta(days=FLOOR_DAYS)
        key = f"{person.id}:{CONTACT_FLOOR}:{again.date()}"
        due.plan(desk.unit, [due.ToPlan(key, person.id, CONTACT_FLOOR, again)])


def _all_clear(
    desk: Desk, person: Person, incident: Incident, outcome: CloseOutcome, how: str, by: Person | None
) -> None:
    """Tell whoever was told that this is over; and, when something else is not, that too."""
    left = [plain(f"adviser.cause.{one.cause}") for one in casebook.open_incidents(desk.unit, person.id)]
    time = wordings.time_of(desk.now)
    rest = plain("adviser.phrase.still_open", causes=", ".join(left)) if left else plain("adviser.phrase.nothing_left")
    closed = words(
        "adviser.all_clear_closed",
        person=desk.name(person),
        cause=plain(f"adviser.cause.{incident.cause}"),
        outcome=plain(f"adviser.outcome.{outcome}"),
        time=time,
        left=rest,
    )
    if left or incident.cause != Cause.MISSING_CONTACT:
        alerts.all_clear(desk, person, incident, closed, closed, by)
    elif by is not None:
        worker, name = desk.called(by), desk.name(person)
        ladder_over = words("adviser.all_clear_contact", person=name, channel=how, worker=worker, time=time)
        alerts.all_clear(desk, person, incident, ladder_over, closed, by)
    else:
        ladder_over = words("adviser.all_clear_answered", person=desk.name(person), time=time, answer=how)
        alerts.all_clear(desk, person, incident, ladder_over, closed)
