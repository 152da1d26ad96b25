"""Two services on one database: both take in, one polls, ticks and sends; when it goes the other goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import text

from bot.service import Service, start_service
from rules.access import Role
from sandbox.clock import monotonic
from storage.engine import database_url as known_url
from storage.engine import writing_engine
from tests.living import Living, living

PATIENCE_S = 10.0


@contextlib.asynccontextmanager
async def _two(folder: Path, database_url: str) -> AsyncIterator[tuple[Living, Service, Service]]:
    """The town's service, which leads, and a second one beside it."""
    async with living(folder, database_url=database_url) as town:
        first = town.service
        second = await start_service(town.settings, town.clock)
        try:
            yield town, first, second
        finally:
            await second.stop()


async def _one_leads(*services: Service) -> None:
    """Wait until one of these leads; never do two."""
    ends = monotonic() + PATIENCE_S
    while not any(leads := [one.leading.now for one in services]):
        assert monotonic() < ends, "nobody took the lead"
        await asyncio.sleep(0.01)
    assert leads.count(True) == 1


async def _steps_down(service: Service) -> None:
    """Wait until this one knows that it lost the lead, and has told its parts."""
    ends = monotonic() + PATIENCE_S
    while service.leading.now:
        assert monotonic() < ends, "it did not notice"
        await asyncio.sleep(0.01)
    assert not service.sender.leads


async def test_one_of_two_leads_and_the_road_goes_on_when_it_stops(tmp_path: Path, database_url: str) -> None:
    """The second neither polls nor sends beside the first; when the first stops, the second answers instead."""
    async with _two(tmp_path, database_url) as (town, first, second):
        assert (first.leading.now, second.leading.now) == (True, False)
        assert (second.sender.leads, second.ticker.leads) == (False, False)
        sam = await town.join_all(Role.CARE_LEAVER)
        assert await second.ticker.tick() == 0
        town.service = second
        await first.stop()
        await _one_leads(second)
        await sam.says("/pause")
        await sam.waits_for("How long", within_s=PATIENCE_S)
        assert [one.text for one in sam.from_bot()].count(sam.last().text) == 1


async def test_every_message_is_sent_once_while_the_lead_changes_hands(tmp_path: Path, database_url: str) -> None:
    """Fifty questions are asked while the leader stops and the other takes over: each is answered once, none twice."""
    async with _two(tmp_path, database_url) as (town, first, second):
        phones = [town.phone(f"Guest {number}") for number in range(50)]
        for number, phone in enumerate(phones):
            await phone.opens()
            if number == 25:
                stopping = asyncio.create_task(first.stop())
        await stopping
        town.service = second
        for phone in phones:
            await phone.waits_for("This is Keep in Touch", within_s=PATIENCE_S)
        await town.settle()
        assert [len(phone.from_bot()) for phone in phones] == [1] * 50


async def test_a_leader_that_loses_its_connection_stops_sending(
    tmp_path: Path, database_url: str, engine_name: str
) -> None:
    """Once PostgreSQL has ended the leader's connection it claims no more, and within seconds one leads again."""
    async with _two(tmp_path, database_url) as (town, first, second):
        if engine_name == "postgres":
            engine = writing_engine(known_url(database_url))
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
            engine.dispose()
            await _steps_down(first)
        await _one_leads(first, second)
        guest = town.phone("Guest")
        await guest.opens()
        await guest.waits_for("This is Keep in Touch", within_s=PATIENCE_S)
