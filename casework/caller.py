"""Who is writing to us: a guest, of whom nothing is kept, or someone who joined."""

from __future__ import annotations

from dataclasses import dataclass

from casework.desk import Desk
from rules.access import Role, Viewer
from storage import people
from storage.tables import Person

__all__ = ["Caller", "Person", "viewer", "who_calls"]


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is None for a guest. In a private chat the chat's id is the account's."""

    telegram_id: int
    chat_key: str
    person: Person | None

    @property
    def role(self) -> Role | None:
        """What they are to the service, or None for a guest."""
        return None if self.person is None else Role(self.person.role)

    @property
    def is_staff(self) -> bool:
        """Whether they are an adviser or a manager."""
        return self.role is not None and self.role.is_staff

    @property
    def is_care_leaver(self) -> bool:
        """Whether check-ins are for them."""
        return self.role is Role.CARE_LEAVER


def who_calls(desk: Desk, telegram_id: int, chat_key: str) -> Caller:
    """The caller from this Telegram account, locked until this decision commits. Someone who left is a guest again.

    Staff are not locked: what they do locks the person it is about, and two locks could wait for each other.
    """
    person = people.by_telegram(desk.unit, telegram_id)
    if person is not None and not Role(person.role).is_staff:
        person = desk.unit.lock_person(person.id)
    if person is not None and person.state != "active":
        person = None
    return Caller(telegram_id, chat_key, person)


def viewer(person: Person) -> Viewer:
    """This member of staff as the rules of access see them."""
    return Viewer(person.id, Role(person.role), person.team_id)
