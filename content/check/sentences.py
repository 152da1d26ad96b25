"""Checks on the sentences of content/words, and on Telegram HTML in general."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from content.check import language
from content.check.language import Problem
from content.markup import TELEGRAM_LIMIT, length_units, visible
from content.words import LABEL_LIMIT, LINE_LIMIT, OUR_LINKS, PARAGRAPH_LIMIT, PARAGRAPHS, PLACEHOLDER, is_label

SCREEN_LIMIT = 350
COMMAND_LIMIT = 256
ALLOWED_TAGS = frozenset({"b", "i", "a", "code", "blockquote"})
# Read by staff, who have a page behind the message.
_FOR_STAFF = ("adviser.", "manager.", "join.adviser", "join.manager", "join.staff", "commands.")
# Said once, before a choice that has to be an informed one; a shorter text would leave something out.
_MAY_BE_LONGER = frozenset({"join.care_leaver", "join.carer", "join.read_more", "my_data.care_leaver", "my_data.carer"})
# A value is doubled at worst: each character may need two units, or a joiner beside it.
_UNITS_A_CHARACTER = 2


def problems(templates: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the sentences, given by id."""
    found: list[Problem] = []
    for key, sentence in templates.items():
        found += _label_problems(key, sentence) if is_label(key) else _sentence_problems(key, sentence)
        found += language.problems(key, visible(sentence))
    for area, text in _by_area(templates).items():
        found += language.reading_problems(f"words {area}", text)
    return found


def html_problems(where: str, shown: str) -> list[Problem]:
    """What Telegram would refuse, or should never meet, in `shown`."""
    reader = _Reader()
    reader.feed(shown)
    reader.close()
    found = [Problem(where, what) for what in reader.wrong]
    if reader.open:
        found.append(Problem(where, f"<{reader.open[-1]}> is not closed"))
    if length_units(shown) > TELEGRAM_LIMIT:
        found.append(Problem(where, f"{length_units(shown)} long; Telegram takes {TELEGRAM_LIMIT}"))
    return found


def _label_problems(key: str, text: str) -> list[Problem]:
    found = []
    if len(text) > LABEL_LIMIT:
        found.append(Problem(key, f"a button of {len(text)} characters; {LABEL_LIMIT} fit"))
    if "\n" in text or "<" in text:
        found.append(Problem(key, "a button is one line of plain words"))
    return found


def _sentence_problems(key: str, sentence: str) -> list[Problem]:
    found = html_problems(key, sentence)
    if re.search(r"[{}]", PLACEHOLDER.sub("", sentence)):
        found.append(Problem(key, "a brace that is not a placeholder"))
    if re.search(r"<[^<>]*\{", sentence):
        found.append(Problem(key, "a placeholder inside a tag"))
    if re.search(r"[\w./@#]\{|\}[./@#]?[A-Za-z0-9]", sentence):
        found.append(Problem(key, "a placeholder must not grow into the word beside it"))
    if _longest(sentence) > TELEGRAM_LIMIT:
        found.append(Problem(key, f"could grow to {_longest(sentence)}; Telegram takes {TELEGRAM_LIMIT}"))
    if not key.startswith(_FOR_STAFF) and key not in _MAY_BE_LONGER and len(visible(sentence)) > SCREEN_LIMIT:
        found.append(Problem(key, f"{len(visible(sentence))} characters; {SCREEN_LIMIT} fit a phone screen"))
    if key.startswith("commands.") and len(sentence) > COMMAND_LIMIT:
        found.append(Problem(key, "too long for a command's description"))
    return found


def _longest(sentence: str) -> int:
    names = PLACEHOLDER.findall(sentence)
    values = (PARAGRAPH_LIMIT if name in PARAGRAPHS else LINE_LIMIT for name in names if name not in OUR_LINKS)
    return length_units(sentence) + _UNITS_A_CHARACTER * sum(values)


def _by_area(templates: Mapping[str, str]) -> dict[str, str]:
    areas: dict[str, list[str]] = {}
    for key, sentence in templates.items():
        if not is_label(key):
            areas.setdefault(key.split(".")[0], []).append(PLACEHOLDER.sub("Jo", visible(sentence)))
    return {area: "\n".join(texts) for area, texts in areas.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in ALLOWED_TAGS:
            self.wrong.append(f"<{tag}> is not one of our tags")
        for name, value in attrs:
            if (tag, name) != ("a", "href") or not (value or "").startswith("https://"):
                self.wrong.append(f"<{tag} {name}={value!r}> is not a link of ours")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")
