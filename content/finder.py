"""The pages nearest to a question, for the honest "I'm not sure. The nearest things I know are ...".

Full-text search in memory: nothing leaves the machine and nothing of the question is kept.
"""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from pathlib import Path
from threading import Lock

from content.guidance import Audience, Page, page, pages

_WORD = re.compile(r"[a-z0-9]+")
# Words that are in every question and so tell pages apart by accident.
_EMPTY = frozenset((Path(__file__).parent / "england" / "empty_words.txt").read_text(encoding="utf-8").split())
_LONGEST_WORDS = 60
# bm25 weights: topic (not searched), title, aliases, short answer, the rest.
_NEAREST = """
    SELECT topic FROM finder WHERE finder MATCH ? ORDER BY bm25(finder, 0.0, 3.0, 3.0, 1.5, 0.5), topic LIMIT ?
"""
_reading = Lock()


def nearest(question: str, audience: str, limit: int = 2) -> list[Page]:
    """At most `limit` pages for `audience`, the nearest first; none when no word of the question is known."""
    searched = [word for word in _words(question) if word not in _EMPTY][:_LONGEST_WORDS]
    if not searched:
        return []
    match = " OR ".join(f'"{word}"' for word in searched)
    with _reading:
        rows = _index(Audience(audience)).execute(_NEAREST, (match, limit)).fetchall()
    return [page(row[0]) for row in rows]


def warm() -> None:
    """Builds the indexes now, so that the first question does not wait for them."""
    with _reading:
        for audience in Audience:
            _index(audience)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))


@cache
def _index(audience: Audience) -> sqlite3.Connection:
    """One for each audience: how rare a word is, is counted over the pages that can be the answer."""
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute(
        "CREATE VIRTUAL TABLE finder USING fts5(topic UNINDEXED, title, aliases, short, rest, tokenize='porter')"
    )
    index.executemany("INSERT INTO finder VALUES (?, ?, ?, ?, ?)", [_row(found) for found in pages(audience)])
    return index


def _row(found: Page) -> tuple[str, str, str, str, str]:
    rest = [*found.next, *found.depends_on, *(f"{part.heading} {part.body}" for part in found.sections)]
    texts = [f"{found.title} {found.menu}", " ".join(found.aliases), found.short, " ".join(rest)]
    title, aliases, short, more = (" ".join(_words(text)) for text in texts)
    return found.topic, title, aliases, short, more
