"""Facts: written once, dated, and gone when they are too old to be sure of."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from content.facts import Confidence, UnknownFact, all_facts, choose, fact, load

WRITTEN = date(2026, 11, 21)

RATES = """
[[fact]]
id = "grant"
about = "An invented grant"
type = "money"
value = {value}
effective_from = {begins}
covers = ["invented"]
legal_basis = "Invented Act, section 1"
source = {{ title = "Invented Act", url = "https://law.example/1" }}
confidence = "high"
checked_on = 2026-11-21
check_by = 2027-11-21
{ends}
"""


def _rates(folder: Path) -> dict[str, tuple[object, ...]]:
    old = RATES.format(value=100, begins="2026-04-01", ends="effective_to = 2027-03-31")
    new = RATES.format(value=1234.5, begins="2027-04-01", ends="")
    (folder / "grant.toml").write_text(new + old, encoding="utf-8")
    return dict(load(folder))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), "£100"),
        (date(2027, 3, 31), "£100"),
        (date(2027, 4, 1), "£1,234.50"),
        (date(2027, 11, 21), "£1,234.50"),
        (date(2027, 11, 22), None),
    ],
)
def test_next_aprils_rate_can_be_loaded_today(tmp_path: Path, day: date, said: str | None) -> None:
    """Each rate is said on its own days and no other; past its check_by none is said."""
    _rates(tmp_path)
    found = choose(load(tmp_path), "grant", day)
    assert (found.words() if found else None) == said


def test_every_fact_stands_on_the_day_it_was_written() -> None:
    """No fact we ship is overdue or without a value today."""
    for key in all_facts():
        assert fact(key, WRITTEN) is not None, key


def test_every_fact_withdraws_itself_in_time() -> None:
    """The day after the last of its check_by dates, no fact is said."""
    for key, rates in all_facts().items():
        assert fact(key, max(rate.check_by for rate in rates) + timedelta(days=1)) is None, key


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("setting-up-home-amount", "£3,000"),
        ("bursary-16-19-amount", "£1,200 a year"),
        ("higher-education-bursary-amount", "£2,000"),
        ("apprentice-bursary-amount", "£3,000"),
        ("adviser-meet-weeks", "8 weeks"),
        ("staying-put-until-age", "21"),
        ("housing-list-from", "10 Jul 2025"),
    ],
)
def test_facts_are_said_as_people_read_them(key: str, said: str) -> None:
    """Money has its pound sign and comma, a date its month, a number its unit."""
    found = fact(key, WRITTEN)
    assert found is not None
    assert found.words() == said


def test_the_old_rate_is_still_known() -> None:
    """A day before April 2023 has the amount of that day, though nobody is told it as today's."""
    versions = all_facts()["setting-up-home-amount"]
    assert [rate.value for rate in versions if rate.in_force(date(2023, 3, 31))] == [2000]


def test_laws_not_started_are_never_said_with_high_confidence() -> None:
    """The two parts of the 2026 Act that were not in force say so in their own words."""
    for key in ("staying-close-law", "intentional-homeless-now"):
        found = fact(key, WRITTEN)
        assert found is not None
        assert found.confidence is Confidence.MEDIUM
        assert "not started" in found.words()


def test_an_unknown_fact_is_refused() -> None:
    """A mistyped id is an error, not an empty place in a sentence."""
    with pytest.raises(UnknownFact):
        fact("no-such-fact", WRITTEN)
