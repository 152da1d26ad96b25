"""The caseload rows a viewer may see, as the page shows them. Addresses keep what was filtered and ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from dashboard.moments import waited, when
from dashboard.standing import CAUSES, OVER_WORDS, standing
from dashboard.view import (
    NOTHING_DUE,
    Action,
    CaseloadPage,
    CaseloadRow,
    Choice,
    Column,
    Frame,
    Health,
    Total,
)
from rules.incidents import IncidentState
from storage.queries.caseload import Caseload, CaseloadPerson, Order, Show, Wanted
from storage.queries.health import TelegramHealth

LIST_PATH = "/people"

SHOWN_AS: dict[Show, str] = {
    Show.EVERYONE: "Everyone",
    Show.OVER: OVER_WORDS,
    Show.QUIET: "Gone quiet",
    Show.INCIDENT: "Open incident",
    Show.UNREACHED: "Cannot reach",
    Show.PAUSED: "Paused or stopped",
    Show.NOT_JOINED: "Not joined",
}
ORDERED_AS: dict[Order, tuple[str, str]] = {
    Order.OVER: ("Days over", "most days over first"),
    Order.CONTACT: ("Last contact", "longest without contact first"),
    Order.REPLY: ("Last reply", "longest without a reply first"),
    Order.NAME: ("Name", "A to Z"),
}


def list_href(wanted: Wanted) -> str:
    """The address of a list; only what differs from the plain one is in it."""
    asked = {
        "state": wanted.show.value,
        "adviser": "" if wanted.adviser_id is None else str(wanted.adviser_id),
        "order": "" if wanted.order is Order.OVER else wanted.order.value,
        "page": "" if wanted.page == 1 else str(wanted.page),
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{LIST_PATH}?{query}" if query else LIST_PATH


def caseload_page(
    frame: Frame,
    wanted: Wanted,
    found: Caseload,
    advisers: tuple[tuple[int, str], ...],
    health: TelegramHealth,
    now: datetime,
    said: str = "",
) -> CaseloadPage:
    """The page for what was asked and found. `advisers` is empty for someone who cannot filter by them."""
    asked = replace(wanted, order=found.order, page=found.page)
    first = replace(asked, page=1)
    is_plain = replace(first, order=Order.OVER) == Wanted()
    return CaseloadPage(
        frame=frame,
        heading="Your team’s people" if advisers else "Your people",
        totals=_totals(first, found),
        states=tuple(Choice(show.value, words, show is asked.show) for show, words in SHOWN_AS.items()),
        advisers=_adviser_choices(asked, advisers),
        sorts=tuple(Choice(order.value, words, order is asked.order) for order, (words, _) in ORDERED_AS.items()),
        columns=_columns(first),
        rows=tuple(_row(each, list_href(asked), now) for each in found.people),
        showing=_showing(asked, found),
        clear_href="" if is_plain else LIST_PATH,
        previous_href=list_href(replace(asked, page=asked.page - 1)) if found.page > 1 else "",
        next_href=list_href(replace(asked, page=asked.page + 1)) if found.page < found.pages else "",
        page_words=f"Page {found.page} of {found.pages}",
        health=_health(health, now),
        said=said,
    )


def _totals(first: Wanted, found: Caseload) -> tuple[Total, ...]:
    return tuple(
        Total(words, found.totals[show],
              list_href(replace(first, show=show)), show is first.show)
        for show, words in SHOWN_AS.items()
        if show in (Show.EVERYONE, Show.OVER, Show.QUIET, Show.INCIDENT) or found.totals[show] or show is first.show
    )  # fmt: skip


def _adviser_choices(asked: Wanted, advisers: tuple[tuple[int, str], ...]) -> tuple[Choice, ...]:
    if not advisers:
        return ()
    every = Choice("", "Everyone", asked.adviser_id is None)
    return (every, *(Choice(str(number), name, number == asked.adviser_id) for number, name in advisers))


def _columns(first: Wanted) -> tuple[Column, ...]:
    def column(words: str, order: Order, direction: str) -> Column:
        return Column(words, list_href(replace(first, order=order)), direction if order is first.order else "")

    return (
        column("Name", Order.NAME, "ascending"),
        Column("State"),
        column("Days over", Order.OVER, "descending"),
        column("Last contact", Order.CONTACT, "ascending"),
        column("Last reply", Order.REPLY, "ascending"),
        Column("Next due"),
        Column("Why"),
        Column("Action"),
    )


def _row(person: CaseloadPerson, back: str, now: datetime) -> CaseloadRow:
    stands = standing(person, now)
    name = person.name or "No name"
    return CaseloadRow(
        href=f"{LIST_PATH}/{person.id}",
        name=name,
        adviser=person.adviser_name or "No adviser",
        last_contact=when(person.last_contact_utc, now),
        last_reply=when(person.last_reply_utc, now),
        next_due=when(person.contact_due_utc, now, NOTHING_DUE),
        days_over=stands.days_over,
        state=stands.tag,
        why=stands.why,
        action=_action(person, name, back),
    )


def _action(person: CaseloadPerson, name: str, back: str) -> Action:
    waiting = next((each for each in person.incidents if each.state == IncidentState.OPEN), None)
    if waiting is not None:
        about = f"{CAUSES[waiting.cause].lower()}, {name}"
        return Action("Acknowledge", f"/incidents/{waiting.id}/acknowledge", about, post=True, back=back)
    return Action("Log a contact", f"{LIST_PATH}/{person.id}/contact", f"with {name}")


def _showing(asked: Wanted, found: Caseload) -> str:
    number = found.totals[asked.show]
    if number == 0:
        return "No one is on this list."
    people = "1 person" if number == 1 else f"{number:,} people"
    kind = "" if asked.show is Show.EVERYONE else f", {SHOWN_AS[asked.show].lower()}"
    return f"{people}{kind}, {ORDERED_AS[asked.order][1]}"


def _health(health: TelegramHealth, now: datetime) -> Health:
    late = health.oldest_waiting_utc is not None and (now - health.oldest_waiting_utc).total_seconds() > 60
    return Health(
        quarantined=health.quarantined,
        unknown_sends=health.unknown_sends,
        oldest_waiting_words=waited(health.oldest_waiting_utc, now),
        all_well=not (health.quarantined or health.unknown_sends or late),
    )
