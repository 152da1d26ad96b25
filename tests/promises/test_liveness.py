"""R5: nothing waits unseen. Whatever is due is sent, refused, expired or unknown within bounds, kills or no kills."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from sqlalchemy import Select, select

from sandbox.clock import monotonic
from storage.outbox import OUTBOX
from tests.promises.counts import count
from tests.promises.crash_checks import faults_of
from tests.promises.real_process import RealTown, real_town

pytestmark = pytest.mark.xdist_group("kills")

FIRST_SEND_WITHIN_S = 5.0
OLDEST_MOST_S = 60.0
PEOPLE = 160


async def test_after_a_kill_the_first_send_comes_in_five_seconds_and_nothing_waits_a_minute(tmp_path: Path) -> None:
    """160 people are due at once; the command is killed as it sends, and each next life takes over at once."""
    chance = random.Random(5)
    first_sends: list[float] = []
    async with real_town(tmp_path, PEOPLE) as real:
        await real.begin()
        watching = asyncio.create_task(_watch(real))
        await real.until("sends", 0, within_s=20)
        for _ in range(count(commit=3, night=20)):
            await asyncio.sleep(chance.uniform(0.0, 0.8))
            await real.kill()
            seen = real.sends
            await real.begin()
            await real.until("sends", seen, within_s=20)
            first_sends.append(monotonic() - real.begun_s)
        await real.rests(within_s=OLDEST_MOST_S)
        watching.cancel()
        await real.stop()
        faults = await asyncio.to_thread(faults_of, real.ready, real.play)
    assert not faults, "\n".join(faults)
    assert max(first_sends) <= FIRST_SEND_WITHIN_S, first_sends
    assert max(real.oldest_s) > 0.5, "nothing was seen to wait, so this proved nothing"
    assert max(real.oldest_s) <= OLDEST_MOST_S


async def _watch(real: RealTown) -> None:
    while True:
        waited = await asyncio.to_thread(real.waiting)
        real.oldest_s.append(waited or 0.0)
        await asyncio.sleep(0.1)


async def test_every_slot_that_came_ends_in_one_of_the_final_states(tmp_path: Path) -> None:
    """While Telegram fails in every way it can, each row still ends: sent, refused, expired or unknown, and is seen."""
    async with real_town(tmp_path, 24) as real:
        phones = sorted(real.town.api.world.phones)[1:]
        for number, kind in enumerate(("hang_before", "reset_before", "reset_after", "blocked", "bad_json", "error")):
            real.town.api.faults.add(kind, chat_id=phones[number * 4])  # type: ignore[arg-type]  # each is a FaultKind
        real.town.api.faults.add("too_many", method="sendMessage", retry_after_s=1)
        await real.begin()
        await real.until("sends", 0, within_s=OLDEST_MOST_S)
        await real.rests(within_s=OLDEST_MOST_S)
        await real.stop()
        states = _states(real, select(OUTBOX.c.state).where(OUTBOX.c.kind == "started"))
    assert len(states) == 24
    assert set(states) <= {"sent", "refused", "expired", "unknown"}
    assert states.count("refused") == 1
    assert states.count("unknown") == 4


def _states(real: RealTown, question: Select[str]) -> list[str]:
    return real.ready.asked(real.town, lambda unit: list(unit.connection.execute(question).scalars()))
