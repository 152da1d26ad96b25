"""Sending, as rows: what is due, claiming it, and what became of it.

Must stay true: a row is `claimed` in a commit before its request leaves; what was claimed and has no recorded outcome
is treated as unknown, by its kind (rules/sending.py). The statements are made once: each is needed for every message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, Update, bindparam, select, update

from storage.outbox import OUTBOX
from storage.sealing import CannotOpenError, Place
from storage.tables import OutboxRow, Person
from storage.unit import SERVICE, Unit

PERSON = Person.__table__  # type: ignore[attr-defined]
IDS = OUTBOX.c.id.in_(bindparam("ids", expanding=True))
MOST_IMPORTANT_FIRST = (OUTBOX.c.priority, OUTBOX.c.due_utc, OUTBOX.c.id)
WITH_PERSON = OUTBOX.outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)

_DUE = (
    select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.chat_key)
    .where(
        OUTBOX.c.state == "pending",
        OUTBOX.c.due_utc <= bindparam("now"),
        OUTBOX.c.chat_key.not_in(bindparam("resting", expanding=True)),
    )
    .order_by(*MOST_IMPORTANT_FIRST)
    .limit(bindparam("most"))
)
_STARTED_WITH = select(OUTBOX.c.person_id).where(IDS, OUTBOX.c.kind == "started")
_LOCK_PEOPLE = (
    select(PERSON.c.id).where(PERSON.c.id.in_(_STARTED_WITH)).order_by(PERSON.c.id).with_for_update(read=True)
)
_LOOK = (
    select(
        OUTBOX.c.id,
        OUTBOX.c.kind,
        OUTBOX.c.name,
        OUTBOX.c.urgent,
        OUTBOX.c.attempts,
        OUTBOX.c.unknowns,
        OUTBOX.c.queued_utc,
        OUTBOX.c.not_after_utc,
        OUTBOX.c.person_id,
        PERSON.c.role,
        PERSON.c.state.label("person_state"),
        PERSON.c.zone,
        PERSON.c.paused_until_utc,
        PERSON.c.stopped_utc,
        PERSON.c.unreachable,
    )
    .select_from(WITH_PERSON)
    .where(IDS, OUTBOX.c.state == "pending")
    .order_by(*MOST_IMPORTANT_FIRST)
    .with_for_update(of=OUTBOX)
)
_CLAIM = update(OUTBOX).where(IDS, OUTBOX.c.state == "pending").values(state="claimed", claimed_utc=bindparam("now"))
_CLAIMED = (
    select(OUTBOX, PERSON.c.telegram_sealed)
    .select_from(WITH_PERSON)
    .where(IDS, OUTBOX.c.state == "claimed")
    .order_by(*MOST_IMPORTANT_FIRST)
)


def _settling(**extra: Any) -> Update:
    said: dict[str, Any] = {name: bindparam(f"b_{name}") for name in ("state", "reason", "attempts", "unknowns")}
    return update(OUTBOX).where(OUTBOX.c.id == bindparam("b_id")).values(**said, **extra)


_AGAIN = _settling(due_utc=bindparam("b_due_utc"), claimed_utc=None)
_KEPT = _settling(settled_utc=bindparam("b_now"))
_OVER = _settling(
    settled_utc=bindparam("b_now"), message_id=bindparam("b_message_id"), body_sealed=None, chat_sealed=None
)
_GONE = _settling(settled_utc=bindparam("b_now"), message_id=None, body_sealed=None, chat_sealed=None, chat_key="")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that is due, before anyone looked at its person again."""

    id: int
    kind: str
    chat_key: str


@dataclass(frozen=True, slots=True)
class Look:
    """A pending row and its person as they are now, inside the claim. `person_state` is None for someone not joined."""

    id: int
    kind: str
    name: str
    urgent: bool
    attempts: int
    unknowns: int
    queued_utc: datetime
    not_after_utc: datetime | None
    person_id: int | None
    role: str | None
    person_state: str | None
    zone: str | None
    paused_until_utc: datetime | None
    stopped_utc: datetime | None
    unreachable: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours to send now."""

    id: int
    kind: str
    name: str
    method: str
    chat_id: int
    chat_key: str
    body: dict[str, Any]
    urgent: bool
    attempts: int
    unknowns: int
    queued_utc: datetime
    person_id: int | None
    not_after_utc: datetime | None
    check_in_id: int | None
    incident_id: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a row. `due_utc` is when to try again, for `pending`."""

    id: int
    state: str
    reason: str | None = None
    attempts: int = 0
    unknowns: int = 0
    due_utc: datetime | None = None
    message_id: int | None = None
    by_person: bool = True


def candidates(unit: Unit, limit: int, resting: list[str]) -> list[Candidate]:
    """What is due, most important first, leaving out the chats that must rest."""
    found = unit.connection.execute(_DUE, {"now": unit.now, "resting": resting, "most": limit})
    return [Candidate(*row) for row in found]


def look(unit: Unit, ids: list[int]) -> list[Look]:
    """Those of `ids` that are still pending, with their person as they are now, locked until this Unit ends.

    Whoever we start something with is locked too, so that a stop either comes first or sees the claim. (SQLite has one
    writer at a time, which is lock enough.)
    """
    if unit.connection.dialect.name == "postgresql":
        unit.connection.execute(_LOCK_PEOPLE, {"ids": ids})
    return [Look(**dict(row._mapping)) for row in unit.connection.execute(_LOOK, {"ids": ids})]


def claim(unit: Unit, ids: list[int]) -> tuple[list[Claimed], list[int]]:
    """Mark rows claimed and open what is to be sent; also the ids of those that cannot open (someone was erased)."""
    unit.connection.execute(_CLAIM, {"ids": ids, "now": unit.now})
    found = unit.connection.execute(_CLAIMED, {"ids": ids}).all()
    unit.warm([SERVICE if row.person_id is None else row.person_id for row in found])
    opened, closed = [], []
    for row in found:
        try:
            opened.append(_open(unit, row))
        except CannotOpenError:
            closed.append(row.id)
    return opened, closed


def _open(unit: Unit, row: Row[Any]) -> Claimed:
    owner = SERVICE if row.person_id is None else row.person_id
    if row.body_sealed is None:
        raise CannotOpenError("this message has no body left")
    if row.person_id is None:
        chat = unit.open(SERVICE, Place("outbox", "chat", row.id), row.chat_sealed)
    elif row.telegram_sealed is None:
        raise CannotOpenError("this person has no chat")
    else:
        chat = unit.open(owner, Place("person", "telegram", owner), row.telegram_sealed)
    return Claimed(
        id=row.id,
        kind=row.kind,
        name=row.name,
        method=row.method,
        chat_id=int(chat),
        chat_key=row.chat_key,
        body=orjson.loads(unit.open_bytes(owner, Place("outbox", "body", row.id), row.body_sealed)),
        urgent=row.urgent,
        attempts=row.attempts,
        unknowns=row.unknowns,
        queued_utc=row.queued_utc,
        person_id=row.person_id,
        not_after_utc=row.not_after_utc,
        check_in_id=row.check_in_id,
        incident_id=row.incident_id,
    )


def settle(unit: Unit, outcomes: list[Settled]) -> None:
    """Record what became of rows. What is over keeps no words; for someone who did not join it keeps no chat either."""
    sorted_out: dict[int, tuple[Update, list[dict[str, Any]]]] = {}
    for one in outcomes:
        statement = _statement_for(one)
        sorted_out.setdefault(id(statement), (statement, []))[1].append(_values(unit, one))
    for statement, rows in sorted_out.values():
        unit.connection.execute(statement, rows)


def _statement_for(one: Settled) -> Update:
    if one.state == "pending":
        return _AGAIN
    if not one.by_person:
        return _GONE
    return _KEPT if one.state in ("unknown", "refused") else _OVER


def _values(unit: Unit, one: Settled) -> dict[str, Any]:
    return {
        "b_id": one.id,
        "b_state": one.state,
        "b_reason": one.reason,
        "b_attempts": one.attempts,
        "b_unknowns": one.unknowns,
        "b_due_utc": one.due_utc,
        "b_message_id": one.message_id,
        "b_now": unit.now,
    }


def claimed_before(unit: Unit) -> list[OutboxRow]:
    """Rows left claimed by a process that died: nobody knows whether they were sent."""
    return list(unit.session.scalars(select(OutboxRow).where(OUTBOX.c.state == "claimed")))
