"""Helplines that are confirmed open, from england/helplines.toml.

Crisis text does not come from here: it is in `help_now.py`, which reads no file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "england" / "helplines.toml"


@dataclass(frozen=True, slots=True)
class Helpline:
    """One line. `phone` is empty when only a website or a text number may be shown; `hours` are words."""

    id: str
    name: str
    short_name: str
    need: str
    audience_age: str
    phone: str
    other_ways: str
    hours: str
    url: str
    source: str
    source_date: str
    confidence: str
    checked_on: date
    check_by: date

    def overdue(self, day: date) -> bool:
        """Whether someone should have rung it again before `day`. Then only its website is shown."""
        return day > self.check_by


class UnknownHelpline(KeyError):
    """No helpline that may be shown has this id."""


def helpline(helpline_id: str) -> Helpline:
    """The line, or UnknownHelpline."""
    try:
        return all_helplines()[helpline_id]
    except KeyError:
        raise UnknownHelpline(helpline_id) from None


@cache
def all_helplines() -> Mapping[str, Helpline]:
    """Every line that may be shown, by id, in the order of the file: the most urgent first."""
    return load(FILE)


def load(path: Path) -> dict[str, Helpline]:
    """The lines in the file at `path`."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: Helpline(id=key, **row) for key, row in rows.items()}
