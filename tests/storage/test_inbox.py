"""R3: the same update any number of times, in any order, at any age, has one effect."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from storage import inbox
from storage.inbox import Arrived, NotOursError, Waiting
from storage.store import Store
from storage.unit import Unit
from tests.databases import StillClock, opened
from tests.promises.counts import count

UPDATES = count(commit=1_000, night=100_000)
CHATS, BATCH = 60, 40


def _update(update_id: int, chat_id: int | None = 5) -> Arrived:
    return Arrived(update_id, chat_id, b'{"update_id": %d}' % update_id)


def _keep(store: Store, *arrived: Arrived) -> list[Waiting]:
    return store.write_now(lambda unit: inbox.keep(unit, list(arrived)))


def _take(store: Store, waiting: Waiting) -> None:
    store.write_now(lambda unit: inbox.take(unit, waiting.seq, waiting.chat_key))


def _waiting(store: Store, limit: int = 200) -> list[Waiting]:
    return store.read_now(lambda unit: inbox.waiting(unit, limit))


def _copies(chance: random.Random) -> list[Arrived]:
    """A thousand updates, one to five copies of each, shuffled; halfway the ids begin anew, far lower."""
    ids = [*range(900_000, 900_000 + UPDATES // 2), *range(17, 17 + UPDATES // 2)]
    copies = [_update(one, chance.randrange(CHATS)) for one in ids for _ in range(chance.randint(1, 5))]
    first = {one.update_id: one for one in copies}
    copies = [first[one.update_id] for one in copies]
    chance.shuffle(copies)
    return copies


def test_copies_in_any_order_with_restarts_have_one_effect(database_url: str, still_clock: StillClock) -> None:
    """1,000 updates, 1 to 5 copies each, shuffled, ids starting anew, restarts in between: each is handled once."""
    chance = random.Random(3)
    arriving, effects, arrived = _copies(chance), Counter[bytes](), list[bytes]()
    store = opened(database_url, still_clock, seed="process 0")
    try:
        for start in range(0, len(arriving), BATCH):
            arrived += [one.body for one in _keep(store, *arriving[start : start + BATCH])]
            if chance.random() < 0.1:
                store.close()  # what was kept and not handled waits in the table
                store = opened(database_url, still_clock, seed=f"process {start}")
            _handle_some(store, chance, effects)
        _handle_all(store, effects)
        assert len(arrived) == len(set(arrived)) == UPDATES
        assert effects == dict.fromkeys((one.body for one in arriving), 1)
        assert _keep(store, *arriving) == []
    finally:
        store.close()


def _handle_some(store: Store, chance: random.Random, effects: Counter[bytes]) -> None:
    """Handle a few, some of them out of turn, some of them twice."""
    waiting = _waiting(store)
    for one in chance.sample(waiting, min(10, len(waiting))):
        for _ in range(chance.randint(1, 2)):
            try:
                _take(store, one)
            except NotOursError:
                continue
            effects[one.body] += 1


def _handle_all(store: Store, effects: Counter[bytes]) -> None:
    while waiting := _waiting(store):
        for one in waiting:
            _take(store, one)
            effects[one.body] += 1


def test_one_persons_updates_are_taken_in_order_of_arrival(store: Store) -> None:
    """The second of one chat cannot be taken before the first; another chat's can."""
    first, second, other = _keep(store, _update(2), _update(1), _update(3, chat_id=6))
    with pytest.raises(NotOursError):
        _take(store, second)
    _take(store, other)
    _take(store, first)
    _take(store, second)
    assert _waiting(store) == []


def test_what_is_done_is_never_taken_again(store: Store) -> None:
    """A second try at the same update is refused, and its words are gone from the row."""
    (one,) = _keep(store, _update(1))
    _take(store, one)
    with pytest.raises(NotOursError):
        _take(store, one)
    kept = store.read_now(lambda unit: unit.connection.exec_driver_sql("SELECT body_sealed, chat_key FROM inbox").one())
    assert tuple(kept) == (None, None)


def test_a_take_that_rolls_back_leaves_it_waiting(store: Store) -> None:
    """If the decision fails, the update waits as before: handled and done are one commit."""
    (one,) = _keep(store, _update(1))

    def decide(unit: Unit) -> None:
        inbox.take(unit, one.seq, one.chat_key)
        raise LookupError("the decision failed")

    with pytest.raises(LookupError):
        store.write_now(decide)
    assert _waiting(store) == [one]


def test_unreadable_bytes_are_kept_once_for_someone_to_look_at(store: Store) -> None:
    """What cannot be read goes to quarantine, once however often it comes, and never to a handler."""
    broken = Arrived(None, None, b"\xff\x00 not json", "not_json")
    for _ in range(3):
        assert _keep(store, broken) == []
    assert _keep(store, Arrived(None, None, b"other bytes", "not_json")) == []
    assert _waiting(store) == []
    assert store.read_now(inbox.counts) == (0, None, 2)


def test_three_failures_put_an_update_aside_and_let_the_next_by(store: Store, still_clock: StillClock) -> None:
    """It is tried three times, with a wait between; then it is quarantined, and the person's next one is handled."""
    first, second = _keep(store, _update(1), _update(2))
    for attempt in range(1, 4):
        assert [one.seq for one in _waiting(store)] == [first.seq, second.seq]
        last = store.write_now(
            lambda unit: inbox.fail(unit, first.seq, "KeyError", attempts_allowed=3, wait=timedelta(seconds=1))
        )
        assert last is (attempt == 3)
        assert [one.seq for one in _waiting(store)] == [second.seq]
        if not last:
            with pytest.raises(NotOursError):
                _take(store, second)
        still_clock.turn(seconds=2)
    _take(store, second)
    assert store.read_now(inbox.counts) == (0, None, 1)


def test_an_update_of_nobody_waits_for_nobody(store: Store) -> None:
    """An update without a chat is taken whatever else waits."""
    _, of_nobody = _keep(store, _update(1), _update(2, chat_id=None))
    _take(store, of_nobody)


def test_the_oldest_that_waits_is_known(store: Store, still_clock: StillClock) -> None:
    """The health page sees how many wait and since when."""
    began = still_clock.now()
    _keep(store, _update(1))
    still_clock.turn(minutes=2)
    _keep(store, _update(2))
    assert store.read_now(inbox.counts) == (2, began, 0)


def test_what_is_kept_is_sealed(store: Store) -> None:
    """Nobody reads a waiting message in the database."""
    _keep(store, Arrived(1, 5, b'{"text": "between us"}'))
    (kept,) = store.read_now(lambda unit: unit.connection.exec_driver_sql("SELECT body_sealed FROM inbox").one())
    assert b"between us" not in bytes(kept)
