"""What happened with one person, gathered from the tables that hold it. Only person_page may ask, after it has
checked that the viewer may see the person: a part has its whole's permission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Row, select

from storage.queries.scope import INCIDENT, PERSON, open_names
from storage.sealing import CannotOpenError, Place
from storage.tables import AuditEntry, CheckIn, Contact, OutboxRow, PersonMessage
from storage.unit import Unit

CONTACT = Contact.__table__  # type: ignore[attr-defined]
CHECK_IN = CheckIn.__table__  # type: ignore[attr-defined]
MESSAGE = PersonMessage.__table__  # type: ignore[attr-defined]
AUDIT = AuditEntry.__table__  # type: ignore[attr-defined]
OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]

SHOWN = 50

# Told by their own rows, with more in them than the audit entry has; views are shown to the person, not here.
TOLD_ELSEWHERE = ("contact.", "incident.", "check_in.", "ladder.", "message.", "person.viewed", "sign_in.", "alert.")


class Sort(StrEnum):
    """Which table a line of the timeline comes from."""

    CONTACT = "contact"
    REPLY = "reply"
    MESSAGE = "message"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    UNKNOWN_SEND = "unknown_send"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. `code` and `detail` are ours (channel, mood, cause, act), `words` what somebody wrote.

    `by_name` is the worker who did it; empty when it was the person or the service.
    """

    at_utc: datetime
    sort: Sort
    code: str
    detail: str = ""
    words: str = ""
    by_name: str = ""


def happenings(unit: Unit, person_id: int, before: datetime | None) -> tuple[tuple[Happening, ...], bool]:
    """The newest lines from `before` back, newest first, and whether there are older ones."""
    found = sorted(
        [
            *_contacts(unit, person_id, before),
            *_replies(unit, person_id, before),
            *_messages(unit, person_id, before),
            *_incidents(unit, person_id, before),
            *_unknown_sends(unit, person_id, before),
            *_changes(unit, person_id, before),
        ],
        key=lambda each: each.at_utc,
        reverse=True,
    )
    return tuple(found[:SHOWN]), len(found) > SHOWN


def _newest(unit: Unit, table: Any, at: Column[Any], person_id: int, before: datetime | None) -> list[Row[Any]]:
    chosen = select(table).where(table.c.person_id == person_id, at.is_not(None))
    if before is not None:
        chosen = chosen.where(at < before)
    return list(unit.connection.execute(chosen.order_by(at.desc()).limit(SHOWN + 1)))


def _contacts(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    rows = [row for row in _newest(unit, CONTACT, CONTACT.c.at_utc, person_id, before) if row.undone_utc is None]
    workers = _worker_names(unit, {row.logged_by_id for row in rows})
    for row in rows:
        note = _open(unit, person_id, Place("contact", "note", row.id), row.note_sealed)
        yield Happening(row.at_utc, Sort.CONTACT, row.channel, row.outcome, note, workers[row.logged_by_id])


def _replies(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    for row in _newest(unit, CHECK_IN, CHECK_IN.c.answered_utc, person_id, before):
        line = _open(unit, person_id, Place("check_in", "line", row.id), row.line_sealed)
        mood = _open(unit, person_id, Place("check_in", "mood", row.id), row.mood_sealed)
        yield Happening(row.answered_utc, Sort.REPLY, row.state, mood, line)


def _messages(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    for row in _newest(unit, MESSAGE, MESSAGE.c.written_utc, person_id, before):
        text = _open(unit, person_id, Place("person_message", "text", row.id), row.text_sealed)
        yield Happening(row.written_utc, Sort.MESSAGE, "", "", text)


def _incidents(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    moments = (
        (Sort.OPENED, INCIDENT.c.opened_utc, ""),
        (Sort.ACKNOWLEDGED, INCIDENT.c.acknowledged_utc, "acknowledged_by_id"),
        (Sort.CLOSED, INCIDENT.c.closed_utc, "closed_by_id"),
    )
    for sort, at, by in moments:
        rows = _newest(unit, INCIDENT, at, person_id, before)
        workers = _worker_names(unit, {row._mapping[by] for row in rows} if by else set())
        for row in rows:
            outcome = (row.outcome or "") if sort is Sort.CLOSED else ""
            by_name = workers.get(row._mapping[by], "") if by else ""
            yield Happening(row._mapping[at.name], sort, row.cause, outcome, by_name=by_name)


def _unknown_sends(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    chosen = select(OUTBOX.c.name, OUTBOX.c.settled_utc).where(
        OUTBOX.c.person_id == person_id, OUTBOX.c.state == "unknown", OUTBOX.c.settled_utc.is_not(None)
    )
    if before is not None:
        chosen = chosen.where(OUTBOX.c.settled_utc < before)
    for row in unit.connection.execute(chosen.order_by(OUTBOX.c.settled_utc.desc()).limit(SHOWN + 1)):
        yield Happening(row.settled_utc, Sort.UNKNOWN_SEND, row.name)


def _changes(unit: Unit, person_id: int, before: datetime | None) -> Iterator[Happening]:
    chosen = select(AUDIT.c.at_utc, AUDIT.c.act, AUDIT.c.detail, AUDIT.c.actor_id).where(
        AUDIT.c.person_id == person_id, *(AUDIT.c.act.not_like(f"{told}%") for told in TOLD_ELSEWHERE)
    )
    if before is not None:
        chosen = chosen.where(AUDIT.c.at_utc < before)
    rows = list(unit.connection.execute(chosen.order_by(AUDIT.c.seq.desc()).limit(SHOWN + 1)))
    workers = _worker_names(unit, {row.actor_id for row in rows} - {person_id})
    for row in rows:
        yield Happening(row.at_utc, Sort.CHANGE, row.act, row.detail, by_name=workers.get(row.actor_id, ""))


def _worker_names(unit: Unit, ids: set[int | None]) -> dict[int | None, str]:
    known = [each for each in ids if each is not None]
    found = unit.connection.execute(select(PERSON.c.id, PERSON.c.name_sealed).where(PERSON.c.id.in_(known))).all()
    names: dict[int | None, str] = dict.fromkeys(ids, "")
    return names | open_names(unit, {row.id: row.name_sealed for row in found})


def _open(unit: Unit, owner: int, place: Place, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    try:
        return unit.open(owner, place, sealed)
    except CannotOpenError:
        return ""
