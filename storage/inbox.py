"""The inbox: no update is acknowledged to Telegram before its row is committed here.

    kept ──take──► done            `take` is the first thing the Unit that handles an update does, so
      │                            "handled" and "done" are the same commit
      └─fail × 3─► quarantined

Must stay true: one update id has one effect, ever; one person's updates are taken in order of arrival.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update

from storage.rows import insert_new
from storage.sealing import Place
from storage.tables import InboxRow
from storage.unit import SERVICE, Unit

INBOX = InboxRow.__table__  # type: ignore[attr-defined]
EARLIER = INBOX.alias("earlier")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A raw update as it came. `update_id` is None when it has none that we can read."""

    update_id: int | None
    chat_id: int | None
    body: bytes
    unreadable_because: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept update that is to be handled."""

    seq: int
    chat_key: str | None
    body: bytes


class NotOursError(Exception):
    """This update is already done, or an earlier one of the same person is not: leave it for now."""


def keep(unit: Unit, arrived: list[Arrived]) -> list[Waiting]:
    """Keep raw updates; returns those that are new and can be handled, in order of arrival.

    An unreadable one goes straight to quarantine (once, however often it is sent).
    """
    fresh = []
    for one in arrived:
        row = _row(unit, one)
        key = "update_id" if row["unreadable_key"] is None else "unreadable_key"
        if insert_new(unit, INBOX, key, row) and one.unreadable_because is None:
            fresh.append(Waiting(row["seq"], row["chat_key"], one.body))
    return fresh


def _row(unit: Unit, one: Arrived) -> dict[str, Any]:
    seq = unit.new_id()
    unreadable = one.unreadable_because is not None
    return {
        "seq": seq,
        "update_id": None if unreadable else one.update_id,
        "unreadable_key": hashlib.sha256(one.body).hexdigest()[:40] if unreadable else None,
        "chat_key": None if one.chat_id is None else chat_key(unit, one.chat_id),
        "body_sealed": unit.seal(SERVICE, Place("inbox", "body", seq), one.body),
        "state": "quarantined" if unreadable else "pending",
        "attempts": 0,
        "kept_utc": unit.now,
        "reason": one.unreadable_because,
    }


def chat_key(unit: Unit, chat_id: int) -> str:
    """The keyed hash by which one chat's rows are kept in order and one person is found again."""
    return unit.look_up_key("telegram", chat_id)


# Made once: building a statement costs several times what SQLite takes to run it.
_TAKE = (
    update(INBOX)
    .where(INBOX.c.seq == bindparam("this_seq"), INBOX.c.state == "pending")
    .values(state="done", body_sealed=None, chat_key=None, done_utc=bindparam("now"), next_try_utc=None)
)
_TAKE_IN_TURN = _TAKE.where(
    ~exists().where(
        EARLIER.c.chat_key == bindparam("this_chat"),
        EARLIER.c.seq < bindparam("this_seq"),
        EARLIER.c.state == "pending",
    )
)


def take(unit: Unit, seq: int, chat_key: str | None) -> None:
    """Mark one update done, as part of the Unit that handles it. Raises NotOursError when it is not ours to handle."""
    wanted: dict[str, Any] = {"this_seq": seq, "now": unit.now}
    if chat_key is None:
        taken = unit.connection.execute(_TAKE, wanted)
    else:
        taken = unit.connection.execute(_TAKE_IN_TURN, wanted | {"this_chat": chat_key})
    if taken.rowcount != 1:
        raise NotOursError


def waiting(unit: Unit, limit: int) -> list[Waiting]:
    """What is kept and not yet done, in order of arrival, with what must wait a while longer left out."""
    ready = or_(INBOX.c.next_try_utc.is_(None), INBOX.c.next_try_utc <= unit.now)
    found = unit.connection.execute(
        select(INBOX.c.seq, INBOX.c.chat_key, INBOX.c.body_sealed)
        .where(INBOX.c.state == "pending", ready)
        .order_by(INBOX.c.seq)
        .limit(limit)
    ).all()
    return [
        Waiting(row.seq, row.chat_key, unit.open_bytes(SERVICE, Place("inbox", "body", row.seq), row.body_sealed))
        for row in found
    ]


def fail(unit: Unit, seq: int, error: str, *, attempts_allowed: int, wait: timedelta) -> bool:
    """Note that handling failed with `error` (a type's name). True when it was the last attempt: now quarantined."""
    row = unit.connection.execute(
        select(INBOX.c.attempts).where(INBOX.c.seq == seq, INBOX.c.state == "pending").with_for_update()
    ).first()
    if row is None:
        return False
    attempts = int(row.attempts) + 1
    last = attempts >= attempts_allowed
    unit.connection.execute(
        update(INBOX)
        .where(INBOX.c.seq == seq)
        .values(
            attempts=attempts,
            reason=error,
            state="quarantined" if last else "pending",
            next_try_utc=None if last else unit.now + wait,
        )
    )
    return last


def counts(unit: Unit) -> tuple[int, datetime | None, int]:
    """How many wait, since when the oldest of them waits (None: none), and how many are in quarantine."""
    pending, oldest = unit.connection.execute(
        select(func.count(), func.min(INBOX.c.kept_utc)).where(INBOX.c.state == "pending")
    ).one()
    quarantined = unit.connection.execute(select(func.count()).where(INBOX.c.state == "quarantined")).scalar_one()
    return pending, oldest, quarantined
