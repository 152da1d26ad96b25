"""R7: SIGTERM finishes the send in hand and leaves nothing claimed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rules.access import Role
from sandbox.bot_api import BotApi
from sandbox.clock import monotonic
from sandbox.crash import Life, Play, Town, look_into
from sandbox.crash_nursery import Nursery
from sandbox.shared_clock import SharedClock
from sandbox.world import World
from storage.tables import OutboxRow
from tests.promises.counts import count
from tests.promises.crash_checks import Ready, world_of
from tests.promises.crash_scenarios import ASKED, JO, Scenario
from tests.promises.crash_stage import Stage, copy_stage, settings_in

pytestmark = pytest.mark.xdist_group("kills")

STOPS = count(commit=50, night=500)
STOP_WITHIN_S = 10.0
PEOPLE = 30
LANES = 4
SEED = 77


def _all_are_due(stage: Stage) -> None:
    stage.joins(Role.ADVISER, JO)
    for number in range(PEOPLE):
        stage.joins(Role.CARE_LEAVER, f"Person{number} Invented", by=JO)
    stage.time_comes(days=2, hours=6, minutes=59, seconds=58)
    stage.clock.turn(timedelta(seconds=1))


async def _nothing(_play: Play) -> None:
    return


DUE = Scenario("all_are_due", _all_are_due, _nothing, lambda _play, _unit: [], (ASKED,))


async def test_fifty_stops_in_mid_send_are_quick_and_leave_nothing_unknown_or_claimed(
    nursery: Nursery, tmp_path: Path
) -> None:
    """Whenever SIGTERM comes, what is on its way is finished and on record, and what people said is kept."""
    ready = Ready(DUE, tmp_path / "ready")
    numbers = list(range(STOPS))
    faults: list[str] = []
    stopped: list[float] = []

    async def lane() -> None:
        while numbers:
            number = numbers.pop()
            took_s, found = await _stop_once(
                nursery, ready, tmp_path / str(number), random.Random(SEED * 1000 + number)
            )
            faults.extend(f"stop {number}: {one}" for one in found)
            stopped.append(took_s)

    await asyncio.gather(*(lane() for _ in range(LANES)))
    assert not faults, "\n".join(faults)
    assert len(stopped) == STOPS
    assert max(stopped) <= STOP_WITHIN_S


async def _stop_once(nursery: Nursery, ready: Ready, folder: Path, chance: random.Random) -> tuple[float, list[str]]:
    """Stop a service that has sent a few of its messages; the seconds it took, and what was wrong afterwards."""
    copy_stage(ready.folder, folder)
    clock = SharedClock.starting(folder / "clock", ready.begins_utc)
    world = world_of(ready, clock)
    async with BotApi(clock=clock, world=world) as api:
        api.faults.add("slow", method="sendMessage", times=None, delay_ms=chance.randint(20, 400))
        town = Town(nursery.address, folder, clock, api, settings_in(folder, telegram_api=api.root_url, **PACED))
        life = await Life.begin(nursery.address, town.job(0, whole=True))
        await _sends_begin(world, chance.randint(1, 12))
        await api.person(f"Person{chance.randrange(PEOPLE)}").says("/start")
        await asyncio.sleep(chance.uniform(0.0, 0.05))
        began = monotonic()
        os.kill(life.pid, signal.SIGTERM)
        last_words = await asyncio.wait_for(life.ended(), 30)
        took_s = monotonic() - began
        await asyncio.sleep(0)
        autopsy = await asyncio.to_thread(look_into, town, 0)
    faults = [] if b"stopped" in last_words else [f"it did not stop by itself:\n{town.log()}"]
    faults += [f"{key} is left claimed" for key, _ in autopsy.claimed] + [f"lost: {one}" for one in autopsy.lost]
    return took_s, faults + ready.asked(town, lambda unit: _recorded(world, list(unit.session.scalars(ROWS))))


PACED = {"sends_per_second": "25", "chat_rest_seconds": "1"}
ROWS = select(OutboxRow)


async def _sends_begin(world: World, count_wanted: int) -> None:
    ends = monotonic() + 20
    while sum(1 for method, _, _ in world.calls if method == "sendmessage") < count_wanted:
        assert monotonic() < ends, "no sends came"
        await asyncio.sleep(0.003)


def _recorded(world: World, rows: list[OutboxRow]) -> list[str]:
    """What reached a phone is on record as sent under its own id, and nothing else is."""
    on_phones = sorted(one.message_id for one in world.journal)
    on_record = sorted(one.message_id or 0 for one in rows if one.state == "sent" and one.message_id is not None)
    faults = [] if on_phones == on_record else [f"phones {on_phones}, rows {on_record}"]
    return faults + [f"{one.key} is {one.state}" for one in rows if one.state in ("unknown", "claimed", "refused")]


async def test_a_stop_does_not_wait_for_a_telegram_that_hangs(nursery: Nursery, tmp_path: Path) -> None:
    """A send with no answer is given its time and is on record as unknown, and the stop is over in ten seconds."""
    ready = Ready(DUE, tmp_path / "ready")
    folder = tmp_path / "town"
    copy_stage(ready.folder, folder)
    clock = SharedClock.starting(folder / "clock", ready.begins_utc)
    world = world_of(ready, clock)
    async with BotApi(clock=clock, world=world) as api:
        api.faults.add("hang_before", method="sendMessage", times=None)
        town = Town(nursery.address, folder, clock, api, settings_in(folder, telegram_api=api.root_url, **PACED))
        life = await Life.begin(nursery.address, town.job(0, whole=True))
        await _sends_begin(world, 3)
        began = monotonic()
        os.kill(life.pid, signal.SIGTERM)
        assert b"stopped" in await asyncio.wait_for(life.ended(), 30)
        assert monotonic() - began <= STOP_WITHIN_S
        assert not look_into(town, 0).claimed
    states = ready.asked(town, lambda unit: [one.state for one in unit.session.scalars(ROWS)])
    assert states.count("unknown") >= 3
