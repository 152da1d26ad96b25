"""The tick: every 30 seconds, do what has fallen due. It carries no meaning of its own; the rows do.

A stalled loop delays it and drops nothing: the next tick finds every row that is due. APScheduler only wakes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.events import event, trouble
from casework import planning
from casework.desk import Desk, Office
from storage.due import DueRow
from storage.store import Store, StoreBusyError
from storage.unit import Unit


class Ticker:
    """Wakes casework's planning. `beat` is called when a tick has gone through."""

    def __init__(self, store: Store, office: Office, every_s: float, beat: Callable[[], None]) -> None:
        self._store = store
        self._office = office
        self._every_s = every_s
        self._beat = beat
        self._one_at_a_time = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self.leads = True

    def start(self) -> None:
        """Tick now and then every `every_s` seconds."""
        self._scheduler.add_job(
            self.tick,
            IntervalTrigger(seconds=self._every_s, timezone="UTC"),
            # The default grace of one second would drop a tick that a stalled loop delayed.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """No more ticks; the one that is running finishes its Unit."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        async with self._one_at_a_time:
            return

    async def tick(self) -> int:
        """Do everything that is due now, if this process leads; returns how many rows were done. Never raises."""
        done = 0
        async with self._one_at_a_time:
            try:
                while self.leads and (rows := await self._store.read(self._next)):
                    done += await self._do(rows)
            except StoreBusyError as error:
                trouble("tick.store_busy", error)
                return done
        self._beat()
        if done:
            event("tick.done", rows=done)
        return done

    def _next(self, unit: Unit) -> list[DueRow]:
        return planning.next_batch(Desk(unit, self._office))

    async def _do(self, rows: list[DueRow]) -> int:
        """Do a batch in one Unit. When it fails, halve it, until the row that cannot be done stands alone."""
        try:
            await self._store.write(lambda unit: planning.do(Desk(unit, self._office), rows))
            return len(rows)
        except StoreBusyError:
            raise
        except Exception as error:
            if len(rows) == 1:
                await self._set_aside(rows[0], error)
                return 0
        half = len(rows) // 2
        return await self._do(rows[:half]) + await self._do(rows[half:])

    async def _set_aside(self, row: DueRow, error: Exception) -> None:
        kind = type(error).__name__
        trouble("tick.row_failed", error, row=row.id, what=row.what)
        await self._store.write(lambda unit: planning.set_aside(Desk(unit, self._office), row, kind))
