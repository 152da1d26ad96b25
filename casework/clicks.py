"""What a member of staff does from a page. Each asks again whether they may, then does the same act as in the chat.

None, everywhere, means there is nothing here that this viewer can see: no such person, not theirs, or erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework import caseload, contacts, incidents
from casework.desk import Desk
from rules.access import Act, Viewer
from rules.clocks import Channel, Heard
from rules.incidents import Cause, CloseOutcome, IncidentState, endings
from storage import audit, people
from storage.tables import Incident, Person


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
    found = _theirs(desk, viewer, person_id, Act.LOG_CONTACT)
    if found is None:
        return None
    worker, person = found
    contacts.log_contact(
        desk, worker, person, channel, outcome, at_utc=at_utc, note=note.strip(), logged_in="dashboard"
    )
    return Did(person_id, changed=True)


def acknowledge(desk: Desk, viewer: Viewer, incident_id: int) -> Did | None:
    """Take an incident on. `changed` is False when somebody already has it or it is closed."""
    found = _incident(desk, viewer, incident_id)
    if found is None:
        return None
    incident, worker = found
    return Did(incident.person_id, incidents.acknowledge(desk, incident, worker))


def close_incident(desk: Desk, viewer: Viewer, incident_id: int, outcome: CloseOutcome) -> Did | None:
    """Close an incident with how it ended. Raises ValueError for an outcome that its cause does not have."""
    found = _incident(desk, viewer, incident_id)
    if found is None:
        return None
    incident, worker = found
    if outcome not in endings(Cause(incident.cause)):
        raise ValueError("this cause does not end like that")
    if incident.state == IncidentState.CLOSED:
        return Did(incident.person_id, changed=False)
    incidents.close(desk, incident, outcome, by=worker)
    return Did(incident.person_id, changed=True)


def _incident(desk: Desk, viewer: Viewer, incident_id: int) -> tuple[Incident, Person] | None:
    """The incident and the worker; its person's permission is its own."""
    known = incidents.find(desk, incident_id)
    found = None if known is None else _theirs(desk, viewer, known[1].id, Act.ACKNOWLEDGE)
    return None if known is None or found is None else (known[0], found[0])


def _theirs(desk: Desk, viewer: Viewer, person_id: int, act: Act) -> tuple[Person, Person] | None:
    """The worker and the person, locked until this decision commits; None when the act is not allowed."""
    worker = people.get(desk.unit, viewer.person_id)
    person = None if worker is None else caseload.theirs(desk, worker, person_id, act)
    return None if worker is None or person is None else (worker, person)
