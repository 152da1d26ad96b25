"""C4: a stalled loop delays and never drops. The tick carries no meaning; the rows do."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from casework.rhythms import CHECK_IN
from storage import due
from storage.tables import CheckIn, Due, OutboxRow
from storage.unit import Unit
from tests.crowd import Member, crowd
from tests.living import Living, living

PEOPLE = 12
QUESTION = "How's your week been"


async def _slots_every(town: Living, members: list[Member], seconds: float) -> None:
    """One slot after another falls due, so far apart, beginning now."""

    def plan(unit: Unit) -> None:
        for place, one in enumerate(members):
            due.cancel(unit, one.person_id, CHECK_IN)
            when = unit.now + timedelta(seconds=place * seconds)
            due.plan(unit, [due.ToPlan(f"{one.person_id}:{CHECK_IN}", one.person_id, CHECK_IN, when)])

    await town.service.store.write(plan)


def _asked(town: Living) -> Counter[int]:
    return Counter(one.chat_id for one in town.api.journal if QUESTION in one.text)


@pytest.mark.parametrize("stall_s", [0, 0.5, 1, 2, 3, 5, 10, 30, 60, 90, 120])
async def test_what_fell_due_in_a_stall_is_done_once_afterwards(stall_s: float, tmp_path: Path) -> None:
    """Rows due at any moment of a stall are all there for the next tick, and done once, in their order."""
    async with living(tmp_path) as town:
        members = await crowd(town, PEOPLE)
        await _slots_every(town, members, stall_s / PEOPLE)
        town.clock.turn(timedelta(seconds=stall_s))
        await town.settle()
        await town.service.ticker.tick()
        await town.settle()
        assert _asked(town) == Counter(one.phone.id for one in members)
        rows = await town.service.store.read(
            lambda unit: unit.session.exec(select(OutboxRow.person_id).order_by(col(OutboxRow.id))).all()
        )
        assert list(rows) == [one.person_id for one in members]


async def test_a_loop_that_stands_still_for_seconds_ticks_again_at_once(tmp_path: Path) -> None:
    """The real scheduler, every 0.2 s, and a loop blocked for 2.5 s: the tick comes late, and every row is done."""
    async with living(tmp_path, tick_seconds=0.2) as town:
        members = await crowd(town, PEOPLE)
        await _slots_every(town, members, 0.2)
        time.sleep(2.5)  # noqa: ASYNC251  # a loop that stands still is the point
        for one in members:
            await one.phone.waits_for(QUESTION, within_s=2)
        assert _asked(town) == Counter(one.phone.id for one in members)


@pytest.mark.parametrize(
    ("late", "state"), [({"hours": 4.9}, "asked"), ({"hours": 5.1}, "expired"), ({"days": 9}, "expired")]
)
async def test_a_slot_found_too_late_is_a_row_with_its_reason(
    late: dict[str, float], state: str, tmp_path: Path
) -> None:
    """Beyond five hours nothing is sent and each slot says so; before, it is asked. The next one is planned."""
    async with living(tmp_path) as town:
        members = await crowd(town, 3)
        await _slots_every(town, members, 0)
        town.clock.turn(timedelta(**late))
        await town.settle()
        slots = await town.service.store.read(lambda unit: unit.session.exec(select(CheckIn.state)).all())
        assert len(slots) >= 3
        assert set(slots) == {state}
        assert sum(_asked(town).values()) == (3 if state == "asked" else 0)
        planned = await town.service.store.read(
            lambda unit: unit.session.exec(select(Due.due_utc).where(col(Due.what) == CHECK_IN)).all()
        )
        assert len(planned) == 3
        assert min(planned) > town.clock.now()


async def test_a_row_nobody_understands_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    """It is kept with the name of its error, is not tried again, and everyone else is asked in the same tick."""
    async with living(tmp_path) as town:
        members = await crowd(town, 5)
        await _slots_every(town, members, 0)
        odd = due.ToPlan("odd", members[0].person_id, "invented", town.clock.now() - timedelta(minutes=1))
        await town.service.store.write(lambda unit: due.plan(unit, [odd]))
        for _ in range(3):
            await town.settle()
        failed = await town.service.store.read(
            lambda unit: unit.session.exec(select(Due.failed).where(col(Due.key) == "odd")).one()
        )
        assert failed == "LookupError"
        assert _asked(town) == Counter(one.phone.id for one in members)


async def test_ticks_never_run_beside_each_other(tmp_path: Path) -> None:
    """Many at once do everything once."""
    async with living(tmp_path) as town:
        members = await crowd(town, PEOPLE)
        await _slots_every(town, members, 0)
        done = await asyncio.gather(*(town.service.ticker.tick() for _ in range(10)))
        assert sum(done) == PEOPLE
        await town.settle()
        assert _asked(town) == Counter(one.phone.id for one in members)
