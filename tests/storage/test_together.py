"""Decisions that wait for SQLite's one writer share a commit, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from functools import partial

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from storage.store import DatabaseRefusedError, Store
from storage.tables import Team
from storage.unit import Unit
from tests.databases import SqliteDatabases, StillClock, opened

TEAM = Team.__table__  # type: ignore[attr-defined]


class StoppedError(Exception):
    """What a decision raises half-way."""


def _team(name: str, unit: Unit) -> str:
    unit.session.add(Team(id=unit.new_id(), name=name))
    unit.session.flush()
    return name


def _stopped(unit: Unit) -> None:
    _team("half", unit)
    raise StoppedError


def _names(store: Store) -> set[str]:
    return store.read_now(lambda unit: set(unit.connection.execute(select(TEAM.c.name)).scalars()))


@pytest.fixture
def sqlite_store(sqlite_databases: SqliteDatabases) -> Iterator[Store]:
    """A store on a new SQLite database."""
    store = opened(sqlite_databases.fresh(), StillClock())
    yield store
    store.close()


class Held:
    """The writer, kept busy until `go`, so that what is handed in meanwhile waits in line."""

    def __init__(self, store: Store) -> None:
        self._free = threading.Event()
        self.commits = 0
        self._busy = store.submit(lambda unit: self._free.wait(10))
        event.listen(store.writing_engine, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def go(self) -> None:
        self._free.set()
        self._busy.result(10)


def test_what_waits_together_is_committed_together(sqlite_store: Store) -> None:
    """Twenty decisions that waited are all kept and all answered, by two commits at most after the one in hand."""
    held = Held(sqlite_store)
    asked = [sqlite_store.submit(partial(_team, f"team {number}")) for number in range(20)]
    held.go()
    assert [one.result(10) for one in asked] == [f"team {number}" for number in range(20)]
    assert len(_names(sqlite_store)) == 20
    assert held.commits <= 3


def test_one_that_fails_takes_nothing_with_it(sqlite_store: Store) -> None:
    """A decision that raises in the middle of others is undone alone, and only its asker is told."""
    held = Held(sqlite_store)
    before, failed, after = (
        sqlite_store.submit(partial(_team, "before")),
        sqlite_store.submit(_stopped),
        sqlite_store.submit(partial(_team, "after")),
    )
    held.go()
    assert (before.result(10), after.result(10)) == ("before", "after")
    with pytest.raises(StoppedError):
        failed.result(10)
    assert _names(sqlite_store) == {"before", "after"}


def test_one_the_database_refuses_takes_nothing_with_it(sqlite_store: Store) -> None:
    """A name that is taken is refused to its asker; the decisions beside it are written once each."""
    sqlite_store.write_now(partial(_team, "taken"))
    held = Held(sqlite_store)
    asked = [sqlite_store.submit(partial(_team, name)) for name in ("one", "taken", "two")]
    held.go()
    assert (asked[0].result(10), asked[2].result(10)) == ("one", "two")
    with pytest.raises(DatabaseRefusedError):
        asked[1].result(10)
    assert _names(sqlite_store) == {"taken", "one", "two"}


def test_one_nobody_waits_for_any_more_is_not_done(sqlite_store: Store) -> None:
    """A decision that was called off while it stood in line never happens."""
    held = Held(sqlite_store)
    kept, called_off = sqlite_store.submit(partial(_team, "kept")), sqlite_store.submit(partial(_team, "off"))
    assert called_off.cancel()
    held.go()
    assert kept.result(10) == "kept"
    with pytest.raises(CancelledError):
        called_off.result(10)
    assert _names(sqlite_store) == {"kept"}
