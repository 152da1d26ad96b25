"""One person's rows as their page shows them."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime
from urllib.parse import quote

from content import dates
from dashboard.moments import clock_words, when, when_exactly
from dashboard.standing import CAUSES, WEEKS, standing
from dashboard.timeline_view import OUTCOMES, event
from dashboard.view import NEVER, Choice, Event, Fact, Frame, IncidentCard, PersonPage, Problem, Step, Tag
from rules.access import Role
from rules.incidents import Cause, IncidentState, endings
from rules.ladder import Ladder, StepKind, dated_steps
from storage.queries.caseload import OpenIncident
from storage.queries.person_page import PersonRow, Rhythm

STEPS: dict[StepKind, str] = {
    StepKind.NUDGE: "We nudge them",
    StepKind.SECOND_NUDGE: "We nudge them again",
    StepKind.TELL_ADVISER: "We tell their adviser",
    StepKind.TELL_COVER: "We tell whoever covers",
    StepKind.TELL_MANAGER: "We tell the team manager, if nobody has acknowledged it",
    StepKind.TELL_DUTY: "We tell the duty team",
}
DONE, NEXT, LATER = Tag("Done", "green"), Tag("Next", "blue"), Tag("Later", "grey")


def person_view(
    frame: Frame,
    person: PersonRow,
    ladder: Ladder,
    holidays: Set[date],
    now: datetime,
    said: str = "",
    problems: tuple[Problem, ...] = (),
) -> PersonPage:
    """The page for one person; `problems` are those of a form on it that was sent and not taken."""
    stands = standing(person, now)
    over = f"{_days(stands.days_over)} past {WEEKS} weeks. " if stands.days_over else ""
    path = f"/people/{person.id}"
    return PersonPage(
        frame=frame,
        name=person.name or "No name",
        state=stands.tag,
        why=over + stands.why,
        log_href=f"{path}/contact",
        facts=_facts(person, now),
        incidents=tuple(_card(each, now) for each in person.incidents),
        steps=_steps(person, ladder, holidays, now),
        events=tuple(_event(person, index, now) for index in range(len(person.timeline))),
        older_href=_older(path, person),
        said=said,
        problems=problems,
    )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _facts(person: PersonRow, now: datetime) -> tuple[Fact, ...]:
    contact, reply = when(person.last_contact_utc, now), when(person.last_reply_utc, now)
    facts = [
        Fact("Adviser", person.adviser_name or "Nobody yet"),
        Fact("Joined", when(person.joined_utc, now).day if person.joined_utc else "Not yet"),
        Fact("Last real contact", contact.day, contact.ago),
        Fact("Last reply", reply.day, reply.ago),
    ]
    if person.role == Role.CARE_LEAVER:
        due = when(person.contact_due_utc, now)
        due_by = "Counted from the day they join" if due == NEVER else due.day
        facts.append(Fact("Keep in touch by", due_by, f"at least every {WEEKS} weeks"))
        facts.append(Fact("Check-in", _rhythm_words(person.rhythm), _agreed(person.rhythm, now)))
        coming = person.next_check_in_utc
        facts.append(Fact("Next check-in", when_exactly(coming, now).day if coming else "None planned"))
    if person.paused_until_utc is not None and person.paused_until_utc > now:
        facts.append(Fact("Paused until", when(person.paused_until_utc, now).day))
    return tuple(facts)


def _rhythm_words(rhythm: Rhythm | None) -> str:
    if rhythm is None:
        return "Not agreed yet"
    weeks, spare = divmod(rhythm.every_days, 7)
    if spare:
        every = "Every day" if rhythm.every_days == 1 else f"Every {rhythm.every_days} days"
    else:
        every = "Every week" if weeks == 1 else f"Every {weeks} weeks"
    day = "" if rhythm.weekday is None else f", {dates.weekday(date(2024, 1, 1 + rhythm.weekday))}"
    return f"{every}{day} at {clock_words(rhythm.at)}"


def _agreed(rhythm: Rhythm | None, now: datetime) -> str:
    return "" if rhythm is None else f"agreed {when(rhythm.agreed_utc, now).day}"


def _card(incident: OpenIncident, now: datetime) -> IncidentCard:
    is_open = incident.state == IncidentState.OPEN
    return IncidentCard(
        id=str(incident.id),
        title=CAUSES[incident.cause],
        opened=when_exactly(incident.opened_utc, now),
        why=WHY[Cause(incident.cause)],
        state=Tag("Not acknowledged", "red") if is_open else Tag("Acknowledged", "blue"),
        acknowledge_href=f"/incidents/{incident.id}/acknowledge" if is_open else "",
        close_href=f"/incidents/{incident.id}/close",
        outcomes=tuple(Choice(each.value, OUTCOMES[each]) for each in endings(Cause(incident.cause))),
    )


WHY: dict[Cause, str] = {
    Cause.MISSING_CONTACT: "No reply and no contact for too long. A logged contact closes this by itself.",
    Cause.CANNOT_REACH: "Telegram does not deliver to them. Please try another way.",
    Cause.LOW_WELLBEING: "Their last answers were hard. A person decides what happens next.",
    Cause.ASKED_FOR_CALL: "They asked to be rung. A logged contact closes this by itself.",
    Cause.POSSIBLE_RISK: "They wrote something that may be serious. A person needs to read it, below.",
    Cause.UNKNOWN_SEND: "A message of ours may or may not have arrived. It will not be sent again.",
}


def _steps(person: PersonRow, ladder: Ladder, holidays: Set[date], now: datetime) -> tuple[Step, ...]:
    if person.running is None:
        return ()
    asked = Step(when(person.running.asked_utc, now), "Check-in sent", DONE)
    dated = dated_steps(ladder, person.running.asked_utc, person.zone, holidays)
    climbed = person.running.steps_done
    return (
        asked,
        *(
            Step(
                when(step.due_utc, now),
                STEPS[step.kind],
                DONE if step.index < climbed else NEXT if step.index == climbed else LATER,
            )
            for step in dated
        ),
    )


def _event(person: PersonRow, index: int, now: datetime) -> Event:
    return event(person.timeline[index], person.name or "the person", now)


def _older(path: str, person: PersonRow) -> str:
    if not person.has_older:
        return ""
    return f"{path}?before={quote(person.timeline[-1].at_utc.isoformat())}#timeline"
