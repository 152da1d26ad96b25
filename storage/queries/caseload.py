"""The caseload table: one page of people, and the totals above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, true

from rules.access import Viewer
from rules.incidents import Cause
from rules.wallclock import local_date, utc_of
from storage.queries.scope import BOND, INCIDENT, PERSON, in_sight, open_names
from storage.tables import CheckIn, Due
from storage.unit import Unit

CHECK_IN = CheckIn.__table__  # type: ignore[attr-defined]
DUE = Due.__table__  # type: ignore[attr-defined]

LADDER_STEP = "ladder_step"
PAGE_ROWS = 100
MOST_SORTED_BY_NAME = 1_000


class Show(StrEnum):
    """Which people a list is about. They overlap: someone paused can be over too."""

    EVERYONE = ""
    OVER = "over"
    QUIET = "quiet"
    INCIDENT = "incident"
    UNREACHED = "unreached"
    PAUSED = "paused"
    NOT_JOINED = "not_joined"


class Order(StrEnum):
    """What comes first: a possible risk and then most days over, longest without contact or reply, or A to Z."""

    OVER = "over"
    CONTACT = "contact"
    REPLY = "reply"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident nobody has closed, as a list needs it."""

    id: int
    cause: str
    state: str
    opened_utc: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A check-in without an answer yet, and how many steps of its ladder are done."""

    asked_utc: datetime
    steps_done: int


@dataclass(frozen=True, slots=True)
class CaseloadPerson:
    """One row of the table. The instants are those of the person's two clocks; None is never."""

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
    running: Running | None
    incidents: tuple[OpenIncident, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of the list. `page` counts from 1."""

    show: Show = Show.EVERYONE
    order: Order = Order.OVER
    adviser_id: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page. `totals` count everyone in sight under the adviser filter, whatever is shown."""

    people: tuple[CaseloadPerson, ...]
    totals: dict[Show, int]
    order: Order
    page: int
    pages: int


def caseload(viewer: Viewer, unit: Unit, wanted: Wanted) -> Caseload:
    """The page of the list that was asked for; the last page when it is past the end.

    A-to-Z falls back to days over when there are too many names to open.
    """
    scope = and_(in_sight(viewer), _of_adviser(wanted.adviser_id))
    totals = _totals(unit, scope)
    found = totals[wanted.show]
    pages = max(1, -(-found // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    order = Order.OVER if wanted.order is Order.NAME and found > MOST_SORTED_BY_NAME else wanted.order
    chosen = select(PERSON).where(scope, _shown(wanted.show, unit.now))
    start = (page - 1) * PAGE_ROWS
    if order is Order.NAME:
        rows, names = _by_name(unit, chosen)
        rows = rows[start : start + PAGE_ROWS]
    else:
        rows = list(unit.connection.execute(chosen.order_by(*_ordering(order)).limit(PAGE_ROWS).offset(start)))
        names = open_names(unit, {row.id: row.name_sealed for row in rows})
    return Caseload(_people(unit, rows, names), totals, order, page, pages)


def _of_adviser(adviser_id: int | None) -> ColumnElement[bool]:
    if adviser_id is None:
        return true()
    theirs = select(BOND.c.person_id).where(BOND.c.adviser_id == adviser_id, BOND.c.until_utc.is_(None))
    looked_after: ColumnElement[bool] = PERSON.c.id.in_(theirs)
    return looked_after


def _shown(show: Show, now: datetime) -> ColumnElement[bool]:
    today_began = utc_of(local_date(now), time(0))
    shown: dict[Show, ColumnElement[bool]] = {
        Show.EVERYONE: true(),
        Show.OVER: PERSON.c.contact_due_utc < today_began,
        Show.QUIET: or_(PERSON.c.id.in_(_nudged()), PERSON.c.id.in_(_missing())),
        Show.INCIDENT: PERSON.c.id.in_(select(INCIDENT.c.person_id).where(INCIDENT.c.open_key.is_not(None))),
        Show.UNREACHED: PERSON.c.unreachable.is_not(None),
        Show.PAUSED: or_(PERSON.c.paused_until_utc > now, PERSON.c.stopped_utc.is_not(None)),
        Show.NOT_JOINED: PERSON.c.state == "invited",
    }
    return shown[show]


def _nudged() -> Select[tuple[int]]:
    """Whose ladder is past its first step. Found by the planned next step: the table of check-ins only ever grows."""
    planned = select(CHECK_IN.c.person_id).join(DUE, DUE.c.ref_id == CHECK_IN.c.id)
    return planned.where(DUE.c.what == LADDER_STEP, climbing(), CHECK_IN.c.steps_done > 0)


def _missing() -> Select[tuple[int]]:
    """Whose ladder is climbed, or whose contact is past its day: an adviser has been told."""
    return select(INCIDENT.c.person_id).where(
        INCIDENT.c.open_key.is_not(None), INCIDENT.c.cause == Cause.MISSING_CONTACT.value
    )


def _totals(unit: Unit, scope: ColumnElement[bool]) -> dict[Show, int]:
    counts = [func.coalesce(func.sum(case((_shown(show, unit.now), 1), else_=0)), 0) for show in Show]
    row = unit.connection.execute(select(*counts).where(scope)).one()
    return {show: int(number) for show, number in zip(Show, row, strict=True)}


def _ordering(order: Order) -> tuple[ColumnElement[Any], ...]:
    if order is Order.CONTACT:
        return (PERSON.c.last_contact_utc.asc().nulls_first(), PERSON.c.id)
    if order is Order.REPLY:
        return (PERSON.c.last_reply_utc.asc().nulls_first(), PERSON.c.id)
    at_risk = select(INCIDENT.c.person_id).where(
        INCIDENT.c.open_key.is_not(None), INCIDENT.c.cause == Cause.POSSIBLE_RISK
    )
    first = case((PERSON.c.id.in_(at_risk), 0), else_=1)
    return (first, PERSON.c.contact_due_utc.asc().nulls_last(), PERSON.c.id)


def _by_name(unit: Unit, chosen: Any) -> tuple[list[Row[Any]], dict[int, str]]:
    rows = list(unit.connection.execute(chosen))
    names = open_names(unit, {row.id: row.name_sealed for row in rows})
    return sorted(rows, key=lambda row: (names[row.id].casefold(), row.id)), names


def _people(unit: Unit, rows: list[Row[Any]], names: dict[int, str]) -> tuple[CaseloadPerson, ...]:
    ids = [row.id for row in rows]
    advisers, climbed, incidents = adviser_names(unit, ids), running(unit, ids), open_incidents(unit, ids)
    return tuple(
        CaseloadPerson(
            id=row.id, name=names[row.id], role=row.role, state=row.state, zone=row.zone,
            adviser_name=advisers.get(row.id, ""), invited_utc=row.invited_utc, joined_utc=row.joined_utc,
            paused_until_utc=row.paused_until_utc, stopped_utc=row.stopped_utc, unreachable=row.unreachable,
            last_reply_utc=row.last_reply_utc, last_contact_utc=row.last_contact_utc,
            contact_due_utc=row.contact_due_utc, running=climbed.get(row.id),
            incidents=incidents.get(row.id, ()),
        )
        for row in rows
    )  # fmt: skip


def adviser_names(unit: Unit, person_ids: list[int]) -> dict[int, str]:
    """Who looks after each of these people now; the newest bond when there are several."""
    found = unit.connection.execute(
        select(BOND.c.person_id, PERSON.c.id, PERSON.c.name_sealed)
        .join(PERSON, PERSON.c.id == BOND.c.adviser_id)
        .where(BOND.c.person_id.in_(person_ids), BOND.c.until_utc.is_(None), PERSON.c.state != "erased")
        .order_by(BOND.c.since_utc)
    ).all()
    names = open_names(unit, {row.id: row.name_sealed for row in found})
    return {row.person_id: names[row.id] for row in found}


def climbing() -> ColumnElement[bool]:
    """Check-ins that went out, are not answered, and whose ladder has not been stopped."""
    return and_(CHECK_IN.c.ladder_over.is_(None), CHECK_IN.c.state.in_(("asked", "missed")))


def running(unit: Unit, person_ids: list[int]) -> dict[int, Running]:
    """The newest unanswered check-in of each of these people that has one."""
    found = unit.connection.execute(
        select(CHECK_IN.c.person_id, CHECK_IN.c.due_utc, CHECK_IN.c.steps_done)
        .where(CHECK_IN.c.person_id.in_(person_ids), climbing())
        .order_by(CHECK_IN.c.due_utc)
    )
    return {row.person_id: Running(row.due_utc, row.steps_done) for row in found}


def open_incidents(unit: Unit, person_ids: list[int]) -> dict[int, tuple[OpenIncident, ...]]:
    """The incidents nobody has closed, oldest first, by person."""
    found = unit.connection.execute(
        select(INCIDENT.c.person_id, INCIDENT.c.id, INCIDENT.c.cause, INCIDENT.c.state, INCIDENT.c.opened_utc)
        .where(INCIDENT.c.person_id.in_(person_ids), INCIDENT.c.open_key.is_not(None))
        .order_by(INCIDENT.c.opened_utc, INCIDENT.c.id)
    )
    by_person: dict[int, tuple[OpenIncident, ...]] = {}
    for row in found:
        one = OpenIncident(row.id, row.cause, row.state, row.opened_utc)
        by_person[row.person_id] = (*by_person.get(row.person_id, ()), one)
    return by_person
