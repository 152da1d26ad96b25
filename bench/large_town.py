"""All of England's care leavers aged 17 to 21 in one database, and what is measured on it.

One team of 655, an adviser's caseload of 25 inside it, and one team of everybody: so the tick, the plan and the table
are seen at the sizes that matter and at one nobody will have.
"""

from __future__ import annotations

import asyncio
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bench.figures import median, percentile, spread
from bench.processes import StubServer, service
from bench.table import Row
from bench.town import Settled, Settler, open_town, sign_in_as
from bot.clock import SystemClock
from bot.service import spare_what_stays
from bot.ticker import Ticker
from casework import planning
from casework.desk import Desk

EVERYBODY, TEAM, CASELOAD = 53_240, 655, 25
PLAN_AIM_S = 2.0
TABLE_AIMS_MS = {CASELOAD: 50, TEAM: 200}
PAGES, LOOKS, TICKS = 40, 300, 50


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands at one instant; only its monotonic side goes on."""

    instant: datetime

    def now(self) -> datetime:
        """The instant."""
        return self.instant

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


def measure(folder: Path, stub: StubServer, turns: int) -> list[Row]:
    """The rows of this measure."""
    home, next_slot_utc = folder / "england", SystemClock().now() + timedelta(days=3)
    settler = Settler(home, SystemClock())
    everybody = settler.team("England", EVERYBODY, next_slot_utc)
    team = settler.team("Leaving Care", TEAM, next_slot_utc + timedelta(days=30))
    viewers = _sign_in(settler, everybody, team)
    settler.store.close()
    return [
        *_planning(home, next_slot_utc + timedelta(minutes=1), turns),
        *_nothing_due(home),
        *_pages(home, stub, viewers),
    ]


def _sign_in(settler: Settler, everybody: Settled, team: Settled) -> dict[int, str]:
    """A session for someone who sees so many people."""
    viewers = {CASELOAD: team.adviser_ids[0], TEAM: team.manager_id, EVERYBODY: everybody.manager_id}
    for size, person_id in viewers.items():
        sign_in_as(settler.store, person_id, f"bench-{size}")
    return {size: f"bench-{size}" for size in viewers}


@contextmanager
def _ticker(home: Path, now: datetime) -> Iterator[tuple[Ticker, Callable[[], int]]]:
    """The service's own ticker on this database at this instant, and a look at what is due."""
    store, office = open_town(home, FixedClock(now))
    try:
        look = lambda: len(store.read_now(lambda unit: planning.next_batch(Desk(unit, office))))  # noqa: E731
        yield Ticker(store, office, 30, lambda: None), look
    finally:
        store.close()


def _planning(home: Path, now: datetime, turns: int) -> list[Row]:
    """One tick that finds everybody's check-in due: asked, queued, sealed, next slot and ladder planned, committed."""
    took_s, cpu_s = [], []
    spare_what_stays()  # as the service does when it has started
    for turn in range(turns):
        copy = home.parent / f"planned{turn}"
        shutil.copytree(home, copy)
        with _ticker(copy, now) as (ticker, _):
            before, cpu_before = time.perf_counter(), time.process_time()
            done = asyncio.run(ticker.tick())
            took_s.append(time.perf_counter() - before)
            cpu_s.append(time.process_time() - cpu_before)
        shutil.rmtree(copy)
        if done != EVERYBODY:
            raise RuntimeError(f"{done} of {EVERYBODY} were planned")
    each_us = [seconds / EVERYBODY * 1e6 for seconds in cpu_s]
    met = median(took_s) < PLAN_AIM_S
    return [
        Row(
            f"plan and ask all {EVERYBODY:,} who are due at once, s", spread(took_s, 2), f"under {PLAN_AIM_S:.0f}", met
        ),
        Row("the same, processor µs a person", spread(each_us)),
    ]


def _nothing_due(home: Path) -> list[Row]:
    """What the tick costs every 30 seconds of the year, with everybody's next slot planned and none due."""
    with _ticker(home, SystemClock().now()) as (ticker, look):
        looks_ms = [_timed_ms(look) for _ in range(LOOKS)]

        async def ticks() -> list[float]:
            return [await _tick_ms(ticker) for _ in range(TICKS)]

        ticks_ms = asyncio.run(ticks())
    return [
        Row(f"what is due now, among {EVERYBODY:,}: p50 / p99 ms", _p50_p99(looks_ms)),
        Row("a whole tick with nothing due: p50 / p99 ms", _p50_p99(ticks_ms)),
    ]


async def _tick_ms(ticker: Ticker) -> float:
    before = time.perf_counter()
    await ticker.tick()
    return (time.perf_counter() - before) * 1000


def _pages(home: Path, stub: StubServer, viewers: dict[int, str]) -> list[Row]:
    """The caseload table over HTTP from the running service, signed in. The table shows 100 people a page."""
    stub.start()
    rows = []
    with service(stub, home) as ours:
        for size, session_id in viewers.items():
            asked = urllib.request.Request(f"{ours.address}/people", headers={"Cookie": f"session={session_id}"})
            took_ms = [_timed_ms(partial(_get, asked)) for _ in range(PAGES)][1:]
            aim_ms = TABLE_AIMS_MS.get(size)
            p50_ms = percentile(took_ms, 0.5)
            rows.append(
                Row(
                    f"caseload table of {size:,} people over HTTP: p50 / p95 ms",
                    f"{p50_ms:.1f} / {percentile(took_ms, 0.95):.1f}",
                    f"under {aim_ms}" if aim_ms else "",
                    p50_ms < aim_ms if aim_ms else None,
                )
            )
    return rows


def _get(asked: urllib.request.Request) -> int:
    with urllib.request.urlopen(asked, timeout=60) as answer:
        body: bytes = answer.read()
    if b"Sam" not in body:
        raise RuntimeError("this is not the caseload table")
    return len(body)


def _timed_ms(work: Callable[[], int]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


def _p50_p99(took_ms: list[float]) -> str:
    return f"{percentile(took_ms, 0.5):.2f} / {percentile(took_ms, 0.99):.2f}"
