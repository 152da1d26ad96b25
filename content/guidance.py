"""Guidance pages: england/pages/<topic>.md, loaded once and shown as of a day.

Every answer keeps one order: what you can have and whether it is sure, what to do next and who to ask, where it is
written and when it was checked. `today` is always given: a fact past its date takes itself down.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from content import markup
from content.council import Council
from content.council import line as council_line
from content.dates import full_date
from content.facts import Source, fact
from content.helplines import helpline
from content.words import words

FOLDER = Path(__file__).parent / "england" / "pages"


class Audience(StrEnum):
    """Who a page is written for."""

    CARE_LEAVER = "care-leaver"
    CARER = "carer"


class Need(StrEnum):
    """What someone needs, in the order of the menu. Nobody has to know their status to find a page."""

    HOME = "home"
    MONEY = "money"
    STUDY = "study"
    WELLBEING = "wellbeing"
    RIGHTS = "rights"
    PEOPLE = "people"
    CARING = "caring"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page that can be shown alone: `heading` is also its button."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the editor wrote it: texts are Markdown with `{fact:...}` still open."""

    topic: str
    title: str
    menu: str
    need: Need
    order: int
    audience: tuple[Audience, ...]
    statuses: tuple[str, ...]
    ages: tuple[int, int]
    short: str
    next: tuple[str, ...]
    depends_on: tuple[str, ...]
    related: tuple[str, ...]
    facts: tuple[str, ...]
    aliases: tuple[str, ...]
    sources: tuple[Source, ...]
    checked_on: date
    check_by: date
    sections: tuple[Section, ...]

    def texts(self) -> tuple[str, ...]:
        """Everything in it that a person reads, still as Markdown."""
        parts = [self.title, self.short, *self.next, *self.depends_on]
        for section in self.sections:
            parts += [section.heading, section.body]
        return tuple(parts)


class UnknownPage(KeyError):
    """No page has this topic."""


def page(topic: str) -> Page:
    """The page on `topic`, or UnknownPage."""
    try:
        return all_pages()[topic]
    except KeyError:
        raise UnknownPage(topic) from None


def pages(audience: str) -> tuple[Page, ...]:
    """The pages for an audience, in the order of the menu."""
    wanted = Audience(audience)
    return tuple(sorted((p for p in all_pages().values() if wanted in p.audience), key=lambda p: p.order))


def needs(audience: str) -> tuple[Need, ...]:
    """The needs that there are pages about for an audience, in the order of the menu."""
    found = {page.need for page in pages(audience)}
    return tuple(need for need in Need if need in found)


def short_answer(page: Page, today: date, council: Council | None = None) -> str:
    """Telegram HTML for the first screen: the answer, the next thing to do, the source line."""
    show = partial(_show, today=today, council=council)
    parts = [f"<b>{show(page.title)}</b>", show(page.short), show(page.next[0])]
    return "\n".join([*parts, *_overdue_note(page, today), source_line(page)])


def section_answer(page: Page, index: int, today: date, council: Council | None = None) -> str:
    """Telegram HTML for one section; IndexError when there is none."""
    section = page.sections[index]
    show = partial(_show, today=today, council=council)
    body = f"<b>{show(section.heading)}</b>\n{show(section.body)}"
    return "\n\n".join([body, *_overdue_note(page, today), source_line(page)])


def full_answer(page: Page, today: date, council: Council | None = None) -> str:
    """Telegram HTML for the whole page, within one message."""
    show = partial(_show, today=today, council=council)
    parts = [f"<b>{show(page.title)}</b>\n{show(page.short)}"]
    parts.append(_list("guidance.next_heading", [show(step) for step in page.next]))
    if page.depends_on:
        parts.append(_list("guidance.depends_heading", [show(thing) for thing in page.depends_on]))
    parts += [f"<b>{show(section.heading)}</b>\n{show(section.body)}" for section in page.sections]
    return "\n\n".join([*parts, *_overdue_note(page, today), source_line(page)])


def source_line(page: Page) -> str:
    """Where it is written and when it was checked, as Telegram HTML with the titles linked."""
    links = [
        f'<a href="{html.escape(source.url)}">{html.escape(source.title, quote=False)}</a>' for source in page.sources
    ]
    return f"<i>{'; '.join(links)} · {words('guidance.checked', date=full_date(page.checked_on))}</i>"


def withdrawn(page: Page, today: date) -> tuple[str, ...]:
    """The ids of facts on the page that have taken themselves down by `today`."""
    return tuple(fact_id for fact_id in page.facts if fact(fact_id, today) is None)


@cache
def all_pages() -> Mapping[str, Page]:
    """Every page, by topic."""
    return load(FOLDER)


def load(folder: Path) -> dict[str, Page]:
    """The pages in `folder`. Raises ValueError naming the file when one is not shaped like a page."""
    found = [parse(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.md"))]
    return {page.topic: page for page in found}


def parse(text: str, name: str) -> Page:
    """A page from the text of its file: TOML between two lines of +++, then Markdown."""
    try:
        _, front, body = text.split("+++\n", 2)
        row = tomllib.loads(front)
        applies = row["applies_to"]
        return Page(
            topic=row["topic"],
            title=row["title"],
            menu=row["menu"],
            need=Need(row["need"]),
            order=row["order"],
            audience=tuple(Audience(who) for who in row["audience"]),
            statuses=tuple(applies["statuses"]),
            ages=(applies["ages"][0], applies["ages"][1]),
            short=row["short"].strip(),
            next=tuple(row["next"]),
            depends_on=tuple(row["depends_on"]),
            related=tuple(row["related"]),
            facts=tuple(row["facts"]),
            aliases=tuple(row["aliases"]),
            sources=tuple(Source(**source) for source in row["sources"]),
            checked_on=row["checked_on"],
            check_by=row["check_by"],
            sections=_sections(body),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: not shaped like a page: {error!r}") from error


def _sections(body: str) -> tuple[Section, ...]:
    pieces = ("\n" + body.strip()).split("\n## ")
    if pieces[0].strip():
        raise ValueError("the body must begin with a ## heading")
    return tuple(Section(heading.strip(), text.strip()) for heading, _, text in (p.partition("\n") for p in pieces[1:]))


def _show(text: str, today: date, council: Council | None) -> str:
    return markup.to_html(text, partial(_say, today, council))


def _say(today: date, council: Council | None, kind: str, name: str) -> str:
    if kind == "council":
        return html.escape(council_line(council, name), quote=False)
    if kind == "helpline":
        return _say_helpline(name, today)
    found = fact(name, today)
    return words("guidance.fact_withdrawn") if found is None else html.escape(found.words(), quote=False)


def _say_helpline(name: str, today: date) -> str:
    line = helpline(name)
    link = f'<a href="{html.escape(line.url)}">{html.escape(line.short_name, quote=False)}</a>'
    if line.overdue(today) or not line.phone:
        return link
    return f"{link} {html.escape(line.phone, quote=False)} ({html.escape(line.hours, quote=False)})"


def _list(heading: str, items: list[str]) -> str:
    return "\n".join([f"<b>{words(heading)}</b>", *(f"• {item}" for item in items)])


def _overdue_note(page: Page, today: date) -> list[str]:
    stale = today > page.check_by or withdrawn(page, today)
    return [words("guidance.page_overdue")] if stale else []
