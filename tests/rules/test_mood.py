"""What an answer to the one question asks of us."""

from __future__ import annotations

import pytest

from rules.mood import Mood, is_low_run, offers_call


def test_who_is_offered_a_call() -> None:
    """A hard week is met with the offer of a call, and no other answer is."""
    assert [mood for mood in Mood if offers_call(mood)] == [Mood.HARD]


@pytest.mark.parametrize(
    ("latest_first", "low"),
    [
        ([], False),
        ([Mood.HARD], False),
        ([Mood.HARD, Mood.HARD], True),
        ([Mood.HARD, Mood.OK, Mood.HARD], False),
        ([Mood.OK, Mood.HARD, Mood.HARD], False),
    ],
)
def test_two_hard_answers_in_a_row(latest_first: list[Mood], low: bool) -> None:
    """Two hard answers in a row are told to the adviser; one is only a week."""
    assert is_low_run(latest_first) == low
