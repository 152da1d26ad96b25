"""The store: a write is one transaction, clashes are run again, and errors carry nobody's data."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from storage import people
from storage.store import DatabaseRefusedError, Store, StoreBusyError
from storage.tables import Person, Team
from storage.unit import Unit
from tests.databases import PostgresDatabases, StillClock, opened
from tests.storage.invented import add_person

TEAM = Team.__table__  # type: ignore[attr-defined]
SECRET = "between us"  # somebody's words, not a password


class StoppedError(Exception):
    """What a decision raises half-way."""


def _team(unit: Unit, name: str) -> None:
    unit.session.add(Team(id=unit.new_id(), name=name))
    unit.session.flush()


def _teams(store: Store) -> set[str]:
    return store.read_now(lambda unit: set(unit.connection.execute(select(TEAM.c.name)).scalars()))


def test_a_write_is_all_or_nothing(store: Store) -> None:
    """What a decision did before it failed is gone, whatever it had flushed; what went through is there."""

    def decide(unit: Unit) -> None:
        _team(unit, "half")
        raise StoppedError

    with pytest.raises(StoppedError):
        store.write_now(decide)
    assert _teams(store) == set()
    store.write_now(lambda unit: _team(unit, "whole"))
    assert _teams(store) == {"whole"}


def test_a_read_sees_one_moment_and_keeps_nothing(store: Store) -> None:
    """What is written meanwhile is not seen half-way through a read, and rows added in a read are not written."""

    def look(unit: Unit) -> None:
        before = _names(unit)
        store.write_now(lambda writing: _team(writing, "meanwhile"))
        assert _names(unit) == before
        unit.session.add(Team(id=unit.new_id(), name="only looked"))

    store.read_now(look)
    assert _teams(store) == {"meanwhile"}


@pytest.mark.parametrize("writers", [1, 2], ids=["one process", "two processes"])
def test_increments_at_the_same_time_lose_none(
    store: Store, database_url: str, still_clock: StillClock, writers: int
) -> None:
    """200 read-and-add on one person, from sixteen threads and two stores, add up to 200."""
    person = add_person(store)
    stores = [store, *(opened(database_url, still_clock, seed=f"{one}") for one in range(1, writers))]
    try:
        with ThreadPoolExecutor(16) as threads:
            for made in [threads.submit(stores[one % writers].write_now, _older_by_one(person)) for one in range(200)]:
                made.result()
        clock = store.read_now(lambda unit: unit.session.get_one(Person, person).invited_utc)
        assert clock == still_clock.now() + timedelta(seconds=200)
    finally:
        for other in stores[1:]:
            other.close()


def _older_by_one(person_id: int) -> Callable[[Unit], None]:
    def add(unit: Unit) -> None:
        person = unit.lock_person(person_id)
        assert person is not None
        person.invited_utc += timedelta(seconds=1)

    return add


def test_two_units_that_write_the_same_key_both_go_through(store: Store) -> None:
    """When another unit took a key meanwhile, the work runs again on what is there now."""
    tries = []

    def find_or_make(unit: Unit) -> None:
        tries.append(unit)
        if len(tries) == 1:
            _team(unit, "Leaving Care")
            _team(unit, "Leaving Care")  # as if another process had been first
        elif unit.connection.execute(select(TEAM.c.id).where(TEAM.c.name == "Leaving Care")).first() is None:
            _team(unit, "Leaving Care")

    store.write_now(find_or_make)
    assert (len(tries), _teams(store)) == (2, {"Leaving Care"})


def test_a_clash_that_stays_is_a_fault_of_ours(store: Store) -> None:
    """Work that cannot ever be written is refused after a few tries."""
    tries = []

    def never(unit: Unit) -> None:
        tries.append(unit)
        _team(unit, "twice")
        _team(unit, "twice")

    with pytest.raises(DatabaseRefusedError):
        store.write_now(never)
    assert (len(tries), _teams(store)) == (5, set())


def _whole_story(error: BaseException | None) -> str:
    """Everything an error could tell a log: its text, its chain and what its frames hold."""
    told = ""
    while error is not None:
        told += "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
        error = error.__cause__ or error.__context__
    return told


def test_an_error_of_the_database_carries_nobodys_data(store: Store) -> None:
    """Neither the statement nor its values come out, not even as a cause; the kind of error does."""

    def twice(unit: Unit) -> None:
        _team(unit, SECRET)
        _team(unit, SECRET)

    with pytest.raises(DatabaseRefusedError) as refused:
        store.write_now(twice)
    assert SECRET not in _whole_story(refused.value)
    assert not isinstance(refused.value.__context__, DBAPIError)
    assert str(refused.value) in ("IntegrityError", "UniqueViolation")


def test_a_locked_database_is_busy_and_tells_nothing(store: Store, database_url: str, still_clock: StillClock) -> None:
    """While another holds the lock for longer than we wait, the error says busy, and nothing was changed."""
    patience = "" if store.url.drivername == "sqlite" else "&options=-c%20lock_timeout%3D100"
    other = opened(database_url + patience, still_clock, seed="other")
    person = add_person(store)

    def hold(unit: Unit) -> None:
        unit.lock_person(person)
        with pytest.raises(StoreBusyError) as busy:
            other.write_now(lambda inner: _rename(inner, person))
        assert SECRET not in _whole_story(busy.value)

    try:
        if store.url.drivername == "sqlite":
            _impatient(other)
        store.write_now(hold)
        assert store.read_now(lambda unit: people.name_of(unit, unit.session.get_one(Person, person))) == "Sam Tate"
    finally:
        other.close()


def _impatient(store: Store) -> None:
    """The one writing connection waits no longer than a moment."""
    raw = store.writing_engine.raw_connection()
    raw.cursor().execute("PRAGMA busy_timeout=50")
    raw.close()


def _rename(unit: Unit, person_id: int) -> None:
    unit.connection.execute(update(Person).where(Person.id == person_id).values(zone=SECRET))  # type: ignore[arg-type]


@pytest.mark.postgres
def test_a_connection_that_went_away_is_busy_not_broken(
    postgres_databases: PostgresDatabases, still_clock: StillClock
) -> None:
    """When the server ends our connection in mid-write nothing was changed, and the next write works."""

    def cut(unit: Unit) -> None:
        _team(unit, "cut off")
        unit.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    url = postgres_databases.fresh()
    store = opened(url, still_clock)
    with pytest.raises(StoreBusyError):
        store.write_now(cut)
    store.write_now(lambda unit: _team(unit, "after"))
    assert _teams(store) == {"after"}
    store.close()
    postgres_databases.drop(url)


def test_writes_wake_the_sender_only_when_something_was_queued_and_committed(store: Store) -> None:
    """`on_queued` is called after the commit, and not for a unit that failed."""
    woken: list[set[str]] = []
    store.on_queued = lambda: woken.append(_teams(store))

    def queue(unit: Unit) -> None:
        _team(unit, "queued")
        unit.queued = True

    def fail(unit: Unit) -> None:
        unit.queued = True
        raise StoppedError

    with pytest.raises(StoppedError):
        store.write_now(fail)
    store.write_now(lambda unit: _team(unit, "quiet"))
    assert woken == []
    store.write_now(queue)
    assert woken == [{"quiet", "queued"}]


async def test_many_tasks_write_and_read_through_threads(store: Store) -> None:
    """The async edge hands work over and gets each its own answer."""
    await asyncio.gather(*(store.write(partial(_team, name=str(one))) for one in range(50)))
    names = await asyncio.gather(*(store.read(_names) for _ in range(10)))
    assert names == [set(map(str, range(50)))] * 10


def _names(unit: Unit) -> set[str]:
    return set(unit.connection.execute(select(TEAM.c.name)).scalars())
