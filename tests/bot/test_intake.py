"""R4: one person's messages are handled in order, different people's side by side, whatever fails in between."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.raw_updates import read_update
from storage import inbox
from storage.inbox import Arrived, Waiting
from storage.store import StoreBusyError
from storage.tables import OutboxRow
from storage.unit import Unit
from tests.hooked import said
from tests.living import Living, living
from tests.promises.counts import count

INTERLEAVINGS = count(commit=500, night=20_000)
TOGETHER = 25
PEOPLE, MESSAGES = 3, 3
FAILING_SHARE = 0.002
# Each is answered once, whatever comes before it.
TEXTS = ("/mydata", "/nonsense", "STOP")


class Interleaving:
    """Some people's messages in one random order, which keeps each person's own."""

    def __init__(self, number: int, lots: random.Random) -> None:
        self.chats = [950_000_000 + number * PEOPLE + one for one in range(PEOPLE)]
        order = [chat for chat in self.chats for _ in range(MESSAGES)]
        lots.shuffle(order)
        first = 1 + number * PEOPLE * MESSAGES
        self.updates = [said(first + place, lots.choice(TEXTS), chat) for place, chat in enumerate(order)]
        self._lots = lots

    def batches(self) -> Iterator[list[Arrived]]:
        """The updates as they come in, one or a few at a time."""
        left = list(self.updates)
        while left:
            size = self._lots.randint(1, 4)
            yield [read_update(update) for update in left[:size]]
            left = left[size:]

    def of(self, chat: int) -> list[int]:
        """One person's update ids in the order they were sent."""
        return [one["update_id"] for one in self.updates if one["message"]["chat"]["id"] == chat]


async def _keep(town: Living, arrived: list[Arrived]) -> list[Waiting]:
    """Keep updates, again and again while the database is busy, as Telegram would hand them out again."""
    while True:
        try:
            return await town.service.store.write(lambda unit: inbox.keep(unit, arrived))
        except StoreBusyError:
            continue


async def _come_in(town: Living, one: Interleaving, lots: random.Random, seqs: dict[int, int]) -> None:
    """Keep the updates batch by batch; some are handed to the clerk, some are left for it to find."""
    for batch in one.batches():
        fresh = await _keep(town, batch)
        for waiting in fresh:
            seqs[waiting.seq] = orjson.loads(waiting.body)["update_id"]
        if lots.random() < 0.7:
            town.service.clerk.accept(fresh)
        await asyncio.sleep(lots.random() * 0.003)


async def _all_handled(town: Living) -> None:
    for _ in range(2_000):
        await town.service.clerk.sweep()
        if not town.service.clerk.open and not (await town.service.store.read(inbox.counts))[0]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("updates stayed in hand")


async def _answered(town: Living, seqs: dict[int, int]) -> dict[str, list[int]]:
    """For each chat the update ids in the order their answers were decided."""

    def look(unit: Unit) -> dict[str, list[int]]:
        found = defaultdict(list)
        wanted = select(OutboxRow).where(col(OutboxRow.key).startswith("reply:")).order_by(col(OutboxRow.id))
        keys = {inbox.chat_key(unit, chat): str(chat) for chat in range(950_000_000, 950_000_000 + 3 * INTERLEAVINGS)}
        for row in unit.session.exec(wanted):
            update_id = seqs.get(int(row.key.split(":")[1]))
            if update_id is not None:
                found[keys[row.chat_key]].append(update_id)
        return found

    return await town.service.store.read(look)


async def test_one_persons_messages_are_handled_in_order_through_500_interleavings(tmp_path: Path) -> None:
    """Each message is answered once, a person's in the order they sent them, while the database fails now and then."""
    lots = random.Random(4)
    async with living(tmp_path) as town:
        # Rows that were sent no longer say whose they were.
        await town.service.sender.stop(1)
        struck = _failing_now_and_then(town, lots)
        seqs: dict[int, int] = {}
        everything = [Interleaving(number, lots) for number in range(INTERLEAVINGS)]
        for start in range(0, INTERLEAVINGS, TOGETHER):
            await asyncio.gather(*(_come_in(town, one, lots, seqs) for one in everything[start : start + TOGETHER]))
        await _all_handled(town)
        answered = await _answered(town, seqs)
    expected = {str(chat): one.of(chat) for one in everything for chat in one.chats}
    assert answered == expected
    assert struck


def _failing_now_and_then(town: Living, lots: random.Random) -> list[str]:
    """From now on some statements meet a busy database, as the driver would say it."""
    struck: list[str] = []

    def strike(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("INSERT INTO inbox") and lots.random() < FAILING_SHARE:
            struck.append(statement)
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(town.service.store.writing_engine, "before_cursor_execute", strike)
    return struck


async def test_nobody_waits_behind_somebody_else(tmp_path: Path) -> None:
    """While one person's message cannot be handled, their next waits behind it, and everyone else is answered."""
    async with living(tmp_path) as town:
        stuck, well = town.phone("Stuck"), town.phone("Well")
        for phone in (stuck, well):
            phone.phone.started = True
        (first,) = await _keep(town, [read_update(said(1, "/mydata", stuck.id))])
        await town.service.store.write(
            lambda unit: inbox.fail(unit, first.seq, "Invented", attempts_allowed=3, wait=timedelta(hours=1))
        )
        town.service.clerk.accept(await _keep(town, [read_update(said(2, "STOP", stuck.id))]))
        town.service.clerk.accept(await _keep(town, [read_update(said(3, "/mydata", well.id))]))
        await well.waits_for_count(1)
        await asyncio.sleep(0.2)
        assert stuck.from_bot() == []
        town.clock.turn(timedelta(hours=1))
        answers = await stuck.waits_for_count(2)
        assert "We keep nothing about you" in answers[1].text
        assert "We keep nothing about you, and we won't" not in answers[0].text


async def test_order_survives_a_restart(tmp_path: Path) -> None:
    """Messages that were kept and not handled when the service ended are answered in order by the next one."""
    async with living(tmp_path) as town:
        await town.service.stop()
    async with living(tmp_path) as town:
        phone = town.phone("Sam")
        phone.phone.started = True
        await _keep(
            town, [read_update(said(n, text, phone.id)) for n, text in enumerate(["/nonsense", "STOP", "/nonsense"])]
        )
        answers = [message.text for message in await phone.waits_for_count(3)]
    assert answers[0] == answers[2] != answers[1]


@pytest.mark.parametrize("fault", ["too_many", "error", "reset_before", "hang_before", "bad_json"])
async def test_polling_goes_on_after_any_fault_of_telegrams(fault: str, tmp_path: Path) -> None:
    """getUpdates that is refused, cut, late or no JSON is asked again, and what waited there is answered once."""
    async with living(tmp_path) as town:
        town.api.faults.add(fault, method="getUpdates", times=2, code=502)  # type: ignore[arg-type]
        sam = town.phone("Sam")
        await sam.says("/nonsense")
        if fault == "hang_before":
            return
        await sam.waits_for_count(1, within_s=15)
        await town.settle()
        assert len(sam.from_bot()) == 1
