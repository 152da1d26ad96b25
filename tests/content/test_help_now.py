"""Help now: always there, always true."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from content import help_now
from content.check.sentences import html_problems
from content.help_now import Told
from content.helplines import all_helplines
from content.words import label
from sandbox.html_text import from_html
from tests.content.hostile import hostile_texts

SHEET = Path(__file__).parent / "helplines_sheet.tsv"
FULL = {
    "council": "Brackwater Council",
    "duty_number": "01632 960 018",
    "duty_hours": "Monday to Friday, 9am to 5pm",
    "adviser": "Jo",
    "adviser_back": "9 tomorrow",
}


def _sheet() -> dict[str, dict[str, str]]:
    with SHEET.open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_every_number_is_one_we_may_show() -> None:
    """Each constant is the number of a helpline in the data, and the data hold it as the fact sheet does."""
    lines, sheet = all_helplines(), _sheet()
    for key, number in help_now.NUMBERS.items():
        assert sheet[key]["serve"] == "yes"
        assert number in (lines[key].phone.partition(",")[0], lines[key].other_ways.removeprefix("text SHOUT to "))


def test_the_data_hold_what_the_sheet_lets_us_serve_and_no_more() -> None:
    """The same lines, the same numbers, the same addresses; a line that is closed or not confirmed is not there."""
    lines = all_helplines()
    served = {key: row for key, row in _sheet().items() if row["serve"] == "yes"}
    assert lines.keys() == served.keys()
    for key, row in served.items():
        assert (lines[key].name, lines[key].phone, lines[key].url) == (row["name"], row["phone"], row["url"])


def test_help_needs_no_file() -> None:
    """The crisis text is made in a Python that can open nothing and knows no other module of ours."""
    source = Path(help_now.__file__).read_text(encoding="utf-8")
    program = (
        "import __future__, sys, html, enum, types\n"
        "def refuse(event, args):\n"
        "    if event == 'open': raise OSError('no files here')\n"
        "help_now = types.ModuleType('help_now')\n"
        "sys.modules['help_now'] = help_now\n"
        "code = compile(sys.stdin.read(), 'help_now', 'exec')\n"
        "sys.addaudithook(refuse)\n"
        "exec(code, help_now.__dict__)\n"
        "print(help_now.text(help_now.Told.UNSURE))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], input=source, capture_output=True, text=True, check=True, timeout=20
    )
    for number in help_now.NUMBERS.values():
        assert number in result.stdout


@pytest.mark.parametrize("told", list(Told))
@pytest.mark.parametrize("they_wrote", [True, False])
@pytest.mark.parametrize("values", [{}, FULL])
def test_every_variant_shows_every_number(told: Told, they_wrote: bool, values: dict[str, str]) -> None:
    """Whoever they are and whatever we know, the numbers are there and Telegram takes the text."""
    shown = help_now.text(told, they_wrote=they_wrote, **values)
    assert not html_problems("help", shown)
    for number in help_now.NUMBERS.values():
        assert f"<b>{number}</b>" in shown


def test_nobody_is_said_to_be_told_unless_they_are() -> None:
    """Only the variants for it say that a message is being sent, and they say to whom."""
    for told in Told:
        shown = help_now.text(told, they_wrote=True, **FULL)
        sends = told in (Told.ADVISER, Told.DUTY, Told.ADVISER_AND_DUTY)
        assert ("I'm sending your message" in shown) is sends
        assert ("to Jo" in shown) is (told in (Told.ADVISER, Told.ADVISER_AND_DUTY))
        assert ("to the duty team" in shown or "and the duty team" in shown) is (
            told in (Told.DUTY, Told.ADVISER_AND_DUTY)
        )
        assert ("before 9 tomorrow" in shown) is (told in (Told.ADVISER, Told.ADVISER_AND_DUTY))


def test_hostile_values_stay_text() -> None:
    """An adviser's or council's name can add no markup to the crisis text."""
    for text in hostile_texts(200):
        shown = help_now.text(Told.ADVISER_AND_DUTY, they_wrote=True, **{**FULL, "adviser": text or "Jo"})
        _, entities = from_html(shown)
        assert {mark["type"] for mark in entities} == {"bold"}
        assert len(entities) == 7


def test_the_button_says_the_same_everywhere() -> None:
    """The constant and the words on the first screen agree."""
    assert label("first.button.help_now") == label("check_in.button.help_now") == help_now.BUTTON
