"""R6: stop, pause or block beats anything already queued: nothing we start arrives after it was committed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlmodel import col, select

from casework import resting
from casework.desk import Desk
from casework.resting import SendInHandError
from casework.rhythms import CHECK_IN
from sandbox.clock import monotonic
from storage.tables import OutboxRow, Person
from storage.unit import Unit
from tests.bot.passing_time import come_to_rest
from tests.crowd import Member, crowd, slots_now
from tests.living import Living, living
from tests.promises.counts import count

RACES = count(commit=300, night=10_000)
TOGETHER = 60
ANSWER_MS = 20
RACE_S = 0.2
QUESTION = "How's your week been"
ACTS: dict[str, Callable[[Desk, Person], object]] = {
    "stop": resting.stop,
    "pause": lambda desk, person: resting.pause(desk, person, 1),
}


async def _end(town: Living, member: Member, act: str) -> float:
    """Stop or pause in a Unit of its own; returns the moment just after its commit."""
    ended: list[float] = []

    def work(unit: Unit) -> None:
        ACTS[act](Desk(unit, town.service.office), unit.session.get_one(Person, member.person_id))

    while True:
        future = town.service.store.submit(work)
        # Called in the writer's thread, as soon as the commit is over.
        future.add_done_callback(lambda _done: ended.append(monotonic()))
        try:
            await asyncio.wrap_future(future)
        except SendInHandError:
            await asyncio.sleep(0.002)
        else:
            return ended[-1]


async def _race(town: Living, member: Member, act: str, lots: random.Random) -> tuple[Member, str, float]:
    """At some moment while check-ins are queued, claimed and sent, they end it. Returns when that was committed."""
    await asyncio.sleep(lots.random() * RACE_S)
    if act in ACTS:
        return member, act, await _end(town, member, act)
    if act == "block":
        member.phone.blocks()
        return member, act, monotonic()
    await member.phone.says("STOP")
    confirmed = await member.phone.waits_for("Stopped.", within_s=20)
    return member, act, next(one.monotonic_s for one in town.api.journal if one.message_id == confirmed.id)


async def test_nothing_we_start_arrives_after_they_ended_it(tmp_path: Path) -> None:
    """300 races: typed STOP, stop, pause and block against a check-in on its way. 0 arrive afterwards, now or later."""
    lots = random.Random(6)
    ends: list[tuple[Member, str, float]] = []
    async with living(tmp_path, sends_per_second=300) as town:
        town.api.faults.add("slow", method="sendMessage", times=None, delay_ms=ANSWER_MS)
        for _ in range(RACES // TOGETHER):
            members = await crowd(town, TOGETHER)
            await slots_now(town, members)
            ticking = asyncio.create_task(town.service.ticker.tick())
            acts = [("typed", "stop", "pause", "block")[place % 4] for place in range(TOGETHER)]
            ends += await asyncio.gather(*(_race(town, *pair, lots) for pair in zip(members, acts, strict=True)))
            await ticking
            await come_to_rest(town)
        assert len(ends) == RACES - RACES % TOGETHER
        assert _arrived_after(town, ends) == []
        states = await town.service.store.read(_states)
        assert min(states["sent"], states["withdrawn"]) > len(ends) // 20, states
        await _nothing_later_either(town, ends)


def _arrived_after(town: Living, ends: list[tuple[Member, str, float]]) -> list[str]:
    """Which ends were followed by something we started, as the phones saw it."""
    at = {member.phone.id: (act, moment) for member, act, moment in ends}
    late = []
    for one in town.api.journal:
        act, moment = at[one.chat_id]
        if one.method == "sendMessage" and QUESTION in one.text and one.monotonic_s > moment:
            late.append(f"{act}: {one.monotonic_s - moment:.4f} s after")
    return late


async def _nothing_later_either(town: Living, ends: list[tuple[Member, str, float]]) -> None:
    """Another slot of everybody's comes: those who ended it get nothing, someone who did not gets theirs."""
    others = await crowd(town, 3)
    began = len(town.api.world.calls)
    await slots_now(town, [member for member, _, _ in ends] + others)
    await come_to_rest(town)
    called = Counter(chat for method, chat, _ in list(town.api.world.calls)[began:] if method == "sendmessage")
    assert called == {member.phone.id: 1 for member in others}


def _states(unit: Unit) -> Counter[str]:
    return Counter(unit.session.exec(select(OutboxRow.state).where(col(OutboxRow.name) == CHECK_IN)).all())
