"""Two processes on one inbox: each update is handled once, and one person's in order, whoever handles it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select

from storage import audit, inbox
from storage.inbox import Arrived, NotOursError, Waiting
from storage.store import Store
from storage.unit import Unit
from tests.databases import StillClock, opened

UPDATES, CHATS, WORKERS = 240, 8, 4


@pytest.fixture
def pair(store: Store, database_url: str, still_clock: StillClock) -> Iterator[tuple[Store, Store]]:
    """Two stores on one database, as two processes have."""
    other = opened(database_url, still_clock, seed="the other process")
    yield store, other
    other.close()


def _handle(waiting: Waiting, unit: Unit) -> None:
    """Take the update and write down, in the same commit, that it was handled; the chain keeps the order of commits."""
    inbox.take(unit, waiting.seq, waiting.chat_key)
    audit.record(unit, "handled", actor_id=None, person_id=waiting.seq, detail=waiting.body.decode())


def _work(store: Store, seed: int) -> int:
    """Look what waits, in an order of one's own, and try to handle it, until nothing is left."""
    chance, handled = random.Random(seed), 0
    while waiting := store.read_now(lambda unit: inbox.waiting(unit, 1_000)):
        for one in chance.sample(waiting[:20], min(20, len(waiting))):
            try:
                store.write_now(partial(_handle, one))
                handled += 1
            except NotOursError:
                continue
    return handled


def test_two_processes_share_the_inbox(pair: tuple[Store, Store]) -> None:
    """240 updates of eight people, four workers in each of two processes: each once, each person's in order."""
    arrived = [Arrived(1_000 + one, one % CHATS, b"%d %d" % (one % CHATS, one)) for one in range(UPDATES)]
    pair[0].write_now(lambda unit: inbox.keep(unit, arrived))
    with ThreadPoolExecutor(2 * WORKERS) as threads:
        work = [threads.submit(_work, pair[one % 2], one) for one in range(2 * WORKERS)]
        assert sum(one.result() for one in work) == UPDATES
    done = pair[0].read_now(
        lambda unit: list(
            unit.connection.execute(select(audit.ENTRIES.c.detail).order_by(audit.ENTRIES.c.seq)).scalars()
        )
    )
    by_chat: dict[str, list[int]] = defaultdict(list)
    for chat, number in (one.split() for one in done):
        by_chat[chat].append(int(number))
    assert sorted(number for numbers in by_chat.values() for number in numbers) == list(range(UPDATES))
    assert all(numbers == sorted(numbers) for numbers in by_chat.values())
    assert pair[0].read_now(audit.first_break) is None


def _keep(arrived: list[Arrived], unit: Unit) -> list[Waiting]:
    return inbox.keep(unit, arrived)


def test_copies_kept_by_two_processes_are_one(pair: tuple[Store, Store]) -> None:
    """The same hundred updates arriving at both processes at the same time are kept once, and each new to one only."""
    arrived = [Arrived(one, one % CHATS, b"%d" % one) for one in range(100)]

    def keep(number: int) -> int:
        mine = [arrived[(one + number * 25) % 100] for one in range(100)]
        parts = [mine[at : at + 5] for at in range(0, 100, 5)]
        return sum(len(pair[number % 2].write_now(partial(_keep, part))) for part in parts)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(keep, range(4))) == 100
    assert len(pair[1].read_now(lambda unit: inbox.waiting(unit, 1_000))) == 100
