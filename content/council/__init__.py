"""A council pack: a folder of data that makes the national service one council's own.

A new council is a new folder with `council.toml` and `ladder.toml`; no code names a council.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from pathlib import Path

BUILT_IN = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Council:
    """What pages and messages need to know of a council. Numbers are text, spaced as they are read out."""

    name: str
    duty_number: str
    duty_days: tuple[str, ...]
    duty_opens: time
    duty_closes: time
    duty_hours: str
    out_of_hours_number: str
    housing_number: str
    local_offer_url: str
    time_zone: str

    def line(self, field: str) -> str:
        """The words for `{council:field}` in a page, as plain text."""
        match field:
            case "name":
                return self.name
            case "duty_line":
                return f"the duty team on {self.duty_number} ({self.duty_hours})"
            case "out_of_hours_line":
                return f"the out-of-hours line on {self.out_of_hours_number}"
            case "housing_line":
                return f"the housing team on {self.housing_number}"
            case "local_offer":
                return f"{self.name}'s local offer ({self.local_offer_url})"
        raise KeyError(field)


# What a page says where no council is known, as on a printed sheet for all of England.
ANY_COUNCIL = {
    "name": "your council",
    "duty_line": "your council's leaving care or duty team",
    "out_of_hours_line": "your council's out-of-hours line",
    "housing_line": "your council's housing team",
    "local_offer": "your council's local offer",
}


def line(council: Council | None, field: str) -> str:
    """The words for `{council:field}`; KeyError for a field that does not exist."""
    return ANY_COUNCIL[field] if council is None else council.line(field)


def built_in(name: str) -> Path:
    """The folder of a pack that comes with the service."""
    return BUILT_IN / name


def load(folder: Path) -> Council:
    """The council of the pack in `folder`. Raises KeyError or TypeError naming a missing or unknown line."""
    row = tomllib.loads((folder / "council.toml").read_text(encoding="utf-8"))
    row["duty_days"] = tuple(row["duty_days"])
    return Council(**row)
