"""Who is in sight, as SQL. Says the same as rules/access.py `may_see`; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.sql import Select

from rules.access import Role, Viewer
from storage.sealing import CannotOpenError, Place
from storage.tables import Bond, Incident, Person
from storage.unit import Unit

PERSON = Person.__table__  # type: ignore[attr-defined]
BOND = Bond.__table__  # type: ignore[attr-defined]
INCIDENT = Incident.__table__  # type: ignore[attr-defined]

SERVED = (Role.CARE_LEAVER.value, Role.CARER.value)


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """The people this viewer's pages are about: their own, or their team's. Never staff, never the erased."""
    served = and_(PERSON.c.role.in_(SERVED), PERSON.c.state != "erased")
    if viewer.role is Role.ADVISER:
        theirs = select(BOND.c.person_id).where(BOND.c.adviser_id == viewer.person_id, BOND.c.until_utc.is_(None))
        return and_(served, PERSON.c.id.in_(theirs))
    if viewer.role is Role.MANAGER and viewer.team_id is not None:
        return and_(served, PERSON.c.team_id == viewer.team_id)
    return false()


def visible_person(viewer: Viewer, person_id: int) -> Select[tuple[int]]:
    """A query for the id of one person: no row when they do not exist and no row when they are out of sight."""
    return select(PERSON.c.id).where(PERSON.c.id == person_id, in_sight(viewer))


def sees(viewer: Viewer, unit: Unit, person_id: int) -> bool:
    """Whether this person exists for this viewer."""
    return unit.connection.execute(visible_person(viewer, person_id)).first() is not None


def person_of_incident(viewer: Viewer, unit: Unit, incident_id: int) -> int | None:
    """Whose incident this is, or None when there is none in sight. The person's permission is the incident's."""
    found: int | None = unit.connection.execute(
        select(INCIDENT.c.person_id)
        .join(PERSON, PERSON.c.id == INCIDENT.c.person_id)
        .where(INCIDENT.c.id == incident_id, in_sight(viewer))
    ).scalar()
    return found


def open_names(unit: Unit, sealed: dict[int, bytes | None]) -> dict[int, str]:
    """The names of these people, with their keys opened together; empty for one who gave none or was erased."""
    unit.warm(list(sealed))
    return {person_id: _name(unit, person_id, value) for person_id, value in sealed.items()}


def _name(unit: Unit, person_id: int, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    try:
        return unit.open(person_id, Place("person", "name", person_id), sealed)
    except CannotOpenError:
        return ""
