"""Invented people and messages, as rows."""

from __future__ import annotations

from storage import people
from storage.outbox import ToSend
from storage.store import Store
from storage.tables import Person
from storage.unit import Unit


def add_person(store: Store, name: str = "Sam Tate", telegram_id: int = 7001, role: str = "care_leaver") -> int:
    """Somebody who joined. Their id."""
    return store.write_now(lambda unit: _add(unit, name, telegram_id, role))


def _add(unit: Unit, name: str, telegram_id: int, role: str) -> int:
    person = Person(id=unit.new_id(), role=role, state="active", invited_utc=unit.now, joined_utc=unit.now)
    unit.make_key(person.id)
    people.set_name(unit, person, name)
    people.set_telegram(unit, person, telegram_id)
    unit.session.add(person)
    return person.id


def check_in_for(person_id: int, key: str = "slot") -> ToSend:
    """A message we start."""
    return ToSend(
        key, "started", 5, "check_in", "sendMessage", {"text": "How was your week?"}, person_id=person_id, chat_key="c"
    )


def reply_to_guest(key: str = "reply", chat_id: int = 9001) -> ToSend:
    """An answer to someone of whom nothing is kept."""
    return ToSend(key, "reply", 2, "reply", "sendMessage", {"text": "Here is what you asked."}, chat_id=chat_id)
