"""The one question of a check-in, and what an answer asks of us. Skipping is never a mood."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Mood(StrEnum):
    """How the week has been, in the words on the buttons."""

    GOOD = "good"
    OK = "ok"
    UP_AND_DOWN = "up_and_down"
    HARD = "hard"


def offers_call(mood: Mood) -> bool:
    """Whether the answer is met with the offer of a call from the adviser."""
    return mood is Mood.HARD


def is_low_run(latest_first: Sequence[Mood]) -> bool:
    """Whether the last two answers were both hard: reason for a low-wellbeing incident. One hard week is a week."""
    return len(latest_first) >= 2 and all(mood is Mood.HARD for mood in latest_first[:2])
