"""Incidents: what an adviser must know and act on. At most one open for each person and cause.

raise ──► open ──acknowledge──► acknowledged ──close──► closed
            └── nobody picks it up in working time ──► the manager is told
"""

from __future__ import annotations

from datetime import datetime, timedelta

from casework import alerts
from casework.desk import Desk
from rules.incidents import Cause, CloseOutcome, IncidentState, may_become
from rules.quiet import WORK_STARTS, working_days_after
from rules.wallclock import local_date, utc_of
from storage import audit, casebook, due
from storage.tables import CheckIn, Incident, Person

WAITS = "incident_waits"
URGENT_WAIT = timedelta(minutes=30)


def raise_incident(
    desk: Desk,
    person: Person,
    cause: Cause,
    *,
    check_in: CheckIn | None = None,
    wish: str = "call",
    manager_told_utc: datetime | None = None,
) -> Incident:
    """Open an incident and tell the adviser, unless this cause is open already: then that one is returned untouched.

    The managers hear at `manager_told_utc` if nobody has picked it up by then; None is after a working day.
    """
    already = casebook.open_incident(desk.unit, person.id, cause)
    if already is not None:
        return already
    incident = Incident(
        id=desk.unit.new_id(),
        person_id=person.id,
        cause=cause,
        state=IncidentState.OPEN,
        open_key=f"{person.id}:{cause}",
        opened_utc=desk.now,
    )
    desk.unit.session.add(incident)
    desk.unit.session.flush()
    audit.record(desk.unit, "incident.opened", actor_id=None, person_id=person.id, detail=cause)
    alerts.tell_adviser(desk, person, incident, check_in=check_in, wish=wish)
    _wait_for_someone(desk, incident, manager_told_utc)
    return incident


def _wait_for_someone(desk: Desk, incident: Incident, until_utc: datetime | None) -> None:
    urgent = Cause(incident.cause).is_urgent
    when = desk.now + URGENT_WAIT if urgent else until_utc or _next_working_morning(desk)
    plan = due.ToPlan(f"{incident.id}:{WAITS}", incident.person_id, WAITS, when, incident.id)
    due.plan(desk.unit, [plan])


def _next_working_morning(desk: Desk) -> datetime:
    """The start of the second working day from now: the adviser has had one whole day."""
    return utc_of(working_days_after(local_date(desk.now), 2, desk.office.holidays), WORK_STARTS)


def waited(desk: Desk, incident_id: int | None) -> None:
    """The time in which somebody should have picked an incident up is over: tell the manager if nobody did."""
    incident = None if incident_id is None else desk.unit.session.get(Incident, incident_id)
    if incident is None or incident.state != IncidentState.OPEN or incident.manager_told_utc is not None:
        return
    tell_manager(desk, incident)


def tell_manager(desk: Desk, incident: Incident) -> None:
    """Tell the managers of the team that nobody has picked this up."""
    person = desk.unit.session.get_one(Person, incident.person_id)
    incident.manager_told_utc = desk.now
    alerts.tell_managers(desk, person, incident)
    audit.record(desk.unit, "incident.manager_told", actor_id=None, person_id=person.id, detail=incident.cause)


def acknowledge(desk: Desk, incident: Incident, worker: Person) -> bool:
    """Somebody has this now. False when it was not open any more; nothing has changed then."""
    if not may_become(IncidentState(incident.state), IncidentState.ACKNOWLEDGED):
        return False
    incident.state = IncidentState.ACKNOWLEDGED
    incident.acknowledged_utc = desk.now
    incident.acknowledged_by_id = worker.id
    audit.record(
        desk.unit, "incident.acknowledged", actor_id=worker.id, person_id=incident.person_id, detail=incident.cause
    )
    return True


def close(desk: Desk, incident: Incident, outcome: CloseOutcome, *, by: Person | None) -> None:
    """Close an incident with how it ended; `by` is None when its cause ended by itself."""
    if incident.state == IncidentState.CLOSED:
        return
    incident.state = IncidentState.CLOSED
    incident.open_key = None
    incident.closed_utc = desk.now
    incident.closed_by_id = None if by is None else by.id
    incident.outcome = outcome
    desk.unit.session.flush()
    actor = None if by is None else by.id
    detail = f"{incident.cause} {outcome}"
    audit.record(desk.unit, "incident.closed", actor_id=actor, person_id=incident.person_id, detail=detail)


def find(desk: Desk, incident_id: int) -> tuple[Incident, Person] | None:
    """An incident as it is now and whom it is about, locked until this decision commits; or None."""
    incident = desk.unit.session.get(Incident, incident_id)
    if incident is None:
        return None
    person = desk.unit.lock_person(incident.person_id)
    desk.unit.session.refresh(incident)
    return None if person is None else (incident, person)
