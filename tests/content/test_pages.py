"""Guidance pages as a phone shows them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.check.sentences import SCREEN_LIMIT, html_problems
from content.council import built_in, load
from content.guidance import (
    UnknownPage,
    all_pages,
    full_answer,
    page,
    pages,
    parse,
    section_answer,
    short_answer,
    withdrawn,
)
from content.guidance import load as load_pages
from content.message import Button
from content.words import words
from sandbox.html_text import from_html

TODAY = date(2026, 11, 21)
BRACKWATER = load(built_in("brackwater"))
TOPICS = ["staying-put", "suitable-accommodation", "setting-up-home-allowance", "bursary-16-19"]
TOPICS += ["personal-adviser", "homeless"]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_first_pages_are_there(topic: str) -> None:
    """The six pages of the road are served to care leavers."""
    assert page(topic) in pages("care-leaver")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_short_answer_keeps_its_order_and_fits_the_screen(topic: str) -> None:
    """Title, answer, next step, then where it is written and when it was checked; within one screen."""
    lines, _ = from_html(short_answer(page(topic), TODAY, BRACKWATER))
    *answer, source = lines.split("\n")
    assert answer[0] == page(topic).title
    assert len("\n".join(answer)) <= SCREEN_LIMIT
    assert source.endswith("· checked 21 Nov 2026")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_view_of_a_page_is_taken_by_telegram(topic: str) -> None:
    """Short, whole and each section parse as Telegram HTML and fit a message, with a council and without."""
    found = page(topic)
    for council in (BRACKWATER, None):
        views = [short_answer(found, TODAY, council), full_answer(found, TODAY, council)]
        views += [section_answer(found, index, TODAY, council) for index in range(len(found.sections))]
        for view in views:
            assert not html_problems(topic, view)
            assert from_html(view)[0]
            assert not {"{", "}"} & set(view)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_overdue_fact_takes_itself_down(topic: str) -> None:
    """Ten years on, no figure is said: each place says it is being checked, and the page says so too."""
    found = page(topic)
    later = date(2036, 11, 21)
    assert set(withdrawn(found, later)) == set(found.facts)
    assert not withdrawn(found, TODAY)
    view = full_answer(found, later, BRACKWATER)
    assert words("guidance.fact_withdrawn") in view
    assert words("guidance.page_overdue") in view
    assert "£" not in view
    assert "0808" not in view


def test_a_page_in_date_says_nothing_of_checking() -> None:
    """The note about checking is only there when it is true."""
    for topic in TOPICS:
        assert words("guidance.page_overdue") not in full_answer(page(topic), TODAY, BRACKWATER)


def test_another_council_needs_no_code() -> None:
    """The numbers in a page are the pack's own; without a pack the page still makes sense."""
    assert "01632 960 019" in short_answer(page("homeless"), TODAY, BRACKWATER)
    assert "your council's out-of-hours line" in short_answer(page("homeless"), TODAY)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("staying-put", "usually stay until you're 21"),
        ("setting-up-home-allowance", "at least £3,000"),
        ("setting-up-home-allowance", "That's in government guidance"),
        ("bursary-16-19", "up to £1,200 a year; the college decides by need"),
        ("bursary-16-19", "at least £2,000 in all"),
        ("personal-adviser", "you can ask for one"),
        ("homeless", "Any council must take your application"),
    ],
)
def test_what_the_sheet_lets_us_say(topic: str, said: str) -> None:
    """The short answers say what may be served, with its limits."""
    assert said in from_html(short_answer(page(topic), TODAY, BRACKWATER))[0]


def test_every_page_and_section_can_be_a_button() -> None:
    """A topic with a section number fits Telegram's 64 bytes of button data, and its name fits the button."""
    for found in all_pages().values():
        for index, section in enumerate(found.sections):
            assert Button(section.heading, data=f"page.section:{found.topic}:{index}").text


def test_an_unknown_topic_is_refused() -> None:
    """There is no page for a mistyped topic."""
    with pytest.raises(UnknownPage):
        page("no-such-topic")


def test_a_page_of_the_wrong_shape_names_its_file() -> None:
    """An editor who leaves out a line is told which file and which line."""
    with pytest.raises(ValueError, match=r"new-page\.md.*title"):
        parse('+++\ntopic = "x"\napplies_to = { statuses = [], ages = [16, 20] }\n+++\n## A\nb', "new-page.md")


def test_an_editor_can_change_a_page_without_a_programmer(tmp_path: Path) -> None:
    """A page copied, changed and saved in a folder is the page that is loaded."""
    source = (Path(load_pages.__code__.co_filename).parent / "england" / "pages" / "staying-put.md").read_text("utf-8")
    (tmp_path / "staying-put.md").write_text(source.replace("It's called", "This is called"), encoding="utf-8")
    assert load_pages(tmp_path)["staying-put"].short.startswith("This is called")
