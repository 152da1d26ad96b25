"""Checks on facts and helplines: is each sourced, dated, in force and of its kind?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from content.check import language
from content.check.language import Problem
from content.facts import Fact, FactType, Source
from content.helplines import Helpline

_TYPES: dict[FactType, type | tuple[type, ...]] = {
    FactType.MONEY: (int, float),
    FactType.AGE: int,
    FactType.NUMBER: (int, float),
    FactType.DATE: date,
    FactType.PHONE: str,
    FactType.TEXT: str,
}
_PHONE = re.compile(r"(999|101|11[16]( \d{3})?|0[\d ]{7,13})(, choose option \d)?")


def fact_problems(facts: Mapping[str, Sequence[Fact]], today: date) -> list[Problem]:
    """What is wrong with the facts, given by id with their rates in order."""
    found: list[Problem] = []
    for key, rates in facts.items():
        for rate in rates:
            found += _rate_problems(f"fact {key}", rate)
        for before, after in pairwise(rates):
            if (
                before.effective_to is None
                or after.effective_from is None
                or before.effective_to >= after.effective_from
            ):
                found.append(Problem(f"fact {key}", "two rates hold on the same day"))
        found += _standing(key, rates, today)
    return found


def helpline_problems(lines: Mapping[str, Helpline], today: date) -> list[Problem]:
    """What is wrong with the helplines."""
    found: list[Problem] = []
    for key, line in lines.items():
        where = f"helpline {key}"
        if line.phone and not _PHONE.fullmatch(line.phone):
            found.append(Problem(where, f"{line.phone!r} is not a telephone number"))
        if line.phone and not line.hours:
            found.append(Problem(where, "a number without hours"))
        if not line.source:
            found.append(Problem(where, "no source"))
        found += source_problems(where, Source(line.name, line.url))
        found += _dates(where, line.checked_on, line.check_by)
        if line.overdue(today):
            found.append(Problem(where, f"should have been rung again by {line.check_by}"))
    return found


def source_problems(where: str, source: Source) -> list[Problem]:
    """Whether a source can be shown and followed."""
    found = [] if source.title else [Problem(where, "a source without a title")]
    if not re.fullmatch(r"https://[^\s<>\"']+", source.url):
        found.append(Problem(where, f"{source.url!r} is not a safe address"))
    return found


def _rate_problems(where: str, rate: Fact) -> list[Problem]:
    found = source_problems(where, rate.source) + _dates(where, rate.checked_on, rate.check_by)
    if not isinstance(rate.value, _TYPES[rate.type]):
        found.append(Problem(where, f"{rate.value!r} is not a value of type {rate.type}"))
    if not rate.legal_basis or not rate.covers:
        found.append(Problem(where, "needs a legal basis and whom it covers"))
    if rate.effective_from and rate.effective_to and rate.effective_from > rate.effective_to:
        found.append(Problem(where, "ends before it begins"))
    return found + language.problems(where, rate.words())


def _standing(key: str, rates: Sequence[Fact], today: date) -> list[Problem]:
    now = [rate for rate in rates if rate.in_force(today)]
    if not now:
        return [Problem(f"fact {key}", f"no value in force on {today}")]
    return [Problem(f"fact {key}", f"should have been checked by {r.check_by}") for r in now if r.overdue(today)]


def _dates(where: str, checked_on: date, check_by: date) -> list[Problem]:
    return [] if checked_on < check_by else [Problem(where, "check_by must come after checked_on")]
