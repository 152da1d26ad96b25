"""Facts: every amount, age, date and deadline, written once in england/facts and pointed to by pages.

A fact that is overdue for checking, or has no rate in force, withdraws itself: it is never shown as settled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from content.dates import full_date

FOLDER = Path(__file__).parent / "england" / "facts"


class FactType(StrEnum):
    """What kind of thing a fact is, and so how it is shown."""

    MONEY = "money"
    AGE = "age"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    TEXT = "text"


class Confidence(StrEnum):
    """How sure the evidence is. There is no `low`: such a fact is not written down here."""

    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is written. `date` is the date on the source itself, in words, or `undated`."""

    title: str
    url: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value over one stretch of days. `effective_to` is the last day it holds; None is open at that end."""

    id: str
    about: str
    type: FactType
    value: int | float | date | str
    unit: str
    effective_from: date | None
    effective_to: date | None
    nation: str
    covers: tuple[str, ...]
    legal_basis: str
    source: Source
    confidence: Confidence
    checked_on: date
    check_by: date

    def in_force(self, day: date) -> bool:
        """Whether this value holds on `day`."""
        after_start = self.effective_from is None or self.effective_from <= day
        return after_start and (self.effective_to is None or day <= self.effective_to)

    def overdue(self, day: date) -> bool:
        """Whether it should have been checked again before `day`."""
        return day > self.check_by

    def words(self) -> str:
        """The value as people read it: `£3,000`, `21`, `8 weeks`, `10 Jul 2025`."""
        return f"{self._shown()} {self.unit}".strip()

    def _shown(self) -> str:
        match self.value:
            case date():
                return full_date(self.value)
            case int() | float() if self.type is FactType.MONEY:
                pounds = f"£{self.value:,.2f}"
                return pounds.removesuffix(".00")
            case _:
                return str(self.value)


class UnknownFact(KeyError):
    """No fact has this id."""


def fact(fact_id: str, today: date) -> Fact | None:
    """The value in force on `today`, or None when it has withdrawn itself. Raises UnknownFact."""
    return choose(all_facts(), fact_id, today)


def choose(facts: Mapping[str, Sequence[Fact]], fact_id: str, today: date) -> Fact | None:
    """As `fact`, from the facts given."""
    try:
        versions = facts[fact_id]
    except KeyError:
        raise UnknownFact(fact_id) from None
    return next((found for found in versions if found.in_force(today) and not found.overdue(today)), None)


@cache
def all_facts() -> Mapping[str, tuple[Fact, ...]]:
    """Every fact by id, with all its rates in order of their first day."""
    return load(FOLDER)


def load(folder: Path) -> dict[str, tuple[Fact, ...]]:
    """The facts in every .toml file of `folder`."""
    found: dict[str, list[Fact]] = {}
    for path in sorted(folder.glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["fact"]:
            found.setdefault(row["id"], []).append(_fact(row))
    return {key: tuple(sorted(rates, key=_first_day)) for key, rates in found.items()}


def _first_day(rate: Fact) -> date:
    return rate.effective_from or date.min


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(
        id=row["id"],
        about=row["about"],
        type=FactType(row["type"]),
        value=row["value"],
        unit=row.get("unit", ""),
        effective_from=row.get("effective_from"),
        effective_to=row.get("effective_to"),
        nation=row.get("nation", "England"),
        covers=tuple(row["covers"]),
        legal_basis=row["legal_basis"],
        source=Source(**row["source"]),
        confidence=Confidence(row["confidence"]),
        checked_on=row["checked_on"],
        check_by=row["check_by"],
    )
