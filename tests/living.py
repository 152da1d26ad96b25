"""A running service for tests: the real one, wired as in life, against the sandbox's Bot API over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.service import Service, start_service
from bot.settings import Settings
from casework import planning
from casework.desk import Desk
from casework.inviting import Invitation, invite, team_named
from rules.access import Role
from sandbox.bot_api import BotApi
from sandbox.clock import TownClock
from sandbox.handset import Handset
from storage import outbox, people, sends, sign_in
from storage.unit import Unit

# A Monday in winter, at ten in the morning.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Living:
    """One service, its clock, and the phones around it. `people` are ids by name."""

    api: BotApi
    service: Service
    clock: TownClock
    settings: Settings
    people: dict[str, int] = field(default_factory=dict)

    def phone(self, name: str) -> Handset:
        """The phone of someone invented."""
        return self.api.person(name)

    async def turn(self, **by: float) -> None:
        """Let time pass (`hours=3`, `days=2`), stopping wherever something falls due, as it would in life."""
        end = self.clock.now() + timedelta(**by)
        await self.settle()
        while (now := self.clock.now()) < end:
            due = await self.service.store.read(planning.next_moment)
            self.clock.turn(max(timedelta(), min(end, due or end) - now) + timedelta(milliseconds=1))
            await self.settle()

    async def settle(self) -> None:
        """Do everything that is due at this moment and wait until nothing is on its way."""
        await self.service.ticker.tick()
        for _ in range(1_000):
            if await self.service.store.read(_at_rest) and self.service.sender.idle and not self.service.clerk.open:
                return
            self.service.sender.wake()
            await asyncio.sleep(0.01)
        raise AssertionError("the service did not come to rest")

    async def invite(self, role: Role, name: str, by: str = "", team: str = "Leaving Care") -> Invitation:
        """An invite made by the worker named `by`, or with none as on the command line."""
        return await self.service.store.write(
            lambda unit: self._invite(Desk(unit, self.service.office), role, name, by, team)
        )

    def _invite(self, desk: Desk, role: Role, name: str, by: str, team: str) -> Invitation:
        worker = people.get(desk.unit, self.people[by]) if by else None
        made = invite(desk, worker, role, name, team_named(desk, team).id)
        if role.is_staff:
            sign_in.set_sign_in_name(desk.unit, made.person, name.split()[0])
        self.people[name] = made.person.id
        return made

    async def join(self, role: Role, name: str, by: str = "") -> Handset:
        """Someone who has been invited and has joined, and whose phone shows it."""
        made = await self.invite(role, name, by)
        phone = self.phone(name.split()[0])
        await phone.opens(made.link.split("start=")[1])
        await phone.waits_for("has invited you" if by else "This link makes you")
        await phone.presses("Join")
        if role.is_staff:
            await phone.waits_for("You're in")
        else:
            await phone.waits_for("What should we call you?")
            await phone.presses(name.split()[0])
            await phone.waits_for("You're in")
        return phone

    async def join_all(self, role: Role) -> Handset:
        """Jo, and Sam in this role whom Jo looks after; Sam's phone."""
        await self.join(Role.ADVISER, "Jo Marsh")
        return await self.join(role, "Sam Tate", by="Jo Marsh")


def _at_rest(unit: Unit) -> bool:
    return not sends.candidates(unit, 1, []) and not outbox.counts(unit).get("claimed")


def settings_for(folder: Path, api: BotApi, **more: object) -> Settings:
    """Settings of a service that lives in `folder` and talks to `api`."""
    given: dict[str, object] = {
        "bot_token": api.token,
        "telegram_api": api.root_url,
        "database_url": f"sqlite:///{folder}/keepintouch.db",
        "master_key_file": folder / "master.key",
        "port": 0,
        "tick_seconds": 3600,
        "sends_per_second": 1000,
        "chat_rest_seconds": 0,
    }
    return Settings(**(given | more), _env_file=None)  # type: ignore[arg-type]  # pydantic checks them


@contextlib.asynccontextmanager
async def living(folder: Path, start: datetime = MONDAY, **more: object) -> AsyncIterator[Living]:
    """A service that runs until the block ends. Its tick is by hand: `turn` and `settle`."""
    clock = TownClock(start)
    async with BotApi(clock=clock) as api:
        settings = settings_for(folder, api, **more)
        service = await start_service(settings, clock)
        try:
            yield Living(api, service, clock, settings)
        finally:
            await service.stop()
