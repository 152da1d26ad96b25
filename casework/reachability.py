"""When we fail, it is not their silence: blocked bots, closed accounts, unknown and late sends.

The check-in they belong to is marked, so the ladder does not climb, and an incident tells the adviser.
"""

from __future__ import annotations

from casework import alerts, hearing, incidents, outgoing, wordings
from casework.desk import Desk
from content.message import Message
from content.words import words
from rules.clocks import Event
from rules.incidents import Cause, CloseOutcome, IncidentState
from rules.sending import Kind, OutboxState
from storage import audit, casebook, outbox, people
from storage.sends import Claimed
from storage.tables import CheckIn, Incident, OutboxRow, Person

NUDGE = "nudge"
NOT_SENT = {OutboxState.UNKNOWN: "unknown", OutboxState.REFUSED: "refused", OutboxState.EXPIRED: "expired"}


def lost(desk: Desk, person_id: int, why: str) -> None:
    """Telegram does not deliver to this person any more (`why`: blocked, deactivated, chat_not_found)."""
    person = desk.unit.lock_person(person_id)
    if person is None or person.unreachable is not None or person.state != "active":
        return
    person.unreachable = why
    desk.unit.session.flush()
    audit.record(desk.unit, "person.unreachable", actor_id=None, person_id=person.id, detail=why)
    if person.role == "care_leaver":
        hearing.stop_ladder(desk, person, Event.SEND_REFUSED.value)
        incidents.raise_incident(desk, person, Cause.CANNOT_REACH)
    elif person.role == "adviser":
        _tell_managers_of_adviser(desk, person)


def found(desk: Desk, person: Person) -> None:
    """They are there again: they wrote, or took the block away."""
    if person.unreachable is None:
        return
    person.unreachable = None
    audit.record(desk.unit, "person.reachable", actor_id=person.id, person_id=person.id)
    incident = casebook.open_incident(desk.unit, person.id, Cause.CANNOT_REACH)
    if incident is not None:
        incidents.close(desk, incident, CloseOutcome.REACHABLE_AGAIN, by=None)
        text = words("adviser.all_clear_reachable", person=desk.name(person), time=wordings.time_of(desk.now))
        alerts.all_clear(desk, person, incident, text, text)


def alert_lost(desk: Desk, row_id: int) -> None:
    """An alert did not reach the worker it was for, and never will: the managers are told instead."""
    row = desk.unit.session.get(OutboxRow, row_id)
    if row is None or row.kind != Kind.ALERT or row.incident_id is None or row.name == "all_clear":
        return
    incident = desk.unit.session.get(Incident, row.incident_id)
    if incident is not None and incident.state == IncidentState.OPEN and incident.manager_told_utc is None:
        incidents.tell_manager(desk, incident)


def slots_not_sent(desk: Desk, rows: list[tuple[int, str]]) -> None:
    """Rows that ended before anything was sent: check-ins among them are marked, alerts go to somebody else."""
    for row_id, state in rows:
        if state != "pending":
            alert_lost(desk, row_id)
        row = desk.unit.session.get(OutboxRow, row_id) if state in ("expired", "withdrawn") else None
        if row is not None and row.check_in_id is not None and row.name != NUDGE:
            _mark(desk, row.check_in_id, "expired" if state == "expired" else "held")


def slot_ended(desk: Desk, row_id: int, person_id: int, state: OutboxState) -> None:
    """Something we started did not surely arrive. An unknown one is shown to the adviser, and held for ever."""
    row = desk.unit.session.get(OutboxRow, row_id)
    marked = NOT_SENT.get(state)
    if row is None or marked is None:
        return
    check_in = None if row.check_in_id is None else desk.unit.session.get(CheckIn, row.check_in_id)
    if row.check_in_id is not None and row.name != NUDGE:
        _mark(desk, row.check_in_id, marked)
    if state is OutboxState.UNKNOWN:
        person = desk.unit.lock_person(person_id)
        if person is not None and person.state == "active":
            incidents.raise_incident(desk, person, Cause.UNKNOWN_SEND, check_in=check_in)


def _mark(desk: Desk, check_in_id: int, state: str) -> None:
    check_in = desk.unit.session.get(CheckIn, check_in_id)
    if check_in is not None and check_in.state == "asked":
        check_in.state = state
        check_in.ladder_over = state
        desk.unit.session.flush()


def help_not_confirmed(desk: Desk, claimed: Claimed) -> None:
    """Help information may not have arrived: staff have to know. A guest is not known to us, so nobody can be told."""
    person = None if claimed.person_id is None else people.get(desk.unit, claimed.person_id)
    if person is None:
        return
    incident = incidents.raise_incident(desk, person, Cause.POSSIBLE_RISK)
    text = words("manager.help_not_confirmed", person=desk.name(person), time=wordings.time_of(desk.now))
    for manager in people.managers_of(desk.unit, person.team_id):
        key = f"help:{claimed.id}:manager:{manager.id}"
        outgoing.alert(desk, manager, key, "alert.help_not_confirmed", Message(text), incident=incident, urgent=True)


def _tell_managers_of_adviser(desk: Desk, adviser: Person) -> None:
    count = outbox.alerts_waiting(desk.unit, adviser.id)
    text = words(
        "manager.adviser_unreachable", adviser=desk.name(adviser), count=count, time=wordings.time_of(desk.now)
    )
    for manager in people.managers_of(desk.unit, adviser.team_id):
        key = f"unreachable:{adviser.id}:{desk.now.date()}:{manager.id}"
        outgoing.alert(desk, manager, key, "alert.adviser_unreachable", Message(text), incident=None)
