"""C1 and C3 through the running service: one contact a slot, whatever the clocks of the country or the machine do."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.service import start_service
from casework.desk import Desk
from casework.rhythms import Agreed, agree
from sandbox.bot_api import BotApi
from sandbox.clock import TownClock
from storage.tables import CheckIn, Person
from storage.unit import Unit
from tests.crowd import Member, crowd
from tests.living import Living, living, settings_for
from tests.promises.counts import count

LONDON = ZoneInfo("Europe/London")
# The night (spring, then autumn) on which each year's clocks change: the last Sundays of March and October.
CHANGES = [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 3, 26), dt.date(2028, 10, 29),
           dt.date(2029, 3, 25), dt.date(2029, 10, 28), dt.date(2030, 3, 31), dt.date(2030, 10, 27)]  # fmt: skip
CHANGES = CHANGES[: count(commit=4, night=8)]
# Hours that are skipped or repeated on such a night. Nothing leaves in quiet hours, and by 08:00 these are late.
NIGHT = [dt.time(0, 30), dt.time(1, 0), dt.time(1, 30), dt.time(2, 30)]
DAY = [dt.time(8), dt.time(12, 30), dt.time(17), dt.time(20)]
JUMPS = count(commit=200, night=5_000)
QUESTION = "How's your week been"


class JumpyClock(TownClock):
    """A machine's clock that somebody sets: the date jumps, what counts seconds does not."""

    jumped = dt.timedelta()

    def now(self) -> dt.datetime:
        return super().now() + self.jumped


async def _with_rhythms(town: Living, times: list[dt.time]) -> dict[Member, dt.time]:
    """Someone for each of the times, asked every day."""
    members = await crowd(town, len(times))

    def settle_on(unit: Unit) -> None:
        desk = Desk(unit, town.service.office)
        for one, at in zip(members, times, strict=True):
            agree(desk, unit.session.get_one(Person, one.person_id), Agreed(1, None, at))

    await town.service.store.write(settle_on)
    return dict(zip(members, times, strict=True))


def _asked(town: Living, member: Member) -> list[dt.datetime]:
    """When this phone was asked, in local time."""
    mine = [one for one in town.api.journal if one.chat_id == member.phone.id and QUESTION in one.text]
    return [one.at.astimezone(LONDON) for one in mine]


async def _slots(town: Living) -> dict[tuple[int, dt.date], list[str]]:
    """What became of each slot, by person and local date."""

    def look(unit: Unit) -> dict[tuple[int, dt.date], list[str]]:
        found = defaultdict(list)
        for slot in unit.session.exec(select(CheckIn)):
            found[slot.person_id, slot.local_date].append(slot.state)
        return dict(found)

    return await town.service.store.read(look)


@pytest.mark.parametrize("change", CHANGES, ids=str)
async def test_one_contact_a_slot_across_a_clock_change(change: dt.date, tmp_path: Path) -> None:
    """Every date has one slot for each person: asked once and at their hour by day, left out with a reason by night."""
    start = dt.datetime.combine(change - dt.timedelta(days=2), dt.time(12), LONDON).astimezone(dt.UTC)
    dates = [change + dt.timedelta(days=day) for day in (-1, 0, 1)]
    async with living(tmp_path, start=start) as town:
        people = await _with_rhythms(town, NIGHT + DAY)
        await town.turn(days=3, hours=11)
        slots = await _slots(town)
        for member, at in people.items():
            asked = [(one.date(), one.time().replace(second=0, microsecond=0)) for one in _asked(town, member)]
            assert asked == ([(date, at) for date in dates] if at in DAY else [])
            ended = {date: slots[member.person_id, date] for date in dates}
            assert ended == {date: ["missed" if at in DAY else "expired"] for date in dates[:-1]} | {
                dates[-1]: ["asked" if at in DAY else "expired"]
            }


async def test_a_clock_that_jumps_an_hour_makes_no_second_contact_and_misses_none(tmp_path: Path) -> None:
    """200 jumps of an hour, forward and back, at any moment of the day: each date asked once, none left out."""
    lots = random.Random(3)
    clock = JumpyClock(dt.datetime(2027, 3, 22, 9, tzinfo=dt.UTC))
    async with BotApi(clock=clock) as api:
        settings = settings_for(tmp_path, api)
        service = await start_service(settings, clock)
        town = Living(api, service, clock, settings)
        people = await _with_rhythms(town, [dt.time(12, 30), dt.time(15, 0), dt.time(17, 0)])
        days = JUMPS // 8
        for _ in range(days * 4):
            await town.turn(hours=lots.uniform(1, 5))
            clock.jumped = dt.timedelta(hours=lots.choice((-1, 1)))
            await town.settle()
            await town.turn(minutes=lots.uniform(1, 50))
            clock.jumped = dt.timedelta()
            await town.settle()
        last = clock.now().astimezone(LONDON).date()
        dates = [dt.date(2027, 3, 23) + dt.timedelta(days=day) for day in range((last - dt.date(2027, 3, 23)).days)]
        for member in people:
            asked = Counter(one.date() for one in _asked(town, member) if one.date() < last)
            assert asked == Counter(dates)
        # Nobody answers, so each is missed as soon as the next is asked.
        assert {tuple(ends) for ends in (await _slots(town)).values()} == {("asked",), ("missed",)}
        await service.stop()
