"""One person's page: who they are, what was agreed, what is open, and what happened, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, select

from rules.access import Viewer
from storage.queries.caseload import OpenIncident, Running, adviser_names, open_incidents, running
from storage.queries.scope import PERSON, in_sight, open_names, visible_person
from storage.queries.timeline import Happening, happenings
from storage.tables import Cadence, Due
from storage.unit import Unit

CADENCE = Cadence.__table__  # type: ignore[attr-defined]
DUE = Due.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often they are asked, as they agreed it."""

    every_days: int
    weekday: int | None
    at: time
    agreed_utc: datetime


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Everything the page shows about one person. `timeline` is newest first; `has_older` says there is more."""

    id: int
    name: str
    role: str
    state: str
    zone: str
    adviser_name: str
    invited_utc: datetime
    joined_utc: datetime | None
    paused_until_utc: datetime | None
    stopped_utc: datetime | None
    unreachable: str | None
    last_reply_utc: datetime | None
    last_contact_utc: datetime | None
    contact_due_utc: datetime | None
    rhythm: Rhythm | None
    next_check_in_utc: datetime | None
    running: Running | None
    incidents: tuple[OpenIncident, ...]
    timeline: tuple[Happening, ...]
    has_older: bool


def person_page(viewer: Viewer, unit: Unit, person_id: int, before: datetime | None = None) -> PersonRow | None:
    """The person's page, its timeline from `before` back; None when there is nobody in sight with this id."""
    row = unit.connection.execute(select(PERSON).where(PERSON.c.id == person_id, in_sight(viewer))).first()
    if row is None:
        return None
    timeline, has_older = happenings(unit, person_id, before)
    return PersonRow(
        id=row.id, name=open_names(unit, {row.id: row.name_sealed})[row.id], role=row.role, state=row.state,
        zone=row.zone, adviser_name=adviser_names(unit, [row.id]).get(row.id, ""), invited_utc=row.invited_utc,
        joined_utc=row.joined_utc, paused_until_utc=row.paused_until_utc, stopped_utc=row.stopped_utc,
        unreachable=row.unreachable, last_reply_utc=row.last_reply_utc, last_contact_utc=row.last_contact_utc,
        contact_due_utc=row.contact_due_utc, rhythm=_rhythm(unit, row.id), next_check_in_utc=_next(unit, row.id),
        running=running(unit, [row.id]).get(row.id), incidents=open_incidents(unit, [row.id]).get(row.id, ()),
        timeline=timeline, has_older=has_older,
    )  # fmt: skip


def person_name(viewer: Viewer, unit: Unit, person_id: int) -> str | None:
    """What this person is called, or None when there is nobody in sight with this id."""
    found = unit.connection.execute(
        select(PERSON.c.id, PERSON.c.name_sealed).where(PERSON.c.id.in_(visible_person(viewer, person_id)))
    ).first()
    return None if found is None else open_names(unit, {found.id: found.name_sealed})[found.id]


def _rhythm(unit: Unit, person_id: int) -> Rhythm | None:
    found: Row[Any] | None = unit.connection.execute(select(CADENCE).where(CADENCE.c.person_id == person_id)).first()
    return None if found is None else Rhythm(found.every_days, found.weekday, found.at, found.agreed_utc)


def _next(unit: Unit, person_id: int) -> datetime | None:
    found: datetime | None = unit.connection.execute(
        select(DUE.c.due_utc).where(DUE.c.person_id == person_id, DUE.c.what == "check_in").order_by(DUE.c.due_utc)
    ).scalar()
    return found
