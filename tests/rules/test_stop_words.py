"""STOP in any wording, and coming back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.stop_words import wants_back, wants_to_stop


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", "Stop!!", " stop. ", "/stop", "STOP 🛑", "Please stop messaging me", "stop texting me pls",
     "don't message me again", "DON’T TEXT ME", "unsubscribe", "leave me alone", "opt out", "just leave me alone ta",
     "I want to stop", "no more messages please", "go away", "ok stop now", "end", "stop checking up on me"],
)  # fmt: skip
def test_stop(text: str) -> None:
    """A whole message that says stop, in any of its wordings and with or without manners, is a stop."""
    assert wants_to_stop(text)
    assert not wants_back(text)


@pytest.mark.parametrize(
    "text",
    ["I can't stop crying", "don't stop", "stop at the shop on the way", "how do i stop smoking", "when does it end",
     "he won't leave me alone", "my mum told me to go away", "bus stop", "non stop", "cancel my appointment", "",
     "stop me if you've heard this", "please", "start", "the weekend", "stop " * 40],
)  # fmt: skip
def test_not_a_stop(text: str) -> None:
    """A sentence with the word in it is not a stop."""
    assert not wants_to_stop(text)


@pytest.mark.parametrize("text", ["START", "start again please", "I'm back", "come back", "can I come back?", "/start"])
def test_back(text: str) -> None:
    """A whole message that asks to start again is heard."""
    assert wants_back(text)


@pytest.mark.parametrize("text", ["i start college monday", "when do i start", "call me back", "stop", "my back hurts"])
def test_not_back(text: str) -> None:
    """A sentence with the word in it does not start anything."""
    assert not wants_back(text)


@given(st.text(max_size=200))
def test_never_both_and_never_an_error(text: str) -> None:
    """No text raises, and none is a stop and a start at once."""
    assert not (wants_to_stop(text) and wants_back(text))
