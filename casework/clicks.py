"""What a member of staff does from a page. Each asks again whether they may, then does the same act as in the chat.

None, everywhere, means there is nothing here that this viewer can see: no such person, not theirs, or erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework import contacts, incidents
from casework.desk import Desk
from rules.access import Act, Subject, Viewer, may_do
from rules.access import Role as PersonRole
from rules.clocks import Channel, Heard
from rules.incidents import Cause, CloseOutcome, IncidentState, endings
from storage import audit, people
from storage.queries.scope import person_of_incident, sees
from storage.tables import Person


@dataclass(frozen=True, slots=True)
class Did:
    """What became of a click about `person_id`. `changed` is False when it had been done already."""

    person_id: int
    changed: bool


def viewed(desk: Desk, viewer: Viewer, person_id: int, page: str) -> None:
    """Write down that this viewer opened a page about this person."""
    audit.record(desk.unit, "person.viewed", actor_id=viewer.person_id, person_id=person_id, detail=page)


def log_contact(
    desk: Desk, viewer: Viewer, person_id: int, channel: Channel, outcome: Heard, at_utc: datetime, note: str
) -> Did | None:
    """Log a contact, or a try, from a page."""
    found = _subject(desk, viewer, person_id, Act.LOG_CONTACT)
    if found is None:
        return None
    worker, person = found
    contacts.log_contact(
        desk, worker, person, channel, outcome, at_utc=at_utc, note=note.strip(), logged_in="dashboard"
    )
    return Did(person_id, changed=True)


def acknowledge(desk: Desk, viewer: Viewer, incident_id: int) -> Did | None:
    """Take an incident on. `changed` is False when somebody already has it or it is closed."""
    person_id = person_of_incident(viewer, desk.unit, incident_id)
    found = None if person_id is None else _subject(desk, viewer, person_id, Act.ACKNOWLEDGE)
    incident = incidents.find(desk, incident_id)
    if found is None or incident is None:
        return None
    return Did(found[1].id, incidents.acknowledge(desk, incident[0], found[0]))


def close_incident(desk: Desk, viewer: Viewer, incident_id: int, outcome: CloseOutcome) -> Did | None:
    """Close an incident with how it ended. Raises ValueError for an outcome that its cause does not have."""
    person_id = person_of_incident(viewer, desk.unit, incident_id)
    found = None if person_id is None else _subject(desk, viewer, person_id, Act.ACKNOWLEDGE)
    incident = incidents.find(desk, incident_id)
    if found is None or incident is None:
        return None
    if outcome not in endings(Cause(incident[0].cause)):
        raise ValueError("this cause does not end like that")
    if incident[0].state == IncidentState.CLOSED:
        return Did(found[1].id, changed=False)
    incidents.close(desk, incident[0], outcome, by=found[0])
    return Did(found[1].id, changed=True)


def _subject(desk: Desk, viewer: Viewer, person_id: int, act: Act) -> tuple[Person, Person] | None:
    """The worker and the person, locked until this decision commits; None when the act is not allowed."""
    if not sees(viewer, desk.unit, person_id):
        return None
    person = desk.unit.lock_person(person_id)
    worker = people.get(desk.unit, viewer.person_id)
    if person is None or worker is None:
        return None
    bound = frozenset({viewer.person_id}) if viewer.role is PersonRole.ADVISER else frozenset()
    subject = Subject(person.id, PersonRole(person.role), person.team_id, bound, erased=person.state == "erased")
    return (worker, person) if may_do(viewer, subject, act) else None
