"""The audit chain: who did or saw what, so that a change to the past is found."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.tables import AuditEntry, AuditHead
from storage.unit import Unit

ENTRIES = AuditEntry.__table__  # type: ignore[attr-defined]
HEAD = AuditHead.__table__  # type: ignore[attr-defined]
START = "0" * 64


def record(unit: Unit, act: str, *, actor_id: int | None, person_id: int | None, detail: str = "") -> None:
    """Add one entry to the chain, in the same commit as what it records.

    `act` is a verb of ours ('contact.logged'), `detail` codes and numbers only, never anyone's words.
    """
    record_all(unit, [(act, actor_id, person_id, detail)])


def record_all(unit: Unit, acts: list[tuple[str, int | None, int | None, str]]) -> None:
    """As `record`, for many acts (act, actor_id, person_id, detail) of one decision."""
    if not acts:
        return
    seq, previous = _lock_head(unit)
    rows = []
    for act, actor_id, person_id, detail in acts:
        seq += 1
        previous = entry_hash(previous, seq, unit.now, actor_id, act, person_id, detail)
        rows.append({"seq": seq, "at_utc": unit.now, "actor_id": actor_id, "act": act, "person_id": person_id,
                     "detail": detail, "hash": previous})  # fmt: skip
    unit.connection.execute(insert(ENTRIES), rows)
    unit.connection.execute(update(HEAD).where(HEAD.c.id == 1).values(seq=seq, hash=previous))


def entry_hash(
    previous: str, seq: int, at_utc: datetime, actor_id: int | None, act: str, person_id: int | None, detail: str
) -> str:
    """The hash of one entry, over everything in it and the hash before it."""
    said = "\x1f".join([previous, str(seq), at_utc.isoformat(), str(actor_id), act, str(person_id), detail])
    return hashlib.sha256(said.encode()).hexdigest()


def first_break(unit: Unit) -> int | None:
    """The `seq` of the first entry that does not follow from the one before, or None when the chain is whole."""
    previous, expected = START, 1
    for row in unit.connection.execute(select(ENTRIES).order_by(ENTRIES.c.seq)):
        wanted = entry_hash(previous, row.seq, row.at_utc, row.actor_id, row.act, row.person_id, row.detail)
        if row.seq != expected or row.hash != wanted:
            return int(row.seq)
        previous, expected = row.hash, expected + 1
    head = unit.session.get(AuditHead, 1)
    kept = (0, START) if head is None else (head.seq, head.hash)
    return None if kept == (expected - 1, previous) else expected


def _lock_head(unit: Unit) -> tuple[int, str]:
    found = unit.connection.execute(select(HEAD.c.seq, HEAD.c.hash).where(HEAD.c.id == 1).with_for_update()).first()
    if found is None:
        unit.connection.execute(insert(HEAD).values(id=1, seq=0, hash=START))
        return 0, START
    return int(found.seq), str(found.hash)
