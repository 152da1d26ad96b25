"""What staff are told: three facts, one reason, the next thing to do. And the all-clear to whoever was told."""

from __future__ import annotations

from typing import assert_never

from casework import outgoing, wordings
from casework.desk import Desk
from content.message import Button, Message
from content.words import label, plain, words
from rules.incidents import Cause
from rules.sending import Kind
from storage import casebook, people
from storage.tables import CheckIn, Incident, Person

LAST = Kind.STARTED.priority


def tell_adviser(
    desk: Desk, person: Person, incident: Incident, *, check_in: CheckIn | None = None, wish: str = "call"
) -> None:
    """Tell the adviser about a new incident; with no adviser who can be told, the managers of the team."""
    adviser = people.adviser_of(desk.unit, person.id)
    if adviser is None or adviser.telegram_key is None or adviser.state != "active":
        incident.manager_told_utc = desk.now
        tell_managers(desk, person, incident)
        return
    incident.told_utc = desk.now
    message = Message(_alert_words(desk, person, Cause(incident.cause), check_in, wish), _actions(person, incident))
    urgent = Cause(incident.cause).is_urgent
    key = f"alert:{incident.id}:adviser"
    outgoing.alert(desk, adviser, key, f"alert.{incident.cause}", message, incident=incident, urgent=urgent)


def tell_managers(desk: Desk, person: Person, incident: Incident) -> None:
    """Tell each manager of the team that an alert has not been picked up, or could not be given to an adviser."""
    text = _manager_words(desk, person, incident)
    for manager in people.managers_of(desk.unit, person.team_id):
        message = Message(text, _actions(person, incident))
        key = f"alert:{incident.id}:manager:{manager.id}"
        urgent = Cause(incident.cause).is_urgent
        outgoing.alert(desk, manager, key, f"alert.{incident.cause}", message, incident=incident, urgent=urgent)


def all_clear(
    desk: Desk, person: Person, incident: Incident, to_adviser: str, to_manager: str, by: Person | None = None
) -> None:
    """Tell whoever was told that it is over. Both texts are ready to send; `by` is who ended it: they hear at
    once, but after the answer to what they just did.
    """
    told = [] if incident.told_utc is None else [(people.adviser_of(desk.unit, person.id), to_adviser)]
    if incident.manager_told_utc is not None:
        told += [(manager, to_manager) for manager in people.managers_of(desk.unit, person.team_id)]
    for worker, text in told:
        if worker is not None:
            theirs = by is not None and by.id == worker.id
            key = f"clear:{incident.id}:{worker.id}"
            priority = LAST if theirs else None
            outgoing.alert(
                desk, worker, key, "all_clear", Message(text), incident=incident, urgent=theirs, priority=priority
            )


def note(desk: Desk, person: Person, key: str, text: str) -> None:
    """Let the adviser know something that needs nothing done."""
    adviser = people.adviser_of(desk.unit, person.id)
    if adviser is not None:
        outgoing.alert(desk, adviser, key, "note", Message(text), incident=None)


def _actions(person: Person, incident: Incident) -> tuple[tuple[Button, ...], ...]:
    ring = (
        label("adviser.button.ring_now")
        if incident.cause != Cause.UNKNOWN_SEND
        else label("adviser.button.acknowledge")
    )
    return ((Button(ring, f"ack:{incident.id}"), Button(label("adviser.button.log_contact"), f"log:{person.id}")),)


def _alert_words(desk: Desk, person: Person, cause: Cause, check_in: CheckIn | None, wish: str) -> str:
    name, contact = desk.name(person), wordings.last_contact(desk, person)
    time, day = wordings.time_of(desk.now), wordings.day_of(desk.now)
    match cause:
        case Cause.MISSING_CONTACT:
            return words(
                "adviser.alert_missing",
                person=name,
                reason=wordings.why_missing(desk, person, check_in),
                last_contact=contact,
                asked=wordings.nudges(0 if check_in is None else min(check_in.steps_done, 1)),
                delivery=wordings.delivery(desk, person),
            )
        case Cause.CANNOT_REACH:
            reason = plain(
                "adviser.phrase.cause_gone" if person.unreachable == "deactivated" else "adviser.phrase.cause_blocked"
            )
            since = f"{time}, {wordings.short_day_of(desk.now)}"
            return words("adviser.alert_unreachable", person=name, cause=reason, since=since, last_contact=contact)
        case Cause.ASKED_FOR_CALL:
            which = "adviser.alert_call" if wish == "call" else "adviser.alert_text"
            answer = _last_answer(desk, check_in)
            return words(which, person=name, time=time, day=day, answer=answer, last_contact=contact)
        case Cause.LOW_WELLBEING:
            unasked = plain("adviser.phrase.wish_unasked")
            return words("adviser.alert_hard", person=name, time=time, day=day, wish=unasked, last_contact=contact)
        case Cause.POSSIBLE_RISK:
            shown = plain("adviser.phrase.helplines_shown", time=time)
            return words("adviser.alert_risk", person=name, time=time, day=day, shown=shown, last_contact=contact)
        case Cause.UNKNOWN_SEND:
            kind = (
                plain("adviser.phrase.kind_check_in")
                if check_in is None or check_in.steps_done == 0
                else plain("adviser.phrase.kind_nudge")
            )
            return words("adviser.alert_unknown_send", person=name, kind=kind, time=time, day=day)
        case _:
            assert_never(cause)


def _last_answer(desk: Desk, check_in: CheckIn | None) -> str:
    mood = None if check_in is None else casebook.mood_of(desk.unit, check_in)
    if mood is None:
        return plain("adviser.phrase.no_answer_yet")
    return plain(f"check_in.answer.{mood}")


def _manager_words(desk: Desk, person: Person, incident: Incident) -> str:
    adviser = people.adviser_of(desk.unit, person.id)
    told = incident.told_utc or desk.now
    told_at = f"{wordings.short_day_of(told)}, {wordings.time_of(told)}"
    facts = {
        "person": desk.name(person),
        "adviser": desk.called(adviser) if adviser is not None else desk.office.council,
        "told_at": told_at,
        "last_contact": wordings.last_contact(desk, person),
    }
    if incident.cause == Cause.MISSING_CONTACT:
        reason = wordings.why_missing(desk, person, casebook.last_check_in(desk.unit, person.id))
        return words("manager.alert_missing", reason=reason, delivery=wordings.delivery(desk, person), **facts)
    return words("manager.alert_other", cause=plain(f"adviser.cause.{incident.cause}"), **facts)
