"""The outbox: the only way anything reaches a person. States and their meaning: storage/tables/edges.py.

Must stay true: a row is committed with the decision that caused it, under a key made from what it is. Here messages are
queued, taken back and counted; how they are claimed and settled: storage/sends.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select, update

from storage.inbox import chat_key
from storage.rows import insert_all_new
from storage.sealing import Place
from storage.tables import OutboxRow
from storage.unit import SERVICE, Unit

OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


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


def next_pending(unit: Unit) -> datetime | None:
    """When the earliest pending row is due, or None when nothing waits."""
    found: datetime | None = unit.connection.execute(
        select(func.min(OUTBOX.c.due_utc)).where(OUTBOX.c.state == "pending")
    ).scalar_one()
    return found


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
