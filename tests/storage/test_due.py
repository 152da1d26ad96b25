"""What should happen next: planned once, taken once, set aside when it cannot be done."""

from __future__ import annotations

from datetime import timedelta

from storage import due
from storage.due import DueRow, ToPlan
from storage.store import Store
from tests.databases import StillClock
from tests.storage.invented import add_person


def _plan(store: Store, *plans: ToPlan) -> None:
    store.write_now(lambda unit: due.plan(unit, list(plans)))


def _ready(store: Store) -> list[DueRow]:
    return store.read_now(lambda unit: due.ready(unit, 100))


def test_planning_the_same_thing_twice_changes_nothing(store: Store, still_clock: StillClock) -> None:
    """The first plan of a key stays, whatever later ones say."""
    sam, now = add_person(store), still_clock.now()
    _plan(store, ToPlan("k", sam, "check_in", now), ToPlan("k", sam, "check_in", now - timedelta(days=1)))
    _plan(store, ToPlan("k", sam, "check_in", now + timedelta(days=1)))
    assert [(one.key, one.due_utc) for one in _ready(store)] == [("k", now)]


def test_what_is_due_comes_oldest_first_and_what_is_not_waits(store: Store, still_clock: StillClock) -> None:
    """Only rows whose time has come are ready, in the order they fell due."""
    sam, now = add_person(store), still_clock.now()
    _plan(store, *(ToPlan(f"in {hours}", sam, "check_in", now + timedelta(hours=hours)) for hours in (1, -1, 0, -3)))
    assert [one.key for one in _ready(store)] == ["in -3", "in -1", "in 0"]
    assert store.read_now(due.next_due) == now - timedelta(hours=3)


def test_a_row_is_taken_once(store: Store, still_clock: StillClock) -> None:
    """Of two who saw the same row ready, one gets it."""
    sam = add_person(store)
    _plan(store, ToPlan("k", sam, "check_in", still_clock.now()))
    seen = _ready(store)
    assert store.write_now(lambda unit: due.take(unit, seen)) == seen
    assert store.write_now(lambda unit: due.take(unit, seen)) == []


def test_what_was_cancelled_meanwhile_is_not_taken(store: Store, still_clock: StillClock) -> None:
    """A step that an answer took back is not done, even by a tick that had seen it; other people's are."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)
    _plan(store, *(ToPlan(f"{one}", one, "ladder_step", still_clock.now()) for one in (sam, ali)))
    seen = _ready(store)
    store.write_now(lambda unit: due.cancel(unit, sam, "ladder_step"))
    taken = store.write_now(lambda unit: due.take(unit, seen))
    assert [one.person_id for one in taken] == [ali]


def test_a_row_that_cannot_be_done_is_kept_and_holds_nobody_up(store: Store, still_clock: StillClock) -> None:
    """It is set aside with its error's name, and neither ready nor next any more."""
    sam = add_person(store)
    _plan(store, ToPlan("bad", sam, "check_in", still_clock.now()), ToPlan("good", sam, "check_in", still_clock.now()))
    bad = next(one for one in _ready(store) if one.key == "bad")
    store.write_now(lambda unit: due.set_aside(unit, bad, "KeyError"))
    assert [one.key for one in _ready(store)] == ["good"]
