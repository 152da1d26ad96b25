"""The check: nothing wrong with what we ship, and every kind of wrong is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from content.check import evidence, guidance_pages, problems, sentences
from content.check.language import problems as language_problems
from content.check.language import reading_problems
from content.facts import Source, all_facts
from content.guidance import Page, Section, all_pages
from content.helplines import all_helplines
from content.reading import reading_age

TODAY = date(2026, 11, 21)


def test_nothing_is_wrong_with_what_we_say() -> None:
    """Words, facts, helplines, pages and the invented council pass every check."""
    assert [str(problem) for problem in problems(TODAY)] == []


def test_the_calendar_is_watched() -> None:
    """A year on, the check names facts, helplines and pages that nobody has looked at again."""
    found = [str(problem) for problem in problems(date(2027, 11, 20))]
    assert any(line.startswith("fact ") for line in found)
    assert any(line.startswith("helpline ") for line in found)
    assert any(line.startswith("homeless:") for line in found)


@pytest.mark.parametrize(
    ("key", "sentence", "told"),
    [
        ("first.x", "<u>Hello</u>", "not one of our tags"),
        ("first.x", "<b>Hello", "not closed"),
        ("first.x", "Hello</b>", "closes nothing"),
        ("first.x", '<a href="http://evil.example">x</a>', "not a link of ours"),
        ("first.x", "Hello {Name}", "not a placeholder"),
        ("first.x", '<a href="{web}">x</a>', "inside a tag"),
        ("first.x", "Go to example.{name}", "grow into the word"),
        ("first.x", "{name}.com", "grow into the word"),
        ("first.x", "word " * 80, "fit a phone screen"),
        ("adviser.x", "word " * 1000, "Telegram takes"),
        ("adviser.x", "{text} {note} {lines}", "could grow"),
        ("first.button.x", "A button that says far too many words", "30 fit"),
        ("first.button.x", "Two\nlines", "one line"),
        ("first.x", "Your favorite color", "write favourite"),
        ("first.x", "You are not eligible.", "we never say"),
        ("first.x", "You must ring us.", "say who must"),
        ("first.x", "Your placement ended.", "we never say"),
        ("first.x", "This is your final reminder.", "we never say"),
        ("first.x", "Welcome!", "be plain"),
    ],
)
def test_a_wrong_sentence_is_seen(key: str, sentence: str, told: str) -> None:
    """Each kind of mistake in a sentence is one line that says what to do."""
    assert any(told in problem.what for problem in sentences.problems({key: sentence}))


PAGE = all_pages()["staying-put"]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (replace(PAGE, short="See {fact:nothing}."), "does not exist"),
        (replace(PAGE, next=("Ring {helpline:nothing}.",)), "does not exist"),
        (replace(PAGE, next=("Ring {council:nothing}.",)), "does not exist"),
        (replace(PAGE, facts=()), "does not list it"),
        (replace(PAGE, facts=(*PAGE.facts, "care-weeks-x")), "does not use it"),
        (replace(PAGE, related=("nothing",)), "related page"),
        (replace(PAGE, topic="nothing"), "not a topic"),
        (replace(PAGE, topic="local-offer"), "not for"),
        (replace(PAGE, sources=()), "no source"),
        (replace(PAGE, sources=(Source("x", "javascript:alert(1)"),)), "safe address"),
        (replace(PAGE, aliases=()), "needs a next step"),
        (replace(PAGE, check_by=date(2026, 11, 20)), "should have been checked"),
        (replace(PAGE, menu="A name that is longer than a button"), "too long for a button"),
        (replace(PAGE, depends_on=("It's £3,000.",)), "outside the facts"),
        (replace(PAGE, depends_on=("Ring 0800 123 4567.",)), "outside the helplines"),
        (replace(PAGE, depends_on=("See {fact}.",)), "a brace"),
        (replace(PAGE, depends_on=("You are not entitled.",)), "we never say"),
        (replace(PAGE, short=PAGE.short + " More words." * 20), "fit a phone"),
        (replace(PAGE, sections=(*PAGE.sections, Section("Long", "Word. " * 800))), "Telegram takes"),
    ],
)
def test_a_wrong_page_is_seen(page: Page, told: str) -> None:
    """Each kind of mistake in a page is one line that says what to do."""
    pages = {**all_pages(), page.topic: page}
    found = guidance_pages.problems(pages, all_facts(), all_helplines(), TODAY)
    assert any(told in problem.what for problem in found), [str(problem) for problem in found]


def test_a_wrong_fact_is_seen() -> None:
    """Overlapping rates, a value of the wrong kind, a missing basis, dates the wrong way round."""
    rate = all_facts()["bursary-16-19-amount"][0]
    wrong = {
        "hold on the same day": (rate, rate),
        "not a value of type": (replace(rate, value="lots"),),
        "legal basis": (replace(rate, legal_basis=""),),
        "ends before": (replace(rate, effective_from=TODAY, effective_to=date(2020, 1, 1)),),
        "must come after": (replace(rate, check_by=rate.checked_on),),
        "no value in force": (replace(rate, effective_from=date(2030, 1, 1)),),
        "should have been checked": (replace(rate, checked_on=date(2020, 1, 1), check_by=date(2021, 1, 1)),),
    }
    for told, rates in wrong.items():
        found = evidence.fact_problems({"bursary-16-19-amount": rates}, TODAY)
        assert any(told in problem.what for problem in found), told


def test_a_wrong_helpline_is_seen() -> None:
    """A number that is none, no hours, no source, not rung for too long."""
    line = all_helplines()["shelter"]
    wrong = {
        "not a telephone number": replace(line, phone="call us"),
        "without hours": replace(line, hours=""),
        "no source": replace(line, source=""),
        "rung again": replace(line, check_by=date(2026, 11, 20)),
    }
    for told, broken in wrong.items():
        found = evidence.helpline_problems({"shelter": broken}, TODAY)
        assert any(told in problem.what for problem in found), told


def test_hard_reading_is_seen_and_plain_reading_is_not() -> None:
    """A sentence from a statute is too old for us; our own is not."""
    statute = (
        "Notwithstanding the foregoing provisions, the responsible local authority shall, having regard to all the "
        "circumstances of the case, determine whether accommodation constitutes suitable accommodation for the "
        "purposes of these regulations, and shall notify the individual concerned accordingly in writing within a "
        "reasonable period."
    )
    assert reading_age(statute) > 18
    assert reading_problems("statute", statute)
    assert reading_age("You can stay until you're 21. Ask your adviser first.") < 10
    assert reading_age("") == 0


def test_our_own_spelling_passes() -> None:
    """British words that look like American ones are left alone."""
    assert (
        language_problems("x", "A programme at the centre, in colour. The council must check. Who must decide?") == []
    )
