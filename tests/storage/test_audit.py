"""The audit chain: any change to the past is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from storage import audit
from storage.audit import ENTRIES, HEAD
from storage.store import Store
from storage.unit import Unit
from tests.databases import StillClock, opened
from tests.promises.counts import count

WRITTEN, TAMPERS = 40, count(commit=1_000, night=100_000)
Tamper = Callable[[Unit, random.Random], None]


class UntouchedError(Exception):
    """Raised to take a tampering back after it was looked at."""


def _write(store: Store, clock: StillClock) -> None:
    for number in range(0, WRITTEN, 4):
        clock.turn(seconds=1)
        store.write_now(partial(_write_four, number))


def _write_four(number: int, unit: Unit) -> None:
    audit.record_all(unit, [("contact.logged", 10 + number, 20 + one, f"call {one}") for one in range(4)])


def _change(column: str, make: Callable[[Any, random.Random], Any]) -> Tamper:
    def tamper(unit: Unit, chance: random.Random) -> None:
        seq = chance.randint(1, WRITTEN)
        was = unit.connection.execute(select(ENTRIES.c[column]).where(ENTRIES.c.seq == seq)).scalar_one()
        unit.connection.execute(update(ENTRIES).where(ENTRIES.c.seq == seq).values({column: make(was, chance)}))

    return tamper


def _drop_one(unit: Unit, chance: random.Random) -> None:
    unit.connection.execute(delete(ENTRIES).where(ENTRIES.c.seq == chance.randint(1, WRITTEN)))


def _drop_tail(unit: Unit, chance: random.Random) -> None:
    unit.connection.execute(delete(ENTRIES).where(ENTRIES.c.seq > chance.randint(0, WRITTEN - 1)))


def _add_one(unit: Unit, chance: random.Random) -> None:
    row = unit.connection.execute(select(ENTRIES).where(ENTRIES.c.seq == chance.randint(1, WRITTEN))).one()
    unit.connection.execute(insert(ENTRIES).values({**row._mapping, "seq": WRITTEN + chance.randint(1, 9)}))


def _swap(unit: Unit, chance: random.Random) -> None:
    """Two entries change places, hashes and all."""
    first, second = chance.sample(range(1, WRITTEN + 1), 2)
    for was, becomes in ((first, -1), (second, first), (-1, second)):
        unit.connection.execute(update(ENTRIES).where(ENTRIES.c.seq == was).values(seq=becomes))


def _move_head(unit: Unit, chance: random.Random) -> None:
    unit.connection.execute(update(HEAD).values(seq=chance.randint(0, WRITTEN - 1)))


def _drop_head(unit: Unit, _chance: random.Random) -> None:
    unit.connection.execute(delete(HEAD))


KINDS: list[Tamper] = [
    _change("actor_id", lambda was, chance: was + chance.randint(1, 9)),
    _change("person_id", lambda was, chance: None),
    _change("act", lambda was, chance: "contact.undone"),
    _change("detail", lambda was, chance: f"{was}."),
    _change("at_utc", lambda was, chance: was.replace(year=2020 + chance.randint(0, 5))),
    _change("hash", lambda was, chance: f"{chance.getrandbits(256):064x}"),
    *(_drop_one, _drop_tail, _add_one, _swap, _move_head, _drop_head),
]


def test_a_chain_that_nobody_touched_is_whole(store: Store, still_clock: StillClock) -> None:
    """Whatever was written as it should be has no break, from the first entry on."""
    assert store.read_now(audit.first_break) is None
    _write(store, still_clock)
    assert store.read_now(audit.first_break) is None


def test_every_tampering_is_found(store: Store, still_clock: StillClock) -> None:
    """1,000 changes of twelve kinds, each made and looked at by itself: all of them break the chain."""
    _write(store, still_clock)
    chance = random.Random(9)
    for number in range(TAMPERS):
        tamper = KINDS[number % len(KINDS)]

        def look(unit: Unit, tamper: Tamper = tamper) -> None:
            tamper(unit, chance)
            unit.session.expire_all()
            assert audit.first_break(unit) is not None, tamper
            raise UntouchedError

        with pytest.raises(UntouchedError):
            store.write_now(look)
    assert store.read_now(audit.first_break) is None


def test_writers_at_the_same_time_make_one_chain(store: Store, database_url: str, still_clock: StillClock) -> None:
    """Entries written by two processes with eight threads each, from the very first on, follow from one another."""
    other = opened(database_url, still_clock, seed="the other process")
    try:
        with ThreadPoolExecutor(16) as threads:
            for made in [threads.submit(_one, (store, other)[number % 2], number) for number in range(64)]:
                made.result()
        assert store.read_now(audit.first_break) is None
        assert store.read_now(lambda unit: unit.connection.execute(select(HEAD.c.seq)).scalar()) == 64
    finally:
        other.close()


def _one(store: Store, number: int) -> None:
    store.write_now(lambda unit: audit.record(unit, "contact.logged", actor_id=number, person_id=number))


def test_an_act_that_rolls_back_leaves_no_entry(store: Store) -> None:
    """The entry and what it records are one commit."""

    def act(unit: Unit) -> None:
        audit.record(unit, "contact.logged", actor_id=1, person_id=2)
        raise UntouchedError

    with pytest.raises(UntouchedError):
        store.write_now(act)
    assert store.read_now(lambda unit: unit.connection.execute(select(ENTRIES)).all()) == []
