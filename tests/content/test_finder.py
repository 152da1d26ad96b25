"""The finder: the nearest pages, for an honest "I'm not sure"."""

from __future__ import annotations

import time

import pytest

from content.finder import nearest
from tests.content.hostile import hostile_texts


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("do i have to leave my foster mums when im 18", "staying-put"),
        ("can I stop with my foster carers until I'm 20?", "staying-put"),
        ("ive got nowhere to sleep 2nite", "homeless"),
        ("been kicked out of my flat", "homeless"),
        ("when do i get my leaving care grant", "setting-up-home-allowance"),
        ("council only gave me 2000", "setting-up-home-allowance"),
        ("how do I get the 1200 bursary", "bursary-16-19"),
        ("what money can I get for uni", "bursary-16-19"),
        ("my PA never rings me back", "personal-adviser"),
        ("can i change my personal adviser", "personal-adviser"),
        ("my place is mouldy and not safe", "suitable-accommodation"),
        ("they want to put me in a B&B", "suitable-accommodation"),
    ],
)
def test_young_peoples_own_words_find_the_page(question: str, topic: str) -> None:
    """The page is the nearest one."""
    assert nearest(question, "care-leaver")[0].topic == topic


@pytest.mark.parametrize("question", ["", "   ", "hi", "???", "what is it", "😀😀", "qwxyz"])
def test_nothing_known_finds_nothing(question: str) -> None:
    """Where no word is known the answer is none, so that we say we are not sure."""
    assert nearest(question, "care-leaver") == []


def test_a_carer_is_shown_only_pages_for_carers() -> None:
    """The audience is kept, and so is the limit."""
    for found in nearest("money rent home adviser staying put bursary", "carer", limit=10):
        assert "carer" in found.audience
    assert len(nearest("money rent home adviser", "care-leaver", limit=2)) == 2
    assert len(nearest("money rent home adviser", "care-leaver", limit=1)) == 1


def test_no_text_can_upset_the_finder() -> None:
    """500 hostile texts, search operators and quotes among them, raise nothing."""
    for text in [*hostile_texts(500), 'NEAR("a" b)', "a AND NOT b*", '"', "topic:homeless", "x " * 5000]:
        nearest(text, "care-leaver")


def test_an_answer_is_quick() -> None:
    """A hundred questions take less than two seconds, building the index included."""
    begun = time.perf_counter()
    for _ in range(100):
        nearest("do i have to leave my foster mums when im 18", "care-leaver")
    assert time.perf_counter() - begun < 2
