"""Council packs: data, checked, and read without code."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from content import ladder
from content.check import council_packs
from content.council import ANY_COUNCIL, built_in, line, load
from content.dates import clock, day_and_month, full_date, short_day, weekday
from content.guidance import all_pages
from content.markup import references
from rules.ladder import DEFAULT, StepKind

BRACKWATER = built_in("brackwater")


def test_the_invented_council_is_sound() -> None:
    """The pack we ship has nothing wrong, and its numbers are from the range that reaches no one."""
    assert council_packs.problems(BRACKWATER) == []
    pack = load(BRACKWATER)
    for number in (pack.duty_number, pack.out_of_hours_number, pack.housing_number):
        assert number.startswith("01632 960 ")


def test_every_council_field_used_in_a_page_has_words() -> None:
    """Whether or not a council is known, {council:...} says something."""
    pack = load(BRACKWATER)
    for field in ANY_COUNCIL:
        assert line(pack, field)
        assert line(None, field)
    texts = [text for page in all_pages().values() for text in page.texts()]
    used = {name for text in texts for kind, name in references(text) if kind == "council"}
    assert used <= ANY_COUNCIL.keys()


def test_brackwaters_ladder_is_nudge_adviser_manager() -> None:
    """Two days on a nudge at half past five; then the adviser; then the manager, unless someone has it."""
    steps = ladder.load(BRACKWATER).steps
    assert [step.kind for step in steps] == [StepKind.NUDGE, StepKind.TELL_ADVISER, StepKind.TELL_MANAGER]
    assert (steps[0].wait_days, steps[0].at) == (2, time(17, 30))
    assert steps == DEFAULT.steps


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("council.toml", "01632 960 018", "ring us", "telephone number"),
        ("council.toml", "https://", "http://", "safe address"),
        ("council.toml", '"Monday"', '"Mon"', "days or hours"),
        ("council.toml", "duty_closes = 17", "duty_closes = 08", "days or hours"),
        ("council.toml", "Europe/London", "Europe/Brackwater", "time zone"),
        ("council.toml", "name =", "title =", "cannot be read"),
        ("council.toml", "duty_opens = 09", "duty_opens = soon", "cannot be read"),
        ("ladder.toml", "tell_manager", "tell_mum", "cannot be read"),
        ("ladder.toml", "17:30:00", "23:30:00", "cannot be read"),
    ],
)
def test_a_broken_pack_is_told_where(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    """Each mistake an editor could make is one line naming the file and the matter."""
    pack = tmp_path / "newtown"
    shutil.copytree(BRACKWATER, pack)
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    found = council_packs.problems(pack)
    assert any(told in str(problem) and f"newtown/{file}" in str(problem) for problem in found)


def test_dates_are_said_as_in_england() -> None:
    """Day before month, twenty-four hours on the clock."""
    day = date(2026, 12, 3)
    assert (weekday(day), day_and_month(day), short_day(day)) == ("Thursday", "Thursday 3 December", "3 Dec")
    assert (full_date(day), clock(time(9, 5))) == ("3 Dec 2026", "09:05")
