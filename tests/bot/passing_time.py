"""Letting time pass also while Telegram makes us wait, which `Living.turn` takes for a service that cannot rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from casework import planning
from storage import outbox, sends
from storage.unit import Unit
from tests.living import Living

LOOKS = 4
LOOK_S = 0.01
LONGEST_STEP = timedelta(seconds=4)


async def pass_time(town: Living, **by: float) -> None:
    """Turn the clock on to wherever something is due; or, if that may not leave yet, by some seconds."""
    end = town.clock.now() + timedelta(**by)
    step = timedelta(seconds=1)
    while True:
        await come_to_rest(town)
        now = town.clock.now()
        if now >= end:
            return
        due = await town.service.store.read(planning.next_moment) or end
        step = min(2 * step, LONGEST_STEP) if due <= now else timedelta(seconds=1)
        town.clock.turn(min(end, max(due, now + step)) - now + timedelta(milliseconds=1))


async def come_to_rest(town: Living) -> None:
    """Do what is due and wait until nothing is in hand; what only the pace holds back may still wait."""
    await town.service.ticker.tick()
    quiet = 0
    for _ in range(2_000):
        town.service.sender.wake()
        await asyncio.sleep(LOOK_S)
        # Asked in the writer's line, so that a slow disk holds this up as well as the claim before it.
        waits, in_hand = await town.service.store.write(_waits_and_in_hand)
        if in_hand or not town.service.sender.idle or town.service.clerk.open:
            quiet = 0
            continue
        quiet += 1
        if quiet >= (LOOKS if waits else 2):
            return
    raise AssertionError("something stayed in hand")


def _waits_and_in_hand(unit: Unit) -> tuple[bool, bool]:
    return bool(sends.candidates(unit, 1, [])), bool(outbox.counts(unit).get("claimed"))
