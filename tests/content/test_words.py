"""The sentences: each can be said, none can be said wrongly."""

from __future__ import annotations

import re

import pytest

from content.words import UnknownWords, WrongValues, all_ids, is_label, label, placeholders, plain, template, words


def test_every_sentence_can_be_said() -> None:
    """With exactly its values, every id gives words with no placeholder left."""
    for key in all_ids():
        values = dict.fromkeys(placeholders(key), "Sam")
        said = label(key, **values) if is_label(key) else words(key, **values)
        assert said, key
        assert not {"{", "}"} & set(said), key


def test_a_missing_value_is_refused_for_every_sentence() -> None:
    """Leaving out any one value raises, naming it."""
    for key in all_ids():
        for left_out in placeholders(key):
            values = dict.fromkeys(placeholders(key) - {left_out}, "Sam")
            with pytest.raises(WrongValues, match=left_out):
                words(key, **values)


def test_a_value_too_many_is_refused_for_every_sentence() -> None:
    """A value without a placeholder raises: a fact that was meant to be said is never dropped."""
    for key in all_ids():
        values = dict.fromkeys(placeholders(key), "Sam") | {"not_a_placeholder": "x"}
        with pytest.raises(WrongValues, match="not_a_placeholder"):
            words(key, **values)


def test_an_unknown_id_is_refused() -> None:
    """There is no empty answer to a mistyped id."""
    with pytest.raises(UnknownWords):
        words("first.nothing_like_this")


def test_plain_has_no_markup() -> None:
    """The plain form is for pages and for parts of sentences: no tags, no escapes."""
    assert plain("adviser.caseload_heading", count="<3>") == "Your people · <3>"


PREFIXES = ["first", "guidance", "unsure", "join", "check_in", "nudge", "cadence", "pause", "stop", "my_data"]
PREFIXES += ["adviser", "adviser.log", "adviser.invite", "manager", "sorry", "commands"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_part_of_the_road_has_words(prefix: str) -> None:
    """Each conversation has sentences of its own."""
    assert [key for key in all_ids() if key.startswith(f"{prefix}.")]


def test_who_was_told_and_when_is_always_a_value() -> None:
    """A sentence that names a person, a day or a time has it from the caller, never by heart."""
    for key in all_ids():
        for remembered in ("Jo", "Sam", "Brackwater", "01632", "Thursday", "tomorrow"):
            assert is_label(key) or not re.search(rf"\b{remembered}\b", template(key)), (key, remembered)
