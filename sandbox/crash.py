"""The crash harness: people chat with the real service while it is killed with SIGKILL, again and again.

    nursery ──fork──► life 1 ──SIGKILL at step k──► life 2 ──SIGKILL…──► last life: lives until all is done

The fake Telegram runs here, in the test's own process, so phones survive every death and what reached them is counted
at the receiver. After each death the files are copied and read before the next life can touch them: what was claimed
then is exactly what nobody can know.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from sandbox.bot_api import BotApi
from sandbox.clock import monotonic
from sandbox.handset import Handset
from sandbox.shapes import ShownMessage
from sandbox.shared_clock import SharedClock

PATIENCE_S = 30.0
LOOK_EVERY_S = 0.006
FIRST_LOOK_S = 0.025
# Longer than any wait before a reply or an alert is tried again, shorter than to the next slot.
RETRY_MOST = timedelta(minutes=20)


class HeldError(Exception):
    """Nothing more is coming, and what was waited for never came: the message's outcome is unknown."""


@dataclass(frozen=True)
class Look:
    """What a living service says of itself; `taken` names its steps when it is not going to be killed."""

    at_rest: bool
    next_utc: datetime | None
    steps: int
    taken: list[str]


class Life:
    """One process that is the service, from its birth to its death."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self._reader = reader
        self._writer = writer
        self._dead = asyncio.Event()
        self._asking = asyncio.Lock()
        self.pid = pid

    @classmethod
    async def begin(cls, address: str, job: dict[str, Any]) -> Life:
        """Have a life begun; it may be dead before this returns."""
        reader, writer = await asyncio.open_unix_connection(address)
        writer.write(orjson.dumps(job) + b"\n")
        line = await reader.readline()
        return cls(reader, writer, int(orjson.loads(line)["pid"]) if line else 0)

    async def look(self) -> Look | None:
        """Have it do what is due and say how things are; None when it is dead."""
        async with self._asking:
            with contextlib.suppress(ConnectionError):
                self._writer.write(b"look\n")
                line = await self._reader.readline()
                if line.endswith(b"\n"):
                    said = orjson.loads(line)
                    due = None if said["next"] is None else datetime.fromisoformat(said["next"])
                    return Look(said["at_rest"], due, said["steps"], said["kinds"])
            self._dead.set()
            return None

    async def ended(self) -> bytes:
        """Waits for the end of a life that is not asked anything; returns its last words."""
        last_words = await self._reader.read()
        self._writer.close()
        return last_words

    async def died(self) -> None:
        """Waits until somebody has noticed that it is dead."""
        await self._dead.wait()
        self._writer.close()


@dataclass
class Autopsy:
    """What the files held at a death.

    `claimed`: rows whose request may have left, each with the instant of its claim, because a life may die before it
    has looked at what the one before it left. `lost`: updates that Telegram believed were kept, and were not.
    """

    claimed: list[tuple[str, int]]
    lost: list[int]


@dataclass
class Town:
    """Where a play happens: its folder with the database, its clock, its phones, and how a life is begun."""

    address: str
    folder: Path
    clock: SharedClock
    api: BotApi
    settings: dict[str, Any]

    def job(self, kill_at: int, *, whole: bool = False) -> dict[str, Any]:
        """What to tell the nursery."""
        return {
            "settings": {name: str(value) for name, value in self.settings.items()},
            "clock": str(self.folder / "clock"),
            "log": str(self.folder / "log"),
            "kill_at": kill_at,
            "whole": whole,
        }

    def made_ids(self) -> range:
        """The ids of every update that people's acts have made."""
        return range(FIRST_UPDATE_ID, self.api.world.updates.next_id)

    def acknowledged(self) -> set[int]:
        """The updates that Telegram believes the service has."""
        return set(self.made_ids()) - {update.id for update in self.api.world.updates.pending()}

    def log(self) -> str:
        """The end of what the lives logged."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8")[-3_000:] if path.exists() else ""


FIRST_UPDATE_ID = 500_000_001


@dataclass
class Play:
    """One scenario played through while its lives end at `kills`: the step each of them dies at."""

    town: Town
    kills: Sequence[int]
    autopsies: list[Autopsy] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    held: str = ""
    life: Life | None = None
    taken: list[str] = field(default_factory=list)
    _supervisor: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._supervisor = asyncio.create_task(self._supervise(), name="supervisor")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
        await self.end_life()

    @property
    def ambiguous(self) -> Counter[str]:
        """How often each outgoing message was cut between its claim and the record of its outcome."""
        return Counter(key for key, _ in {claim for autopsy in self.autopsies for claim in autopsy.claimed})

    def phone(self, name: str) -> Handset:
        """The phone of someone in this town."""
        return self.town.api.person(name)

    def did(self, act: str) -> None:
        """The person has done what must be on record as `act`, exactly once for each time they did it."""
        self.acts[act] += 1

    async def sees(self, phone: Handset, text: str) -> ShownMessage:
        """Waits, over deaths and retries, until the phone shows `text`. HeldError when it never will."""

        def shown() -> ShownMessage | None:
            return next((one for one in reversed(phone.from_bot()) if text in one.text), None)

        if not await self.settle(lambda: shown() is not None):
            raise HeldError(text)
        found = shown()
        assert found is not None  # settle has just seen it
        return found

    async def settle(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Let the service do all it can, turning the clock to each retry: True once `until` holds, False at rest."""
        began = monotonic()
        while not until():
            if monotonic() - began < FIRST_LOOK_S:
                await asyncio.sleep(0.002)
                continue
            if monotonic() - began > PATIENCE_S:
                raise AssertionError(f"no rest within {PATIENCE_S} s; the log ends:\n{self.town.log()}")
            told_all = not self.town.api.world.updates.pending()
            look = await self._look()
            if until():
                return True
            if look is None or not told_all or not look.at_rest:
                await asyncio.sleep(LOOK_EVERY_S)
            elif not self._turn_to_retry(look):
                return False
        return True

    def _turn_to_retry(self, look: Look) -> bool:
        """Turn the clock to the next retry; False when there is none."""
        wait = None if look.next_utc is None else look.next_utc - self.town.clock.now()
        if wait is None or wait > RETRY_MOST:
            return False
        self.town.clock.turn(max(wait, timedelta()) + timedelta(milliseconds=1))
        return True

    async def _look(self) -> Look | None:
        if self._supervisor is not None and self._supervisor.done():
            self._supervisor.result()
        look = None if self.life is None else await self.life.look()
        if look is not None and look.taken:
            self.taken = look.taken
        return look

    async def end_life(self) -> None:
        """Kill the life that is left."""
        life, self.life = self.life, None
        if life is not None:
            await kill(life)

    async def _supervise(self) -> None:
        """Begin a life, wait for its death, look at what it left, and begin the next."""
        for kill_at in [*self.kills, 0]:
            life = await Life.begin(self.town.address, self.town.job(kill_at))
            self.life = life
            await life.died()
            self.life = None
            if not kill_at:
                raise AssertionError(f"the service ended by itself; the log ends:\n{self.town.log()}")
            self.autopsies.append(look_into(self.town, len(self.autopsies)))


async def kill(life: Life) -> None:
    """SIGKILL, and wait until it is over."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(life.pid, signal.SIGKILL)
    while await life.look() is not None:
        pass


def look_into(town: Town, number: int) -> Autopsy:
    """Read a copy of the dead life's files, so that the next life finds them exactly as they were left."""
    acknowledged = town.acknowledged()
    folder = town.folder / f"autopsy-{number}"
    folder.mkdir()
    for file in town.folder.glob("keepintouch.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, folder)
    with contextlib.closing(sqlite3.connect(folder / "keepintouch.db")) as database:
        claimed = database.execute("SELECT key, claimed_utc FROM outbox WHERE state = 'claimed'").fetchall()
        kept = {int(one) for (one,) in database.execute("SELECT update_id FROM inbox WHERE update_id IS NOT NULL")}
    shutil.rmtree(folder)
    return Autopsy(claimed, sorted(acknowledged - kept))
