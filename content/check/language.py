"""How a text reads: spelling, words we never say, reading age."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from content.reading import reading_age

_ENGLAND = Path(__file__).parents[1] / "england"
OLDEST_READING_AGE = 12
# Below this many words a reading age says nothing.
_FEWEST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing for an editor to put right: `where` is an id or a file, `what` says it in plain words."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def problems(where: str, text: str) -> list[Problem]:
    """What is wrong with the language of `text` (plain, no tags)."""
    found = [
        Problem(where, f"American: {word}; write {ours}")
        for word, ours in _american().items()
        if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    ]
    for pattern, why in _never():
        match = pattern.search(text)
        if match:
            found.append(Problem(where, f"we never say {match[0]!r}: {why}"))
    return found


def reading_problems(where: str, text: str) -> list[Problem]:
    """Whether `text` is harder than we allow."""
    age = reading_age(text)
    if len(text.split()) < _FEWEST_WORDS or age <= OLDEST_READING_AGE:
        return []
    return [Problem(where, f"reading age {age}; keep it to {OLDEST_READING_AGE}")]


@cache
def _american() -> dict[str, str]:
    return tomllib.loads((_ENGLAND / "american.toml").read_text(encoding="utf-8"))


@cache
def _never() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = tomllib.loads((_ENGLAND / "never.toml").read_text(encoding="utf-8"))["never"]
    return tuple((re.compile(row["pattern"]), row["why"]) for row in rows)
