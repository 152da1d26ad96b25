"""T2 and outages: a 429 is obeyed to the second and costs no attempt; a silent Telegram leaves few sends unknown."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from sqlmodel import select

from casework.rhythms import CHECK_IN
from rules.sending import Kind
from sandbox.clock import monotonic
from storage import outbox, sends
from storage.outbox import ToSend
from storage.tables import OutboxRow
from storage.unit import Unit
from tests.bot.passing_time import come_to_rest, pass_time
from tests.crowd import crowd, slots_now
from tests.living import Living, living
from tests.promises.counts import count

SENDS = count(commit=400, night=50_000)
PEOPLE = 80
# A request may be on its way while the 429 comes back.
ON_ITS_WAY_S = 0.03


async def _queue_replies(town: Living, sends: int) -> None:
    """One reply each for so many people who have started the bot."""
    phones = [town.api.world.add_person(f"Guest {number}", started=True) for number in range(sends)]

    def queue(unit: Unit) -> None:
        outbox.add(
            unit,
            [
                ToSend(
                    key=f"test:{phone.person.id}",
                    kind=Kind.REPLY,
                    priority=Kind.REPLY.priority,
                    name="test",
                    method="sendMessage",
                    body={"text": "hello"},
                    chat_id=phone.person.id,
                )
                for phone in phones
            ],
        )

    await town.service.store.write(queue)


async def _rows(town: Living, name: str) -> list[OutboxRow]:
    return await town.service.store.read(
        lambda unit: list(unit.session.exec(select(OutboxRow).where(OutboxRow.name == name)))
    )


async def test_a_429_is_obeyed_to_the_second(tmp_path: Path) -> None:
    """After each "wait 1 s" nothing leaves for that second; all are sent once, and no attempt is spent."""
    async with living(tmp_path, sends_per_second=500) as town:
        await _queue_replies(town, SENDS)
        struck: list[float] = []
        for _ in range(3):
            await asyncio.sleep(0.15)
            fault = town.api.faults.add("too_many", method="sendMessage", retry_after_s=1)
            for _ in range(5_000):
                if not fault.left:
                    break
                await asyncio.sleep(0.001)
            struck.append(monotonic())
            await asyncio.sleep(1.0)
        await come_to_rest(town)
        calls = [at for method, _, at in town.api.world.calls if method == "sendmessage"]
        too_soon = [at - began for began in struck for at in calls if began + ON_ITS_WAY_S < at < began + 0.99]
        assert len(calls) == SENDS + 3
        assert too_soon == []
        assert Counter(one.chat_id for one in town.api.journal) == dict.fromkeys(town.api.world.phones, 1)
        assert {(row.state, row.attempts) for row in await _rows(town, "test")} == {("sent", 0)}


async def test_an_outage_leaves_few_sends_unknown(tmp_path: Path) -> None:
    """While Telegram answers nothing for minutes, only the first burst and a slow probing are left unknown."""
    async with living(tmp_path, sends_per_second=25, send_wait_seconds=2) as town:
        fault = town.api.faults.add("hang_before", method="sendMessage", times=None)
        await slots_now(town, await crowd(town, PEOPLE))
        await town.service.ticker.tick()
        await asyncio.sleep(2.5)
        await pass_time(town, seconds=50)
        town.api.faults.clear(fault.id)
        await pass_time(town, seconds=65)
        await _until_all_left(town)
        states = Counter(row.state for row in await _rows(town, CHECK_IN))
        assert 0 < states["unknown"] <= 25 + 10, states
        assert states["sent"] == PEOPLE - states["unknown"]
        assert len(town.api.journal) == states["sent"]


async def _until_all_left(town: Living) -> None:
    for _ in range(400):
        if not await town.service.store.read(lambda unit: sends.candidates(unit, 1, [])):
            break
        await asyncio.sleep(0.05)
    await come_to_rest(town)


async def test_a_row_that_cannot_be_claimed_holds_up_nobody(tmp_path: Path) -> None:
    """A row of a kind nobody knows is set aside by itself; the sender lives, and everyone else gets theirs."""
    async with living(tmp_path) as town:
        odd = ToSend("odd", "invented", 0, "test", "sendMessage", {"text": "hello"}, chat_id=1)
        await town.service.store.write(lambda unit: outbox.add(unit, [odd]))
        await _queue_replies(town, 20)
        await town.settle()
        states = Counter((row.kind, row.state) for row in await _rows(town, "test"))
        assert states == {("invented", "refused"): 1, ("reply", "sent"): 20}
        assert len(town.api.journal) == 20
