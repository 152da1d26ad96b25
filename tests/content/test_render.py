"""Promise T6, Telegram's half: what a person types stays text."""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice

import pytest

from content.markup import TELEGRAM_LIMIT, length_units
from content.words import LABEL_LIMIT, OUR_LINKS, all_ids, defuse, is_label, label, placeholders, words
from sandbox.entities import Entity, part, with_found
from sandbox.html_text import from_html
from tests.content.hostile import hostile_texts

HOSTILE = hostile_texts(500)
FILLED = [key for key in all_ids() if not is_label(key) and placeholders(key) - OUR_LINKS]


def _values(key: str, text: str) -> dict[str, object]:
    return {name: "https://t.me/ours" if name in OUR_LINKS else text for name in placeholders(key)}


def _marks(shown: str) -> list[tuple[str, str]]:
    """What a phone makes bold, tappable and so on: the kind, and the words unless they may hold a value."""
    text, entities = from_html(shown)
    return [(str(mark["type"]), _tappable(text, mark)) for mark in with_found(text, entities)]


def _tappable(text: str, mark: Entity) -> str:
    return part(text, mark) if mark["type"] in ("url", "email", "bot_command", "mention", "hashtag") else ""


def test_hostile_values_add_no_markup_link_or_command() -> None:
    """500 hostile texts, each in eight sentences: a phone marks exactly what it marks with a harmless word."""
    keys = cycle(FILLED)
    for text in HOSTILE:
        for key in islice(keys, 8):
            shown = words(key, **_values(key, text))
            wanted, found = Counter(_marks(words(key, **_values(key, "Sam")))), Counter(_marks(shown))
            assert not found - wanted, (key, text)
            assert not wanted - found or not defuse(text).strip("\u200b\n "), (key, text)
            assert length_units(shown) <= TELEGRAM_LIMIT


def test_a_name_stays_on_its_line() -> None:
    """A name with line breaks cannot pretend to be a second paragraph of ours."""
    shown = words("join.joined_carer", name="Sam\n\nBrackwater Council: ring 0900", adviser="Jo")
    assert shown.startswith("Thanks, Sam Brackwater Council: ring 0900. You're in.")


def test_direction_marks_and_broken_halves_are_dropped() -> None:
    """Marks that turn writing round, control characters and lone surrogates never reach a phone."""
    shown = words("check_in.ask_yourself", name="S\u202ea\ud800m\0")
    assert shown == "Hi Sam. How's your week been?"
    shown.encode("utf-8")


@pytest.mark.parametrize("text", ["17:30", "9.30", "9/11", "Sam T.", "01632 960 018", "Thursday 3 December", "£3,000"])
def test_ordinary_values_come_out_as_they_went_in(text: str) -> None:
    """Times, dates, numbers and initials are not changed by the guard against links."""
    assert text in words("check_in.ask_yourself", name=text)


def test_our_own_links_stay_whole() -> None:
    """A link that we made, given under the name kept for it, can be tapped."""
    link = "https://t.me/keepintouch_bot?start=abc_DEF-1"
    shown = words("adviser.sign_in", minutes=10, link=link)
    assert ("url", link) in _marks(shown)


def test_labels_stay_within_their_length() -> None:
    """A button with a name in it is never longer than a phone shows."""
    for text in HOSTILE:
        assert len(label("adviser.log.button.not_them", person=text)) <= LABEL_LIMIT
