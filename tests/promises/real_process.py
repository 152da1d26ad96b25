"""The service as it is run in life, `keepintouch run` in a process of its own, by the machine's own clock.

Everybody in this town lives where it is now one in the afternoon, so that no quiet hours come between.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from rules.access import Role
from sandbox.bot_api import BotApi
from sandbox.clock import SystemClock, monotonic
from sandbox.crash import Autopsy, Play, Town, look_into
from sandbox.shared_clock import SharedClock
from storage.due import DUE
from storage.people import PERSON
from tests.promises.crash_checks import Ready, world_of
from tests.promises.crash_scenarios import ASKED, JO, Scenario
from tests.promises.crash_stage import Stage, copy_stage, settings_in

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
COMMAND = Path(sys.executable).parent / "keepintouch"


@dataclass
class RealTown:
    """A town with the real command for its service. `begun_s`: when the service was last begun, monotonic."""

    play: Play
    ready: Ready
    process: asyncio.subprocess.Process | None = None
    begun_s: float = 0.0
    oldest_s: list[float] = field(default_factory=list)

    @property
    def town(self) -> Town:
        return self.play.town

    @property
    def calls(self) -> int:
        """How many calls the bot has made, of any kind."""
        return len(self.town.api.world.calls)

    @property
    def sends(self) -> int:
        """How many messages have reached a phone."""
        return len(self.town.api.journal)

    async def begin(self) -> None:
        """Type `keepintouch run`."""
        environment = {f"KEEPINTOUCH_{name.upper()}": str(value) for name, value in self.town.settings.items()}
        self.begun_s = monotonic()
        with (self.town.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                COMMAND, "run", env=os.environ | environment, cwd=self.town.folder, stdout=log, stderr=log
            )

    async def kill(self) -> Autopsy:
        """`kill -9`, and a look at what it left."""
        await self._end(signal.SIGKILL)
        self.play.autopsies.append(look_into(self.town, len(self.play.autopsies)))
        return self.play.autopsies[-1]

    async def stop(self) -> None:
        """SIGTERM."""
        await self._end(signal.SIGTERM)

    async def _end(self, wanted: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(wanted)
            await self.process.wait()
            self.process = None

    async def until(self, what: str, seen: int, within_s: float) -> None:
        """Waits until there are more than `seen` of `what` (calls, sends)."""
        ends = monotonic() + within_s
        while getattr(self, what) <= seen:
            if monotonic() > ends:
                raise AssertionError(f"no {what} within {within_s} s; the log ends:\n{self.town.log()}")
            await asyncio.sleep(0.005)

    async def rests(self, within_s: float) -> None:
        """Waits until everything is done that can be done today."""
        ends = monotonic() + within_s
        while self.town.api.world.updates.pending() or self.waiting() is not None or self.replies():
            if monotonic() > ends:
                raise AssertionError(f"no rest within {within_s} s; the log ends:\n{self.town.log()}")
            await asyncio.sleep(0.1)

    def waiting(self) -> float | None:
        """For how many seconds the oldest due row has waited: an update, a plan or a message. None: nothing is due."""
        now_us = (self.town.clock.now() - EPOCH) // timedelta(microseconds=1)
        oldest = self._ask(
            "SELECT min(since) FROM (SELECT min(kept_utc) AS since FROM inbox WHERE state = 'pending'"
            " UNION ALL SELECT min(due_utc) FROM due WHERE failed IS NULL AND due_utc <= :now"
            " UNION ALL SELECT min(due_utc) FROM outbox WHERE state = 'pending' AND due_utc <= :now"
            " UNION ALL SELECT min(claimed_utc) FROM outbox WHERE state = 'claimed')",
            now_us,
        )
        return None if oldest is None else (now_us - oldest) / 1e6

    def replies(self) -> int:
        """How many answers are still to be sent, now or after a wait."""
        return self._ask("SELECT count(*) FROM outbox WHERE state = 'pending' AND kind = 'reply'", 0) or 0

    def _ask(self, question: str, now_us: int) -> int | None:
        path = self.town.folder / "keepintouch.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as database:
            found: int | None = database.execute(question, {"now": now_us}).fetchone()[0]
        return found


@contextlib.asynccontextmanager
async def real_town(folder: Path, people: int, every_s: float = 0.0) -> AsyncIterator[RealTown]:
    """An adviser and so many care leavers, whose slots come from now on, one each `every_s` (0: all at once)."""
    chatting = Scenario("chat", lambda stage: _many_join(stage, people, every_s), _nothing, lambda _p, _u: [], (ASKED,))
    ready = Ready(chatting, folder / "ready", SystemClock().now() - timedelta(seconds=1))
    clock = SharedClock.starting(folder / "clock", SystemClock().now())
    world = world_of(ready, clock)
    async with BotApi(clock=clock, world=world) as api:
        copy_stage(ready.folder, folder / "town")
        shutil.move(folder / "clock", folder / "town" / "clock")
        more = {"telegram_api": api.root_url, "port": str(free_port()), "bot_username": "", "tick_seconds": "30"}
        paced = {"sends_per_second": "25", "chat_rest_seconds": "1"}
        settings = settings_in(folder / "town", **more, **paced)
        real = RealTown(Play(Town("", folder / "town", clock, api, settings), ()), ready)
        try:
            yield real
        finally:
            if real.process is not None:
                await real._end(signal.SIGKILL)


async def _nothing(_play: Play) -> None:
    return


def _many_join(stage: Stage, people: int, every_s: float) -> None:
    stage.joins(Role.ADVISER, JO)
    for number in range(people):
        stage.joins(Role.CARE_LEAVER, f"Person{number} Invented", by=JO)
    zone = f"Etc/GMT{stage.clock.now().hour - 13:+d}"
    began = stage.clock.now()
    stage.sql(update(PERSON).values(zone=zone))
    for at, row_id in enumerate(stage.due_ids("check_in")):
        stage.sql(update(DUE).where(DUE.c.id == row_id).values(due_utc=began + timedelta(seconds=every_s * at)))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port: int = plug.getsockname()[1]
    return port
