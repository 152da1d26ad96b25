"""T3 and T4: no update, however malformed, stops the service, gets a 5xx, or is lost from sight."""

from __future__ import annotations

import asyncio
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

import orjson
from sqlmodel import select
from telegram import Update

from bot.raw_updates import read_body
from sandbox.handset import Handset
from storage import inbox
from storage.inbox import Arrived
from storage.store import Store
from storage.tables import InboxRow
from storage.unit import Unit
from tests.hooked import Hooked, hooked, said
from tests.living import Living, living
from tests.promises.counts import count
from tests.promises.mutations import kept, mutated

READ = count(commit=20_000, night=1_000_000)
HANDLED = count(commit=20_000, night=100_000)
POSTED = count(commit=250, night=20_000)
BATCH = 500
FIRST_ID = 1_000_000
OWN_ID = re.compile(rb'"update_id": [178](?![\d.])')


def parses(body: bytes) -> bool:
    """Whether python-telegram-bot makes an update of it."""
    try:
        return Update.de_json(orjson.loads(body), None) is not None
    except Exception:  # of any kind: that is the point
        return False


def what_becomes(bodies: Iterable[bytes]) -> Counter[str]:
    """How many distinct updates should end as `done` and how many in quarantine."""
    ends: dict[object, str] = {}
    for body in bodies:
        arrived = read_body(body)
        readable = arrived.unreadable_because is None
        key = arrived.update_id if readable else body
        ends.setdefault(key, "done" if readable and parses(body) else "quarantined")
    return Counter(ends.values())


def test_nothing_escapes_the_reading_of_an_update() -> None:
    """Of 20,000 mutated bodies each becomes something to keep: with an id, or with the reason why it has none."""
    unreadable = 0
    for body in mutated(1, READ, FIRST_ID):
        arrived = read_body(body)
        assert isinstance(arrived, Arrived)
        assert (arrived.update_id is None) == (arrived.unreadable_because is not None)
        assert arrived.body == body
        unreadable += arrived.update_id is None
    assert 0 < unreadable < READ


async def test_each_mutated_update_is_handled_or_in_quarantine(tmp_path: Path) -> None:
    """None is left pending, exactly those that cannot be parsed are in quarantine, and a good message is answered."""
    bodies = list(mutated(2, HANDLED, FIRST_ID))
    async with living(tmp_path) as town:
        for start in range(0, len(bodies), BATCH):
            batch = [read_body(body) for body in bodies[start : start + BATCH]]
            town.service.clerk.accept(await town.service.store.write(partial(inbox.keep, arrived=batch)))
            await _handled(town)
        found, expected = await _states(town.service.store), what_becomes(bodies)
        assert set(found) == {"done", "quarantined"}
        assert found.total() == expected.total()
        # Some that parse hold a list where a text should be: their handler fails three times, and they join the rest.
        assert expected["quarantined"] <= found["quarantined"] <= 1.3 * expected["quarantined"]
        await _answers(town)


async def test_none_gets_a_5xx_by_webhook(tmp_path: Path) -> None:
    """The kept corpus and mutated bodies, posted to the running service: 200 each, counted, and then life goes on."""
    bodies = [raw for _, raw in kept("odd") + kept("good")] + list(mutated(3, POSTED, FIRST_ID))
    async with hooked(tmp_path) as hook:
        codes = Counter([(await hook.post(body)).status_code for body in bodies])
        assert codes == {200: len(bodies)}
        await _handled(hook.town)
        found, expected = await _states(hook.town.service.store), what_becomes(bodies)
        assert set(found) == {"done", "quarantined"}
        assert found.total() == expected.total()
        assert await hook.quarantined() == found["quarantined"] >= expected["quarantined"]
        await _answers(hook.town)


async def test_the_kept_corpus_by_polling(tmp_path: Path) -> None:
    """The same corpus handed out by getUpdates, whole batches spoiled by it: the poller goes on, nothing is left."""
    async with living(tmp_path) as town:
        with_id = [raw for _, raw in kept("odd") + kept("good") if len(OWN_ID.findall(raw)) == 1]
        for number, raw in enumerate(with_id):
            own = OWN_ID.sub(b'"update_id": %d' % (FIRST_ID + number), raw, count=1)
            town.api.world.updates.inject_raw(FIRST_ID + number, own)
        await _answers(town)
        await _handled(town)
        assert [update.id for update in town.api.world.updates.pending()] == []
        _, _, quarantined = await town.service.store.read(inbox.counts)
        assert quarantined > 10


def hostile_sizes() -> list[tuple[str, bytes, int]]:
    """Bodies of hostile size or shape, and the answer each must get."""
    deep = [(f"{depth} deep {kind}", shape * depth, 200) for depth in (1_000, 10_000, 150_000)
            for kind, shape in (("lists", b"["), ("objects", b'{"a":'))]  # fmt: skip
    closed = [(f"{depth} deep, closed", b"[" * depth + b"]" * depth, 200) for depth in (1_000, 10_000, 150_000)]
    inside = [
        (f"{depth} deep inside a message", b'{"update_id":%d,"message":%s}' % (depth, b"[" * depth + b"]" * depth), 200)
        for depth in (100, 1_000, 10_000)
    ]
    large = [
        ("10 MB of spaces", b" " * 10_000_000, 413),
        ("10 MB of one text", b'"' + b"a" * 10_000_000 + b'"', 413),
        ("10 MB of zeros", bytes(10_000_000), 413),
        ("almost 1 MB of text", orjson.dumps(said(41, "a" * 990_000)), 200),
        ("almost 1 MB of digits", b'{"update_id":' + b"9" * 990_000 + b"}", 200),
        ("almost 1 MB of keys", orjson.dumps({"update_id": 42} | {f"k{n}": n for n in range(60_000)}), 200),
    ]
    odd = ["\x00", "\u202e", "\u2066", "\u200f", "\ufeff", "\U0010ffff", "\u0300"]
    texts = [(f"text {mark!r}", orjson.dumps(said(100 + n, mark * 3_000)), 200) for n, mark in enumerate(odd)]
    ids = [2**31, 2**53, 2**62, 2**63 - 1, 2**63, 2**64, 10**30, -1, -(2**63)]
    numbers = [(f"update id {n}", b'{"update_id":%d}' % n, 200) for n in ids]
    chats = [(f"chat id {n}", b'{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},'
              b'"text":"x"}}' % (500 + i, n), 200) for i, n in enumerate(ids)]  # fmt: skip
    wild = [(name, raw, 200) for name, raw in kept("odd")]
    return [*deep, *closed, *inside, *large, *texts, *numbers, *chats, *wild]


async def test_hostile_sizes_are_answered_quickly_and_in_little_memory(tmp_path: Path) -> None:
    """60 and more cases: each its answer, in 100 ms at the middle and a second at most, in 50 MB, and life goes on."""
    cases = hostile_sizes()
    assert len(cases) >= 60
    async with hooked(tmp_path) as hook:
        took: list[float] = []
        for _, body, wanted in cases:
            began = time.perf_counter()
            assert (await hook.post(body)).status_code == wanted
            took.append(time.perf_counter() - began)
        await _handled(hook.town)
        grown = {name: await _grown(hook, body) for name, body, _ in cases}
        await _handled(hook.town)
        await _answers(hook.town)
    assert sorted(took)[len(took) // 2] <= 0.1
    assert max(took) <= 1.0
    assert {name: grew for name, grew in grown.items() if grew > 50_000_000} == {}


async def _grown(hook: Hooked, body: bytes) -> int:
    """How many bytes more are in use at the worst moment of one post, the sender of it included."""
    tracemalloc.start()
    await hook.post(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


async def _handled(town: Living) -> None:
    """Wait until the inbox is empty, with the waits between tries turned away."""
    for _ in range(3_000):
        if not town.service.clerk.open:
            pending, _, _ = await town.service.store.read(inbox.counts)
            if not pending:
                return
            town.clock.turn(timedelta(seconds=2))
            await town.service.clerk.sweep()
        await asyncio.sleep(0.01)
    raise AssertionError("updates stayed in hand")


async def _states(store: Store) -> Counter[str]:
    def look(unit: Unit) -> Counter[str]:
        return Counter(unit.session.exec(select(InboxRow.state)).all())

    return await store.read(look)


async def _answers(town: Living) -> None:
    """A good message of someone new is answered as ever."""
    phone = Handset(town.api.world, town.api.world.add_person("Somebody Well", person_id=910_000_001))
    await phone.says("/start")
    await phone.waits_for_count(1, within_s=20)
