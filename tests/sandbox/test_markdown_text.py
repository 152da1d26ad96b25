"""Telegram's MarkdownV2, checked against what two libraries make of the entities."""

import aiogram
import pytest
import telegram
from aiogram.utils.text_decorations import markdown_decoration
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.helpers import escape_markdown

from sandbox.entities import cleaned, part
from sandbox.handset import Handset
from sandbox.markdown_text import from_markdown
from sandbox.refusals import Refusal


async def test_both_libraries_read_the_entities_back(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """What one library writes as MarkdownV2, the other reads as the entities it came from."""
    first = await ptb.send_message(
        sam.id, "<b>bold 😀 <i>both</i></b> <u>u</u> <s>s</s> <a href='https://example.org/a'>x_y</a>!", "HTML"
    )
    again = await ptb.send_message(sam.id, first.text_markdown_v2, "MarkdownV2")
    assert (again.text, again.entities) == (first.text, first.entities)
    theirs = await gram.send_message(sam.id, first.text_markdown_v2, parse_mode="MarkdownV2")
    third = await gram.send_message(sam.id, theirs.md_text, parse_mode="MarkdownV2")
    assert third.entities == theirs.entities


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("*b _i_* `c*` ||s|| ~t~ __u__", "b i c* s t u", "bold italic code spoiler strikethrough underline"),
        ("```python\nprint(1)```", "print(1)", "pre"),
        ("[x](https://example.org/\\)a)", "x", "text_link"),
        (">one\n>two\nthree", "one\ntwo\nthree", "blockquote"),
        ("1\\.5 \\> 1", "1.5 > 1", ""),
        ("a > b".replace(">", "\\>"), "a > b", ""),
    ],
)
def test_what_marks_become(markup: str, text: str, kinds: str) -> None:
    """Every kind of mark."""
    shown, entities = from_markdown(markup)
    assert (shown, [entity["type"] for entity in entities]) == (text, kinds.split())


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ("one.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("é*open", "Can't find end of Bold entity at byte offset 2"),
        ("[x](https://example.org", "Can't find end of a URL at byte offset 3"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    ],
)
def test_markup_telegram_refuses(markup: str, sentence: str) -> None:
    """In TDLib's words, with places in bytes."""
    with pytest.raises(Refusal) as refused:
        from_markdown(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {sentence}"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_escaped_words_come_through_unharmed(words: str) -> None:
    """Escaped by either library, they are shown as typed."""
    assert from_markdown(escape_markdown(words, version=2))[0] == cleaned(words).strip()
    shown, entities = from_markdown("*" + markdown_decoration.quote(words) + "*")
    assert shown == cleaned(words).strip()
    assert [part(shown, entity) for entity in entities] == ([cleaned(words).strip()] if cleaned(words).strip() else [])
