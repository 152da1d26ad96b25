"""Telegram's HTML, checked against what two libraries make of the entities."""

import aiogram
import pytest
import telegram
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.entities import as_html, cleaned, part, utf16_length, with_found
from sandbox.handset import Handset
from sandbox.html_text import from_html
from sandbox.refusals import Refusal

MARKUP = (
    '<b>bold 😀 <i>both</i></b> <u>under</u> <s>struck</s> <a href="https://example.org/x?a=1&amp;b=2">link</a> '
    '<code>a &lt; b</code> <pre><code class="language-python">print(1)</code></pre> '
    "<tg-spoiler>hidden</tg-spoiler> <blockquote>quoted</blockquote> &amp; &quot;plain&quot; &#128512; &pound;"
)
TEXT = 'bold 😀 both under struck link a < b print(1) hidden quoted & "plain" 😀 &pound;'


async def test_both_libraries_read_the_entities_back(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """Offsets in UTF-16 units: each library cuts out the same words under the same names."""
    sent = await ptb.send_message(sam.id, MARKUP, parse_mode="HTML")
    assert sent.text == TEXT
    cut = {str(entity.type): words for entity, words in sent.parse_entities().items()}
    assert cut == {
        "bold": "bold 😀 both",
        "italic": "both",
        "underline": "under",
        "strikethrough": "struck",
        "text_link": "link",
        "code": "a < b",
        "pre": "print(1)",
        "spoiler": "hidden",
        "blockquote": "quoted",
    }
    assert [entity.url for entity in sent.entities if entity.url] == ["https://example.org/x?a=1&b=2"]
    assert [entity.language for entity in sent.entities if entity.language] == ["python"]
    theirs = await gram.send_message(sam.id, MARKUP, parse_mode="HTML")
    assert theirs.entities is not None
    assert {entity.type: entity.extract_from(TEXT) for entity in theirs.entities} == cut
    round_trip = await gram.send_message(sam.id, theirs.html_text, parse_mode="HTML")
    assert round_trip.entities is not None
    places = [(entity.type, entity.offset, entity.length) for entity in theirs.entities]
    assert [(entity.type, entity.offset, entity.length) for entity in round_trip.entities] == places


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<x>y</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_markup_telegram_refuses(markup: str, sentence: str) -> None:
    """In TDLib's words, with places in bytes."""
    with pytest.raises(Refusal) as refused:
        from_html(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {sentence}"


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("<b> x </b>", "x", [("bold", "x")]),
        ("<b></b>x", "x", []),
        ("<a>example.org</a>", "example.org", [("text_link", "example.org")]),
        ("<a href='no address'>x</a>", "x", []),
        ("<span class='tg-spoiler'>x</span>", "x", [("spoiler", "x")]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", "x")]),
        ("<B>x</B>", "x", [("bold", "x")]),
        ("&lt;b&gt; &#x41; &nope; &", "<b> A &nope; &", []),
        ("<strong>x</strong><em>y</em>", "xy", [("bold", "x"), ("italic", "y")]),
    ],
)
def test_what_tags_become(markup: str, text: str, kinds: list[tuple[str, str]]) -> None:
    """White space at the ends goes, and empty entities with it."""
    shown, entities = from_html(markup)
    assert shown == text
    assert [(entity["type"], part(shown, entity)) for entity in entities] == kinds


def test_what_telegram_finds_by_itself() -> None:
    """Commands, links, addresses, mentions and hashtags; not inside code."""
    text = "/start abc see https://example.org/a, gov.uk or mail pa@example.org @ada #home 1/2 and/or"
    found = [(entity["type"], part(text, entity)) for entity in with_found(text, [])]
    assert found == [
        ("bot_command", "/start"),
        ("url", "https://example.org/a"),
        ("url", "gov.uk"),
        ("email", "pa@example.org"),
        ("mention", "@ada"),
        ("hashtag", "#home"),
    ]
    assert with_found("/start", [{"type": "code", "offset": 0, "length": 6}])[0]["type"] == "code"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "b", "i", "u", "s", "code"]), st.text(min_size=1, max_size=8))))
def test_escaped_words_come_through_unharmed(pieces: list[tuple[str, str]]) -> None:
    """Whatever people type, escaped and put in tags, is shown as typed, and the page's HTML has no tag they wrote."""
    markup = ""
    for tag, words in pieces:
        safe = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        markup += f"<{tag}>{safe}</{tag}>" if tag else safe
    text, entities = from_html(markup)
    assert text == cleaned("".join(words for _, words in pieces)).strip()
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)
    tags = as_html(text, entities).split("<")[1:]
    allowed = {"strong", "em", "u", "s", "code"}
    assert all(tag.partition(">")[0].removeprefix("/") in allowed for tag in tags)
