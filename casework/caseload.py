"""One adviser's people, as the chat shows them: who is furthest past their date first."""

from __future__ import annotations

from dataclasses import dataclass

from casework.caller import Person, viewer
from casework.desk import Desk
from rules.access import Act, Role, Subject, may_do
from rules.contact_status import ContactStatus, contact_status
from storage import casebook, people
from storage.tables import Incident


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a caseload."""

    person: Person
    name: str
    status: ContactStatus
    incidents: tuple[Incident, ...]


def caseload(desk: Desk, worker: Person) -> list[Line]:
    """An adviser's people, or a manager's whole team: open alerts first, then furthest past their date."""
    found = (
        people.of_team(desk.unit, worker.team_id)
        if worker.role == Role.MANAGER
        else people.people_of(desk.unit, worker.id)
    )
    desk.warm(found)
    lines = [_line(desk, person, desk.name(person)) for person in found]
    return sorted(lines, key=_rank)


def _line(desk: Desk, person: Person, name: str) -> Line:
    # The council's duty to keep in touch is to care leavers; nothing is counted for a carer.
    counted = person.joined_utc if person.role == Role.CARE_LEAVER else None
    status = contact_status(person.last_contact_utc, desk.now, joined_utc=counted)
    return Line(person, name, status, tuple(casebook.open_incidents(desk.unit, person.id)))


def _rank(line: Line) -> tuple[bool, int, str]:
    due = "" if line.status.next_due_utc is None else line.status.next_due_utc.isoformat()
    return (not line.incidents, -line.status.days_over, due)


def theirs(desk: Desk, worker: Person, person_id: int, act: Act) -> Person | None:
    """The person with this id if this worker may do `act` for them, locked for it; else None, whoever it is."""
    person = desk.unit.lock_person(person_id)
    if person is None:
        return None
    advisers = frozenset(people.adviser_ids(desk.unit, [person.id]).values())
    subject = Subject(person.id, Role(person.role), person.team_id, advisers, person.state == "erased")
    return person if may_do(viewer(worker), subject, act) else None


def named_in(desk: Desk, worker: Person, text: str) -> list[Person]:
    """Those of a worker's people whose first name is a word of `text`."""
    said = {word.strip(".,:;!?()'\"").casefold() for word in text.split()}
    return [
        line.person
        for line in caseload(desk, worker)
        if line.name.split()[:1] and line.name.split()[0].casefold() in said
    ]
