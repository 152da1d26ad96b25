"""R1 and R2: SIGKILL at any step loses nothing people said and repeats nothing we started.

A failure prints the scenario and the steps its lives died at. To play just that again:
`KEEPINTOUCH_KILLS="scenario:12,40" pytest tests/promises/test_crash.py -k random`.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.crash import Play
from sandbox.crash_nursery import Nursery
from tests.promises.counts import count
from tests.promises.crash_checks import Ready, faults_of, played
from tests.promises.crash_scenarios import SCENARIOS, Scenario
from tests.promises.real_process import RealTown, real_town

pytestmark = pytest.mark.xdist_group("kills")

LANES = 4
SEED = int(os.environ.get("KEEPINTOUCH_SEED", "20261121"))
AGAIN = os.environ.get("KEEPINTOUCH_KILLS", "")
SHARDS = 2


@dataclass
class Lanes:
    """Many plays, a few at a time, each in a folder of its own, until there were `enough` deaths (0: until the end)."""

    nursery: Nursery
    folder: Path
    waiting: list[tuple[Ready, Sequence[int]]] = field(default_factory=list)
    enough: int = 0
    deaths: int = 0
    held: int = 0
    faults: list[str] = field(default_factory=list)

    async def play_all(self) -> None:
        """Play everything that waits."""
        numbered = list(enumerate(self.waiting))
        numbered.reverse()
        await asyncio.gather(*(self._lane(numbered) for _ in range(LANES)))

    async def _lane(self, numbered: list[tuple[int, tuple[Ready, Sequence[int]]]]) -> None:
        while numbered and (not self.enough or self.deaths < self.enough):
            number, (ready, kills) = numbered.pop()
            play, faults = await self._play(ready, self.folder / f"play-{number}", kills)
            self.faults += [f"{ready.scenario.name}:{','.join(map(str, kills))} seed {SEED}: {one}" for one in faults]
            self.deaths += 0 if play is None else len(play.autopsies)
            self.held += 0 if play is None else bool(play.held)

    async def _play(self, ready: Ready, folder: Path, kills: Sequence[int]) -> tuple[Play | None, list[str]]:
        try:
            return await played(self.nursery.address, ready, folder, kills)
        except Exception as error:  # the steps must be told with it
            return None, [f"{type(error).__name__}: {error}"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
async def test_a_kill_at_every_step_loses_and_repeats_nothing(
    scenario: Scenario, nursery: Nursery, tmp_path: Path
) -> None:
    """Whatever step the service dies at, all that was said is done and answered once, and nothing is asked twice."""
    ready = Ready(scenario, tmp_path / "ready")
    whole, faults = await played(nursery.address, ready, tmp_path / "whole", [])
    assert not faults
    assert not whole.held
    lanes = Lanes(nursery, tmp_path, [(ready, [step]) for step in range(1, len(whole.taken) + 1)])
    await lanes.play_all()
    assert not lanes.faults, "\n".join(lanes.faults)
    # A run that counted its steps a little shorter may outlive the last few of them.
    assert lanes.deaths >= len(lanes.waiting) * 0.9


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_random_kills_up_to_three_in_a_row_lose_and_repeat_nothing(
    shard: int, nursery: Nursery, tmp_path: Path
) -> None:
    """Dying again on the way back, even before anything was recovered, changes nothing of the promise."""
    ready = {one.name: Ready(one, tmp_path / one.name) for one in SCENARIOS}
    chance = random.Random(SEED * SHARDS + shard)
    wanted = count(commit=300, night=10_000) // SHARDS
    lanes = Lanes(nursery, tmp_path, enough=wanted)
    lanes.waiting = [(ready[name], kills) for name, kills in plays_again() or random_plays(chance, wanted)]
    await lanes.play_all()
    assert not lanes.faults, "\n".join(lanes.faults)
    assert AGAIN or lanes.deaths >= wanted


def plays_again() -> list[tuple[str, list[int]]]:
    """The plays that were asked for by name, if any were."""
    asked = [one.partition(":") for one in AGAIN.split()]
    return [(name, [int(step) for step in steps.split(",")]) for name, _, steps in asked]


def random_plays(chance: random.Random, kills: int) -> list[tuple[str, list[int]]]:
    """Plays with so many kills in all and some to spare, for lives that come to their end before their kill."""
    plays: list[tuple[str, list[int]]] = []
    planned = 0
    while planned < kills * 1.6:
        first = chance.randint(1, 120)
        again = [chance.randint(1, 60) for _ in range(chance.choice((1, 2, 2)))]
        plays.append((chance.choice(SCENARIOS).name, [first, *again]))
        planned += 1 + len(again)
    return plays


async def test_kills_with_a_webhook_lose_and_repeat_nothing(nursery: Nursery, tmp_path: Path) -> None:
    """What was answered with 200 is kept: the same promise when Telegram posts instead of being asked."""
    chance = random.Random(SEED)
    faults: list[str] = []
    deaths = 0
    for scenario in SCENARIOS[1:3]:
        ready = Ready(scenario, tmp_path / scenario.name)
        for number in range(count(commit=6, night=300)):
            kills = [chance.randint(10, 120), chance.randint(5, 60)]
            folder = tmp_path / f"{scenario.name}-{number}"
            play, found = await played(nursery.address, ready, folder, kills, webhook=True)
            faults += [f"{scenario.name} by webhook {kills}: {one}" for one in found]
            deaths += len(play.autopsies)
    assert not faults, "\n".join(faults)
    assert deaths >= count(commit=12, night=600)


async def test_kill_9_of_the_real_command_by_wall_clock_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """`keepintouch run` is killed again and again while people chat and slots come round: the same promise."""
    chance = random.Random(SEED)
    kills = count(commit=5, night=200)
    async with real_town(tmp_path, people=kills * 8, every_s=0.2) as real:
        talking = [asyncio.create_task(_chats(real, number, random.Random(number))) for number in range(4)]
        for _ in range(kills):
            seen = real.calls
            await real.begin()
            await real.until("calls", seen, within_s=20)
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            await real.kill()
        for task in talking:
            task.cancel()
        await asyncio.wait(talking)
        await real.begin()
        await real.rests(within_s=60)
        await real.stop()
        faults = await asyncio.to_thread(faults_of, real.ready, real.play)
    assert not faults, f"seed {SEED}:\n" + "\n".join(faults)
    assert real.sends > kills * 8


async def _chats(real: RealTown, number: int, chance: random.Random) -> None:
    """Somebody types, reads whatever comes within a second, and types again."""
    phone = real.town.api.person(f"Person{number}")
    while True:
        await phone.says(chance.choice(("/start", "can I get a bus pass", "/mydata", "/pause", "thanks")))
        answers = len(phone.from_bot())
        for _ in range(100):
            await asyncio.sleep(0.01)
            if len(phone.from_bot()) > answers:
                break
