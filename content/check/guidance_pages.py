"""Checks on guidance pages: references, sources, lengths, language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from content import council, markup
from content.check import evidence, language
from content.check.language import Problem
from content.check.sentences import SCREEN_LIMIT, html_problems
from content.facts import Fact
from content.guidance import Page, full_answer, section_answer, short_answer
from content.helplines import Helpline
from content.words import LABEL_LIMIT

_TOPICS = Path(__file__).parents[1] / "england" / "topics.toml"
# A topic rides in button data (64 bytes) beside the name of the button and a section's number.
TOPIC_LIMIT_BYTES = 40
_BARE_AMOUNT = re.compile(r"£ ?\d")
_BARE_PHONE = re.compile(r"\b0\d{3}[\d ]{6,}\b|\b116 \d{3}\b")
_STRAY_BRACE = re.compile(r"[{}]")


def problems(
    pages: Mapping[str, Page], facts: Mapping[str, Sequence[Fact]], lines: Mapping[str, Helpline], today: date
) -> list[Problem]:
    """What is wrong with the pages, given by topic."""
    found: list[Problem] = []
    for page in pages.values():
        wrong = _references(page, pages, facts, lines) + _shape(page, today) + _texts(page)
        # A page with a broken reference cannot be shown, so its lengths cannot be measured either.
        found += wrong or _shown(page, today)
    return found


@cache
def topics() -> dict[str, dict[str, object]]:
    """Every topic a page may have, by id."""
    return tomllib.loads(_TOPICS.read_text(encoding="utf-8"))


def _references(
    page: Page, pages: Mapping[str, Page], facts: Mapping[str, Sequence[Fact]], lines: Mapping[str, Helpline]
) -> list[Problem]:
    used = [reference for text in page.texts() for reference in markup.references(text)]
    known = {"fact": facts.keys(), "helpline": lines.keys(), "council": council.ANY_COUNCIL.keys()}
    wrong = [f"{{{kind}:{name}}} does not exist" for kind, name in used if name not in known[kind]]
    used_facts = {name for kind, name in used if kind == "fact"}
    wrong += [f"uses the fact {name} and does not list it" for name in sorted(used_facts - set(page.facts))]
    wrong += [f"lists the fact {name} and does not use it" for name in sorted(set(page.facts) - used_facts)]
    wrong += [f"related page {topic} does not exist" for topic in page.related if topic not in pages]
    return [Problem(page.topic, what) for what in wrong]


def _shape(page: Page, today: date) -> list[Problem]:
    wrong: list[str] = []
    topic = topics().get(page.topic)
    if topic is None:
        wrong.append("is not a topic in topics.toml")
    elif not set(page.audience) <= set(_names(topic["audience"])):
        wrong.append("is for people the topic is not for")
    if len(page.topic.encode()) > TOPIC_LIMIT_BYTES:
        wrong.append("has an id too long for a button")
    if not page.sources:
        wrong.append("has no source")
    if not (page.next and page.sections and page.aliases and page.audience):
        wrong.append("needs a next step, a section, an alias and an audience")
    if page.checked_on >= page.check_by:
        wrong.append("check_by must come after checked_on")
    if today > page.check_by:
        wrong.append(f"should have been checked by {page.check_by}")
    for name in (page.menu, *(section.heading for section in page.sections)):
        if len(name) > LABEL_LIMIT:
            wrong.append(f"{name!r} is too long for a button")
    found = [Problem(page.topic, what) for what in wrong]
    return found + [problem for source in page.sources for problem in evidence.source_problems(page.topic, source)]


def _texts(page: Page) -> list[Problem]:
    found: list[Problem] = []
    for text in page.texts():
        rest = markup.PLACEHOLDER.sub("", text)
        if _BARE_AMOUNT.search(rest):
            found.append(Problem(page.topic, "an amount outside the facts: write {fact:...}"))
        if _BARE_PHONE.search(rest):
            found.append(Problem(page.topic, "a telephone number outside the helplines: write {helpline:...}"))
        if _STRAY_BRACE.search(rest):
            found.append(Problem(page.topic, "a brace that is not {fact:...}, {helpline:...} or {council:...}"))
        found += language.problems(page.topic, rest)
    return found


def _shown(page: Page, today: date) -> list[Problem]:
    short, whole = short_answer(page, today), full_answer(page, today)
    found = html_problems(page.topic, short) + html_problems(page.topic, whole)
    for index in range(len(page.sections)):
        found += html_problems(page.topic, section_answer(page, index, today))
    answer = markup.visible(short.rpartition("\n")[0])
    if len(answer) > SCREEN_LIMIT:
        found.append(Problem(page.topic, f"a short answer of {len(answer)} characters; {SCREEN_LIMIT} fit a phone"))
    return found + language.reading_problems(page.topic, markup.visible(whole))


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
