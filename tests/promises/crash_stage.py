"""What is in the database before a crash scenario begins: rows as the service itself would have written them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Update, select, update

from bot.service import office_of, open_store
from bot.settings import Settings
from casework import joining, planning
from casework.caller import Caller
from casework.desk import Desk
from casework.inviting import invite, team_named
from rules.access import Role
from sandbox.clock import HeldClock
from sandbox.world import FIRST_PERSON_ID
from storage import people
from storage.due import DUE
from storage.outbox import OUTBOX
from storage.store import Store
from storage.tables import Due
from storage.unit import Unit

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TOKEN = "7000000001:SANDBOX-token-of-an-invented-bot-000000"  # as sandbox.world gives it


class StageClock(HeldClock):
    """Stands still until turned; storage also asks it for seconds."""

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Stage:
    """A folder with a database being made ready. `joined` are the people who are in, by name, with their phones."""

    folder: Path
    clock: StageClock = field(default_factory=lambda: StageClock(MONDAY))
    joined: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(**settings_in(self.folder), _env_file=None)
        self._office = office_of(settings, "keepintouch_sandbox_bot")
        self._store: Store = open_store(settings, self.clock)

    def close(self) -> None:
        """Nothing more is made ready."""
        self._store.close()

    def joins(self, role: Role, name: str, by: str = "") -> None:
        """Someone who was invited and has joined."""
        self._write(lambda desk: self._join(desk, role, name, by))

    def _join(self, desk: Desk, role: Role, name: str, by: str) -> None:
        inviter = people.by_telegram(desk.unit, self.joined[by]) if by else None
        made = invite(desk, inviter, role, name, team_named(desk, "Leaving Care").id)
        telegram_id = FIRST_PERSON_ID + len(self.joined)
        caller = Caller(telegram_id, desk.unit.look_up_key("telegram", telegram_id), None)
        joining.join(desk, caller, made.link.split("start=")[1])
        self.joined[name] = telegram_id

    def time_comes(self, **by: float) -> None:
        """Everything that falls due until then has happened, and every message has been sent."""
        end = self.clock.now() + timedelta(**by)
        while (due := self._store.read_now(planning.next_moment)) is not None and due <= end:
            self.clock.turn(max(timedelta(), due - self.clock.now()))
            self._write(self._do_due)
        self.clock.turn(end - self.clock.now())

    def sql(self, statement: Update) -> None:
        """Change rows by hand, where living through it would take too long."""
        self._write(lambda desk: desk.unit.connection.execute(statement))

    def due_ids(self, what: str) -> list[int]:
        """The rows that plan `what`, in order."""
        return self._store.read_now(
            lambda unit: [row.id for row in unit.session.scalars(select(Due).order_by(DUE.c.id)) if row.what == what]
        )

    def _do_due(self, desk: Desk) -> None:
        rows = planning.next_batch(desk)
        if rows:
            planning.do(desk, rows)

    def _write(self, work: Callable[[Desk], object]) -> None:
        def acted(unit: Unit) -> None:
            work(Desk(unit, self._office))
            unit.session.flush()
            sent = {"state": "sent", "settled_utc": unit.now, "body_sealed": None}
            unit.connection.execute(update(OUTBOX).where(OUTBOX.c.state == "pending").values(**sent))

        self._store.write_now(acted)


def settings_in(folder: Path, **more: Any) -> dict[str, Any]:
    """Settings of a service that lives in `folder`, apart from where Telegram is."""
    return {
        "bot_token": TOKEN,
        "database_url": f"sqlite:///{folder}/keepintouch.db",
        "master_key_file": str(folder / "master.key"),
        "port": "0",
        "tick_seconds": "3600",
        "sends_per_second": "1000",
        "chat_rest_seconds": "0",
    } | more


def copy_stage(ready: Path, folder: Path) -> None:
    """A fresh copy of a database that was made ready, in the new `folder`."""
    folder.mkdir()
    for file in ready.iterdir():
        shutil.copy(file, folder)
