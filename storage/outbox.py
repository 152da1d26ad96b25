"""The outbox: the only way anything reaches a person. States and their meaning: storage/tables/edges.py.

Must stay true: a row is committed with the decision that caused it; a row is `claimed` in a commit before its request
leaves; what was claimed and has no recorded outcome is treated as unknown, by its kind (rules/sending.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, func, select, update

from storage.inbox import chat_key
from storage.rows import insert_all_new
from storage.sealing import CannotOpenError, Place
from storage.tables import OutboxRow, Person
from storage.unit import SERVICE, Unit

OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ToSend:
    """One call of the Bot API to make for one chat. `body` is the call's JSON without chat_id.

    `person_id` or, for someone who has not joined, `chat_id`. `key` says what it is; the same key is queued once.
    """

    key: str
    kind: str
    priority: int
    name: str
    method: str
    body: dict[str, Any]
    person_id: int | None = None
    chat_id: int | None = None
    chat_key: str | None = None
    due_utc: datetime | None = None
    not_after_utc: datetime | None = None
    urgent: bool = False
    check_in_id: int | None = None
    incident_id: int | None = None


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


def add(unit: Unit, messages: list[ToSend]) -> None:
    """Queue messages, in the commit of this Unit. A key that is already queued stays as it was."""
    insert_all_new(unit, OUTBOX, "key", [_row(unit, one) for one in messages])
    unit.queued = unit.queued or bool(messages)


def _row(unit: Unit, one: ToSend) -> dict[str, Any]:
    row_id = unit.new_id()
    owner = SERVICE if one.person_id is None else one.person_id
    sealed_chat = None
    if one.person_id is None and one.chat_id is not None:
        sealed_chat = unit.seal(SERVICE, Place("outbox", "chat", row_id), str(one.chat_id))
    return {
        "id": row_id,
        "key": one.key,
        "person_id": one.person_id,
        "chat_key": one.chat_key or (chat_key(unit, one.chat_id) if one.chat_id is not None else ""),
        "chat_sealed": sealed_chat,
        "kind": one.kind,
        "priority": one.priority,
        "name": one.name,
        "method": one.method,
        "body_sealed": unit.seal(owner, Place("outbox", "body", row_id), orjson.dumps(one.body)),
        "state": "pending",
        "urgent": one.urgent,
        "attempts": 0,
        "unknowns": 0,
        "due_utc": one.due_utc or unit.now,
        "not_after_utc": one.not_after_utc,
        "queued_utc": unit.now,
        "check_in_id": one.check_in_id,
        "incident_id": one.incident_id,
    }


def candidates(unit: Unit, limit: int, resting: list[str]) -> list[Candidate]:
    """What is due, most important first, leaving out the chats that must rest."""
    statement = (
        select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.chat_key)
        .where(OUTBOX.c.state == "pending", OUTBOX.c.due_utc <= unit.now)
        .order_by(OUTBOX.c.priority, OUTBOX.c.due_utc, OUTBOX.c.id)
        .limit(limit)
    )
    if resting:
        statement = statement.where(OUTBOX.c.chat_key.not_in(resting))
    return [Candidate(*row) for row in unit.connection.execute(statement)]


def next_pending(unit: Unit) -> datetime | None:
    """When the earliest pending row is due, or None when nothing waits."""
    found: datetime | None = unit.connection.execute(
        select(func.min(OUTBOX.c.due_utc)).where(OUTBOX.c.state == "pending")
    ).scalar_one()
    return found


def look(unit: Unit, ids: list[int]) -> list[Look]:
    """Those of `ids` that are still pending, with their person as they are now, locked until this Unit ends.

    Whoever we start something with is locked too, so that a stop either comes first or sees the claim.
    """
    started = select(OUTBOX.c.person_id).where(OUTBOX.c.id.in_(ids), OUTBOX.c.kind == "started")
    people = select(PERSON.c.id).where(PERSON.c.id.in_(started)).order_by(PERSON.c.id)
    unit.connection.execute(people.with_for_update(read=True))
    found = unit.connection.execute(
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
        .select_from(OUTBOX.outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id))
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.state == "pending")
        .order_by(OUTBOX.c.priority, OUTBOX.c.due_utc, OUTBOX.c.id)
        .with_for_update(of=OUTBOX)
    )
    return [Look(**dict(row._mapping)) for row in found]


def claim(unit: Unit, ids: list[int]) -> tuple[list[Claimed], list[int]]:
    """Mark rows claimed and open what is to be sent; also the ids of those that cannot open (someone was erased)."""
    unit.connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.state == "pending")
        .values(state="claimed", claimed_utc=unit.now)
    )
    found = unit.connection.execute(
        select(OUTBOX, PERSON.c.telegram_sealed)
        .select_from(OUTBOX.outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id))
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.state == "claimed")
        .order_by(OUTBOX.c.priority, OUTBOX.c.due_utc, OUTBOX.c.id)
    ).all()
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
    again = [one for one in outcomes if one.state == "pending"]
    kept = [one for one in outcomes if one.state in ("unknown", "refused") and one.by_person]
    over = [one for one in outcomes if one not in again and one not in kept]
    _settle(unit, again, {"due_utc": bindparam("b_due_utc"), "claimed_utc": None})
    _settle(unit, kept, {"settled_utc": unit.now})
    gone = {"settled_utc": unit.now, "message_id": bindparam("b_message_id"), "body_sealed": None, "chat_sealed": None}
    _settle(unit, [one for one in over if one.by_person], gone)
    _settle(unit, [one for one in over if not one.by_person], gone | {"chat_key": "", "message_id": None})


def _settle(unit: Unit, outcomes: list[Settled], extra: dict[str, Any]) -> None:
    if not outcomes:
        return
    values: dict[str, Any] = {
        "state": bindparam("b_state"),
        "reason": bindparam("b_reason"),
        "attempts": bindparam("b_attempts"),
        "unknowns": bindparam("b_unknowns"),
    }
    statement = update(OUTBOX).where(OUTBOX.c.id == bindparam("b_id")).values(**values, **extra)
    unit.connection.execute(
        statement,
        [
            {
                "b_id": one.id,
                "b_state": one.state,
                "b_reason": one.reason,
                "b_attempts": one.attempts,
                "b_unknowns": one.unknowns,
                "b_due_utc": one.due_utc,
                "b_message_id": one.message_id,
            }
            for one in outcomes
        ],
    )


def claimed_before(unit: Unit) -> list[OutboxRow]:
    """Rows left claimed by a process that died: nobody knows whether they were sent."""
    return list(unit.session.scalars(select(OutboxRow).where(OUTBOX.c.state == "claimed")))


def sends_in_hand(unit: Unit, person_id: int) -> bool:
    """Whether something we started is on its way to this person at this moment."""
    in_hand = select(OUTBOX.c.id).where(
        OUTBOX.c.person_id == person_id, OUTBOX.c.state == "claimed", OUTBOX.c.kind == "started"
    )
    return unit.connection.execute(in_hand).first() is not None


def withdraw_started(unit: Unit, person_id: int, reason: str, *, name: str | None = None) -> None:
    """Take back everything we would have started with a person (or only messages called `name`), in this commit."""
    wanted = [OUTBOX.c.person_id == person_id, OUTBOX.c.state == "pending", OUTBOX.c.kind == "started"]
    if name is not None:
        wanted.append(OUTBOX.c.name == name)
    unit.connection.execute(
        update(OUTBOX).where(*wanted).values(state="withdrawn", reason=reason, settled_utc=unit.now, body_sealed=None)
    )


def unknown_started(unit: Unit, person_id: int) -> int:
    """How many messages we started with this person have an unknown outcome."""
    return int(
        unit.connection.execute(
            select(func.count()).where(
                OUTBOX.c.person_id == person_id, OUTBOX.c.state == "unknown", OUTBOX.c.kind == "started"
            )
        ).scalar_one()
    )


def counts(unit: Unit) -> dict[str, int]:
    """How many rows are in each open state, for the health page."""
    open_states = ("pending", "claimed", "unknown")
    found = unit.connection.execute(
        select(OUTBOX.c.state, func.count().label("waiting"))
        .where(OUTBOX.c.state.in_(open_states))
        .group_by(OUTBOX.c.state)
    )
    return {row.state: row.waiting for row in found}


def alerts_waiting(unit: Unit, worker_id: int) -> int:
    """How many alerts wait to be sent to one member of staff."""
    waiting = select(func.count()).where(
        OUTBOX.c.person_id == worker_id, OUTBOX.c.state == "pending", OUTBOX.c.kind == "alert"
    )
    return int(unit.connection.execute(waiting).scalar_one())
