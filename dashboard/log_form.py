"""The form that logs a contact: what was sent, what is wrong with it, and the page that shows both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dashboard.timeline_view import CHANNELS
from dashboard.view import Choice, Frame, LogContactPage, Problem
from rules.clocks import Channel, Heard
from rules.wallclock import local_date, utc_of

LONGEST_NOTE = 2_000
OLDEST_DAYS = 366
MIDDAY = time(12)

HINTS: dict[str, str] = {
    Channel.SEEN: "Stops the chasing, because you know they are there. Does not count as a contact."
}
DAYS = {"today": "Today", "yesterday": "Yesterday", "other": "Another day"}
OUTCOMES: dict[str, Choice] = {
    Heard.SPOKE: Choice(Heard.SPOKE, "We were in touch", hint="They spoke or answered. Counts as a contact."),
    Heard.TRIED: Choice(Heard.TRIED, "I tried, no answer", hint="Written down. Does not count as a contact."),
}


@dataclass(frozen=True, slots=True)
class LoggedContact:
    """A form that was filled in well."""

    channel: Channel
    outcome: Heard
    at_utc: datetime
    note: str


def read_form(sent: Mapping[str, str], now: datetime) -> LoggedContact | tuple[Problem, ...]:
    """The contact that was logged, or everything that is wrong, in the order of the page."""
    problems: list[Problem] = []
    channel, outcome, note = sent.get("channel", ""), sent.get("outcome", ""), sent.get("note", "").strip()
    if channel not in CHANNELS:
        problems.append(Problem("channel", "Say how you were in touch"))
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "Say what happened"))
    at_utc = _at(sent, now)
    if isinstance(at_utc, Problem):
        problems.append(at_utc)
    if len(note) > LONGEST_NOTE:
        problems.append(Problem("note", f"The note must be {LONGEST_NOTE:,} characters or fewer"))
    if problems or isinstance(at_utc, Problem):
        return tuple(problems)
    return LoggedContact(Channel(channel), Heard(outcome), at_utc, note)


def _at(sent: Mapping[str, str], now: datetime) -> datetime | Problem:
    """Now for today, midday for an earlier day: the day is what counts, and nobody is asked for the minute."""
    chosen, today = sent.get("day-chosen", ""), local_date(now)
    if chosen == "today":
        return now
    if chosen == "yesterday":
        return utc_of(today - timedelta(days=1), MIDDAY)
    if chosen != "other":
        return Problem("day-chosen", "Say when it was")
    try:
        day = date(*(int(sent.get(f"on-{part}", "")) for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return Problem("on-day", "Enter a real day, like 9 11 2026")
    if day > today:
        return Problem("on-day", "The day cannot be in the future")
    if (today - day).days > OLDEST_DAYS:
        return Problem("on-day", "The day must be in the last year")
    return now if day == today else utc_of(day, MIDDAY)


def log_page(
    frame: Frame, person_id: int, name: str, sent: Mapping[str, str], problems: tuple[Problem, ...] = ()
) -> LogContactPage:
    """The form, empty but for today, or as it was sent with what is wrong."""
    chosen_day = sent.get("day-chosen", "today")
    return LogContactPage(
        frame=frame,
        name=name or "No name",
        back_href=f"/people/{person_id}",
        post_href=f"/people/{person_id}/contact",
        channels=tuple(
            Choice(each, words, each == sent.get("channel"), HINTS.get(each, "")) for each, words in CHANNELS.items()
        ),
        outcomes=tuple(
            Choice(each.value, each.words, each.value == sent.get("outcome"), each.hint) for each in OUTCOMES.values()
        ),
        days=tuple(Choice(value, words, value == chosen_day) for value, words in DAYS.items()),
        day=sent.get("on-day", ""),
        month=sent.get("on-month", ""),
        year=sent.get("on-year", ""),
        note=sent.get("note", ""),
        problems=problems,
    )
