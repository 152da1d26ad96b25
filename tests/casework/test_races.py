"""R6 and its kin: two processes deciding about one person at the same moment, on both engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from casework import incidents, resting, sending
from casework.desk import Desk, Office
from content import council
from rules.incidents import Cause
from rules.sending import Sent
from storage import casebook, outbox, sends
from storage.store import Store
from storage.tables import Incident, Person
from storage.unit import Unit
from tests.databases import StillClock, opened
from tests.promises.counts import count
from tests.storage.invented import add_person, check_in_for

# On SQLite one writer at a time leaves nothing to race.
RACES = {"sqlite": 60, "postgres": count(commit=300, night=10_000)}
OFFICE = Office(council.load(council.built_in("brackwater")), "brackwater_bot", "https://pages.brackwater.test")


@pytest.fixture
def pair(store: Store, database_url: str, still_clock: StillClock) -> Iterator[tuple[Store, Store]]:
    """Two stores on one database, as two processes have."""
    other = opened(database_url, still_clock, seed="the other process")
    yield store, other
    other.close()


def _at_once(threads: ThreadPoolExecutor, *acts: Callable[[], object]) -> list[object]:
    """What each of these returns, all begun at the same moment."""
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        begin.wait()
        return act()

    return [one.result() for one in [threads.submit(run, act) for act in acts]]


def _stop(store: Store, person_id: int) -> None:
    """What the STOP of a person does, tried again while a message is leaving, as the clerk does."""
    while True:
        try:
            store.write_now(lambda unit: resting.stop(Desk(unit, OFFICE), unit.session.get_one(Person, person_id)))
            return
        except resting.SendInHandError:
            time.sleep(0.001)


def _send(store: Store, person_id: int, row_id: int) -> str:
    """What the sender does; says whether the person had stopped while the message was on its way."""
    claimed = store.write_now(lambda unit: sending.claim_due(Desk(unit, OFFICE), [row_id]))
    if not claimed:
        return "held back"
    stopped = store.read_now(lambda unit: unit.session.get_one(Person, person_id).stopped_utc)
    store.write_now(lambda unit: sending.record(Desk(unit, OFFICE), [(one, Sent(1)) for one in claimed]))
    return "sent" if stopped is None else "sent after the stop"


def test_nothing_is_sent_after_a_stop(pair: tuple[Store, Store], engine_name: str) -> None:
    """300 races of a stop against a send in another process: never is a message on its way once the stop is saved."""
    person = add_person(pair[0])
    ended = []
    with ThreadPoolExecutor(2) as threads:
        for race in range(RACES[engine_name]):
            pair[0].write_now(partial(_ready, person, f"slot {race}"))
            row = pair[0].read_now(lambda unit: sends.candidates(unit, 1, []))[0].id
            sent, stops = partial(_send, pair[1], person, row), partial(_stop, pair[0], person)
            first, second = (sent, stops) if race % 2 else (stops, sent)
            ended += [one for one in _at_once(threads, first, second) if one is not None]
            assert pair[0].read_now(lambda unit: sends.candidates(unit, 1, [])) == []
    assert set(ended) == {"sent", "held back"}


def _ready(person_id: int, key: str, unit: Unit) -> None:
    """They are back, and a check-in waits for them."""
    unit.session.get_one(Person, person_id).stopped_utc = None
    late = unit.now + timedelta(hours=5)
    outbox.add(unit, [replace(check_in_for(person_id, key), not_after_utc=late)])


def test_one_incident_is_acknowledged_by_one(pair: tuple[Store, Store]) -> None:
    """When two managers press at the same moment one has it, and the other is told so."""
    sam = add_person(pair[0])
    ann, bo = add_person(pair[0], "Ann Hill", 7002, "manager"), add_person(pair[0], "Bo Reed", 7003, "manager")
    with ThreadPoolExecutor(2) as threads:
        for _ in range(50):
            incident = pair[0].write_now(lambda unit: _open(unit, sam))
            had = _at_once(
                threads, partial(_acknowledge, pair[0], incident, ann), partial(_acknowledge, pair[1], incident, bo)
            )
            assert sorted(had, key=bool) == [False, True]
            assert pair[0].read_now(partial(_holder, incident)) == (ann if had[0] else bo)
            pair[0].write_now(lambda unit: _close(unit, sam))


def _open(unit: Unit, person_id: int) -> int:
    person = unit.session.get_one(Person, person_id)
    return incidents.raise_incident(Desk(unit, OFFICE), person, Cause.MISSING_CONTACT).id


def _holder(incident_id: int, unit: Unit) -> int | None:
    return unit.session.get_one(Incident, incident_id).acknowledged_by_id


def _acknowledge(store: Store, incident_id: int, worker_id: int) -> bool:
    return store.write_now(lambda unit: _take_on(unit, incident_id, worker_id))


def _take_on(unit: Unit, incident_id: int, worker_id: int) -> bool:
    found = incidents.find(Desk(unit, OFFICE), incident_id)
    assert found is not None
    return incidents.acknowledge(Desk(unit, OFFICE), found[0], unit.session.get_one(Person, worker_id))


def _close(unit: Unit, person_id: int) -> None:
    for incident in casebook.open_incidents(unit, person_id):
        incident.state, incident.open_key = "closed", None


def test_the_same_cause_raised_twice_at_once_is_one_incident(pair: tuple[Store, Store]) -> None:
    """Two processes that find the same cause at the same moment open one incident and tell of it once."""
    sam = add_person(pair[0])
    with ThreadPoolExecutor(2) as threads:
        for _ in range(30):
            one, other = _at_once(
                threads,
                lambda: pair[0].write_now(lambda u: _open(u, sam)),
                lambda: pair[1].write_now(lambda u: _open(u, sam)),
            )
            assert one == other
            pair[0].write_now(lambda unit: _close(unit, sam))
