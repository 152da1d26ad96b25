"""What one decision has in front of it: the Unit it commits with, and what does not change from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from content.council import Council
from rules.ladder import DEFAULT, Ladder
from storage import people
from storage.people import Known
from storage.tables import Person
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Office:
    """The council and the service as every message needs them. Made once, at start-up.

    `web_url` is where the dashboard is, without a slash at the end; `bot_username` is the bot's own, without the @.
    """

    pack: Council
    bot_username: str
    web_url: str
    ladder: Ladder = DEFAULT
    holidays: frozenset[date] = frozenset()

    @property
    def council(self) -> str:
        """What the council is called."""
        return self.pack.name

    @property
    def duty_number(self) -> str:
        """The duty team's phone number, spaced as it is read out."""
        return self.pack.duty_number

    @property
    def duty_hours(self) -> str:
        """When the duty team and the advisers are there, in words."""
        return self.pack.duty_hours


@dataclass(slots=True)
class Desk:
    """One decision's Unit and office, and the short ways to what nearly every decision asks for."""

    unit: Unit
    office: Office
    _names: dict[int, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The instant of this decision, aware UTC."""
        return self.unit.now

    def name(self, person: Person) -> str:
        """The name staff know this person by."""
        if person.id not in self._names:
            self._names[person.id] = people.name_of(self.unit, person)
        return self._names[person.id]

    def called(self, person: Known) -> str:
        """What this person is called when we speak to them, or of a worker to them."""
        return people.called(self.unit, person)

    def warm(self, persons: Sequence[Known]) -> None:
        """Open the keys of many people with one query."""
        self.unit.warm([person.id for person in persons])
