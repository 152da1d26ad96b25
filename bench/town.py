"""Prepared databases: teams of invented people who have joined, as the service itself would have written them.

Rows are written in bulk, because joining one by one takes milliseconds each; what is sealed is really sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

from bench.processes import TOKEN, database_url
from bot.clock import SystemRandomness
from bot.service import office_of, open_store
from bot.settings import Settings, master_keys
from casework.desk import Office
from casework.rhythms import CHECK_IN
from casework.sign_in import hash_of
from rules.wallclock import local_date
from storage import due, people, sign_in
from storage.sealing import MasterKeys, Place
from storage.sources import Clock
from storage.store import Store
from storage.tables import Bond, Cadence, CheckIn, Person, PersonKey, Team
from storage.unit import Unit

CASELOAD = 25
BATCH = 5_000
FIRST_CHAT = 1_000_000


@dataclass(frozen=True, slots=True)
class Settled:
    """One team as it was written: row ids, and for each care leaver the chat they have with us."""

    manager_id: int
    adviser_ids: list[int]
    people_ids: list[int]
    chats: list[int]


def settings_of(folder: Path, telegram_api: str = "http://127.0.0.1:1") -> Settings:
    """Settings for opening the database in `folder` from inside a measure."""
    return Settings(
        bot_token=SecretStr(TOKEN),
        telegram_api=telegram_api,
        database_url=SecretStr(database_url(folder)),
        master_key_file=folder / "master.key",
        _env_file=None,
    )


def open_town(folder: Path, clock: Clock) -> tuple[Store, Office]:
    """The database in `folder` (a new one when there is none) and the office that goes with it."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_of(folder)
    return open_store(settings, clock), office_of(settings, "bench_bot")


class Settler:
    """Writes teams into one database. `masters` are its master keys."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.store, self.office = open_town(folder, clock)
        self._randomness = SystemRandomness()
        self._masters: MasterKeys = master_keys(folder / "master.key", self._randomness)
        self._chat = FIRST_CHAT

    def team(self, name: str, size: int, next_slot_utc: datetime) -> Settled:
        """A manager, an adviser for every 25, and `size` care leavers whose next check-in is at `next_slot_utc`."""
        team_id, manager_id, adviser_ids = self.store.write_now(lambda unit: self._staff(unit, name, size))
        done = Settled(manager_id, adviser_ids, [], [])
        for start in range(0, size, BATCH):
            numbers = range(start, min(size, start + BATCH))
            self.store.write_now(partial(self._leavers, team_id, done, numbers, next_slot_utc))
        return done

    def _staff(self, unit: Unit, name: str, size: int) -> tuple[int, int, list[int]]:
        team = Team(id=unit.new_id(), name=name)
        unit.session.add(team)
        unit.session.flush()
        advisers = -(-size // CASELOAD)
        ids = self._people(unit, team.id, [("manager", "Robin Manager"), *[("adviser", "Jo Adviser")] * advisers])
        return team.id, ids[0], ids[1:]

    def _leavers(self, team_id: int, done: Settled, numbers: range, next_slot_utc: datetime, unit: Unit) -> None:
        first_chat = self._chat
        ids = self._people(unit, team_id, [("care_leaver", f"Sam Invented {number}") for number in numbers])
        bonds = [
            {"id": unit.new_id(), "person_id": person_id, "adviser_id": done.adviser_ids[number // CASELOAD],
             "since_utc": unit.now}
            for number, person_id in zip(numbers, ids, strict=True)
        ]  # fmt: skip
        agreed: dict[str, Any] = {
            "every_days": 14,
            "at": time(12),
            "anchor": local_date(next_slot_utc),
            "agreed_utc": unit.now,
        }
        unit.connection.execute(insert(Bond), bonds)
        unit.connection.execute(insert(Cadence), [{"person_id": person_id} | agreed for person_id in ids])
        due.plan(unit, [due.ToPlan(f"{each}:{CHECK_IN}", each, CHECK_IN, next_slot_utc) for each in ids])
        done.people_ids.extend(ids)
        done.chats.extend(range(first_chat, self._chat))

    def _people(self, unit: Unit, team_id: int, who: Sequence[tuple[str, str]]) -> list[int]:
        ids = [unit.new_id() for _ in who]
        keys = [self._masters.wrap(self._randomness.bytes(32), each, self._randomness) for each in ids]
        unit.connection.execute(
            insert(PersonKey), [{"owner": each, "wrapped": key} for each, key in zip(ids, keys, strict=True)]
        )
        unit.warm(ids)
        rows = [self._row(unit, team_id, each, role, name) for each, (role, name) in zip(ids, who, strict=True)]
        unit.connection.execute(insert(Person), rows)
        return ids

    def _row(self, unit: Unit, team_id: int, person_id: int, role: str, name: str) -> dict[str, Any]:
        chat, self._chat = self._chat, self._chat + 1
        last_contact_utc = unit.now - timedelta(days=chat * 37 % 70)
        return {
            "id": person_id,
            "role": role,
            "state": "active",
            "team_id": team_id,
            "name_sealed": unit.seal(person_id, Place("person", "name", person_id), name),
            "telegram_sealed": unit.seal(person_id, Place("person", "telegram", person_id), str(chat)),
            "telegram_key": unit.look_up_key("telegram", chat),
            "zone": "Europe/London",
            "invited_utc": unit.now - timedelta(days=90),
            "joined_utc": unit.now - timedelta(days=89),
            "last_contact_utc": last_contact_utc,
            "contact_due_utc": last_contact_utc + timedelta(days=56),
        }


def ask_everyone(store: Store, team: Settled) -> list[tuple[int, int]]:
    """A check-in, asked and not answered, for each care leaver: their chat and its row id."""

    def write(unit: Unit) -> list[int]:
        today = local_date(unit.now)
        rows: list[dict[str, Any]] = [
            {"id": unit.new_id(), "key": f"{each}:{CHECK_IN}:{today}:bench", "person_id": each, "local_date": today,
             "due_utc": unit.now, "state": "asked", "steps_done": 0}
            for each in team.people_ids
        ]  # fmt: skip
        unit.connection.execute(insert(CheckIn), rows)
        return [row["id"] for row in rows]

    return list(zip(team.chats, store.write_now(write), strict=True))


def sign_in_as(store: Store, person_id: int, session_id: str) -> None:
    """A web session for a member of staff, as if they had spent their link."""

    def start(unit: Unit) -> None:
        person = people.get(unit, person_id)
        assert person is not None
        sign_in.start_session(unit, person, hash_of(session_id))

    store.write_now(start)
