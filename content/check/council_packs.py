"""Checks on a council pack: a folder with council.toml and ladder.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from content import council, ladder
from content.check.language import Problem
from content.dates import WEEKDAYS

_PHONE = re.compile(r"0[\d ]{9,13}")


def problems(folder: Path) -> list[Problem]:
    """What is wrong with the pack in `folder`, in words an editor can act on."""
    found: list[Problem] = []
    try:
        found += _council_problems(folder)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        found.append(Problem(f"{folder.name}/council.toml", f"cannot be read: {error}"))
    try:
        ladder.load(folder)
    except (OSError, KeyError, TypeError, ValueError) as error:
        found.append(Problem(f"{folder.name}/ladder.toml", f"cannot be read: {error}"))
    return found


def _council_problems(folder: Path) -> list[Problem]:
    pack = council.load(folder)
    wrong: list[str] = []
    for number in (pack.duty_number, pack.out_of_hours_number, pack.housing_number):
        if not _PHONE.fullmatch(number):
            wrong.append(f"{number!r} is not a telephone number")
    if not pack.local_offer_url.startswith("https://"):
        wrong.append(f"{pack.local_offer_url!r} is not a safe address")
    if not set(pack.duty_days) <= set(WEEKDAYS) or not pack.duty_opens < pack.duty_closes:
        wrong.append("the duty team's days or hours make no sense")
    try:
        ZoneInfo(pack.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        wrong.append(f"{pack.time_zone!r} is not a time zone")
    return [Problem(f"{folder.name}/council.toml", what) for what in wrong]
