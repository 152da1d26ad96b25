"""People as rows: finding them, naming them, and what binds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from storage.sealing import Place
from storage.tables import Bond, Cadence, Person
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Askable:
    """Someone who has joined and agreed a rhythm, with what asking them takes. A plain row: a plan reads them by the
    ten thousand, and an object of the session costs ten times as much."""

    id: int
    zone: str
    telegram_key: str | None
    name_sealed: bytes | None
    called_sealed: bytes | None
    stopped_utc: dt.datetime | None
    paused_until_utc: dt.datetime | None
    every_days: int
    weekday: int | None
    at: dt.time
    anchor: dt.date


Known = Person | Askable
HERE = ("invited", "active")
PERSON = Person.__table__  # type: ignore[attr-defined]
BOND = Bond.__table__  # type: ignore[attr-defined]
CADENCE = Cadence.__table__  # type: ignore[attr-defined]
JOINED = PERSON.c.state == "active"
ASKABLE = (
    PERSON.c.id,
    PERSON.c.zone,
    PERSON.c.telegram_key,
    PERSON.c.name_sealed,
    PERSON.c.called_sealed,
    PERSON.c.stopped_utc,
    PERSON.c.paused_until_utc,
    CADENCE.c.every_days,
    CADENCE.c.weekday,
    CADENCE.c.at,
    CADENCE.c.anchor,
)
BY_TELEGRAM = select(Person).where(PERSON.c.telegram_key == bindparam("this_key"))


def by_telegram(unit: Unit, telegram_id: int) -> Person | None:
    """The person who joined from this Telegram account, or None for someone we do not know."""
    key = unit.look_up_key("telegram", telegram_id)
    return unit.session.scalars(BY_TELEGRAM, {"this_key": key}).first()


def get(unit: Unit, person_id: int) -> Person | None:
    """The person with this id, or None."""
    return unit.session.get(Person, person_id)


def askable(unit: Unit, ids: Collection[int]) -> dict[int, Askable]:
    """Those of these people who have joined, have not left, and have agreed a rhythm."""
    found = unit.connection.execute(
        select(*ASKABLE).join(CADENCE, CADENCE.c.person_id == PERSON.c.id).where(PERSON.c.id.in_(ids), JOINED)
    )
    return {row.id: Askable(*row) for row in found}


def by_ids(unit: Unit, ids: Collection[int]) -> list[Person]:
    """The people with these ids, in no order."""
    return list(unit.session.scalars(select(Person).where(PERSON.c.id.in_(ids))))


def name_of(unit: Unit, person: Known) -> str:
    """The name staff know this person by; empty when none was given."""
    if person.name_sealed is None:
        return ""
    return unit.open(person.id, Place("person", "name", person.id), person.name_sealed)


def set_name(unit: Unit, person: Person, name: str) -> None:
    """Remember the name staff know this person by."""
    person.name_sealed = unit.seal(person.id, Place("person", "name", person.id), name)


def called(unit: Unit, person: Known) -> str:
    """What this person asked to be called; the first word of their name when they did not say."""
    if person.called_sealed is not None:
        return unit.open(person.id, Place("person", "called", person.id), person.called_sealed)
    return (name_of(unit, person).split() or [""])[0]


def set_called(unit: Unit, person: Person, wished: str) -> None:
    """Remember what this person asked to be called."""
    person.called_sealed = unit.seal(person.id, Place("person", "called", person.id), wished)


def set_telegram(unit: Unit, person: Person, telegram_id: int) -> None:
    """Bind this person to a Telegram account, sealed, and found again only by its keyed hash."""
    person.telegram_sealed = unit.seal(person.id, Place("person", "telegram", person.id), str(telegram_id))
    person.telegram_key = unit.look_up_key("telegram", telegram_id)


def adviser_of(unit: Unit, person_id: int) -> Person | None:
    """This person's adviser today, or None when nobody is named."""
    return unit.session.scalars(
        select(Person)
        .join(Bond, BOND.c.adviser_id == PERSON.c.id)
        .where(BOND.c.person_id == person_id, BOND.c.until_utc.is_(None), PERSON.c.state != "erased")
        .order_by(BOND.c.since_utc.desc())
    ).first()


def people_of(unit: Unit, adviser_id: int) -> list[Person]:
    """Everyone this adviser looks after today, whether or not they have joined."""
    return list(
        unit.session.scalars(
            select(Person)
            .join(Bond, BOND.c.person_id == PERSON.c.id)
            .where(BOND.c.adviser_id == adviser_id, BOND.c.until_utc.is_(None), PERSON.c.state.in_(HERE))
            .order_by(PERSON.c.id)
        )
    )  # fmt: skip


def managers_of(unit: Unit, team_id: int | None) -> list[Person]:
    """The managers of a team who have joined."""
    return list(
        unit.session.scalars(
            select(Person).where(PERSON.c.team_id == team_id, PERSON.c.role == "manager", PERSON.c.state == "active")
        )
    )


def reply_heard(unit: Unit, person_id: int) -> None:
    """Move the clock 'replied to the bot' to now."""
    unit.connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(last_reply_utc=unit.now))


def adviser_ids(unit: Unit, person_ids: list[int]) -> dict[int, int]:
    """Who looks after each of these people today; the newest bond wins."""
    current = select(BOND.c.person_id, BOND.c.adviser_id).where(
        BOND.c.person_id.in_(person_ids), BOND.c.until_utc.is_(None)
    )
    found = unit.connection.execute(current.order_by(BOND.c.since_utc))
    return {row.person_id: row.adviser_id for row in found}


def of_team(unit: Unit, team_id: int | None) -> list[Person]:
    """Every care leaver and carer of a team, whether or not they have joined."""
    return list(
        unit.session.scalars(
            select(Person)
            .where(PERSON.c.team_id == team_id, PERSON.c.role.in_(("care_leaver", "carer")), PERSON.c.state.in_(HERE))
            .order_by(PERSON.c.id)
        )
    )
