"""Where one person stands, in a tag and one sentence. The tag is the first thing that is true, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.moments import day_words
from dashboard.view import Tag
from rules.access import Role
from rules.contact_status import FLOOR_DAYS, SOON_DAYS
from rules.incidents import Cause
from rules.wallclock import local, local_date
from storage.queries.caseload import CaseloadPerson
from storage.queries.person_page import PersonRow

WEEKS = FLOOR_DAYS // 7
OVER_WORDS = f"Past {WEEKS} weeks"

CAUSES: dict[str, str] = {
    Cause.MISSING_CONTACT: "Missing contact",
    Cause.CANNOT_REACH: "Cannot reach on Telegram",
    Cause.LOW_WELLBEING: "Low wellbeing",
    Cause.ASKED_FOR_CALL: "Asked for a call",
    Cause.POSSIBLE_RISK: "Possible risk",
    Cause.UNKNOWN_SEND: "A message may not have arrived",
}
URGENT = (Cause.POSSIBLE_RISK, Cause.ASKED_FOR_CALL, Cause.LOW_WELLBEING)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the state and why columns say, and how many days past the floor they are."""

    tag: Tag
    why: str
    days_over: int


def days_over(due: datetime | None, now: datetime) -> int:
    """Whole local days since the day a contact was due; 0 on that day and before it."""
    return 0 if due is None else max(0, (local_date(now) - local_date(due)).days)


def standing(person: CaseloadPerson | PersonRow, now: datetime) -> Standing:
    """Where this person stands now."""
    over = days_over(person.contact_due_utc, now)
    return Standing(_tag(person, now, over), _why(person, now), over)


def is_quiet(person: CaseloadPerson | PersonRow) -> bool:
    """Whether they were asked, nudged, and have not answered."""
    climbed = person.running is not None and person.running.steps_done > 0
    return climbed or any(each.cause == Cause.MISSING_CONTACT for each in person.incidents)


def _tag(person: CaseloadPerson | PersonRow, now: datetime, over: int) -> Tag:
    causes = {each.cause for each in person.incidents}
    due = person.contact_due_utc
    states = (
        (Cause.POSSIBLE_RISK in causes, Tag("Possible risk", "red")),
        (over > 0, Tag(OVER_WORDS, "red")),
        (Cause.LOW_WELLBEING in causes, Tag("Low wellbeing", "orange")),
        (Cause.ASKED_FOR_CALL in causes, Tag("Asked for a call", "orange")),
        (person.unreachable is not None, Tag("Cannot reach", "purple")),
        (is_quiet(person), Tag("Gone quiet", "orange")),
        (person.state == "left", Tag("Left Telegram", "grey")),
        (person.stopped_utc is not None, Tag("Asked to stop", "grey")),
        (person.paused_until_utc is not None and person.paused_until_utc > now, Tag("Paused", "grey")),
        (person.state == "invited", Tag("Not joined", "blue")),
        (due is not None and due - now <= timedelta(days=SOON_DAYS), Tag("Due soon", "yellow")),
        (person.role == Role.CARER, Tag("Carer", "grey")),
        (person.last_contact_utc is None, Tag("No contact yet", "blue")),
    )
    return next((tag for holds, tag in states if holds), Tag("In touch", "green"))


def _why(person: CaseloadPerson | PersonRow, now: datetime) -> str:
    """One sentence, or two where a failure of ours explains a silence."""

    def day(instant: datetime) -> str:
        words = day_words(local(instant).date(), local(now).date())
        return words.lower() if words in ("Today", "Yesterday", "Tomorrow") else f"on {words}"

    urgent = next((each for each in person.incidents if each.cause in URGENT), None)
    if urgent is not None:
        return f"{CAUSES[urgent.cause]}, {day(urgent.opened_utc)}."
    if person.unreachable is not None:
        return f"{UNREACHED.get(person.unreachable, UNREACHED['other'])} Silence is not being counted."
    if person.state == "invited":
        return f"Invited {day(person.invited_utc)}, has not joined yet."
    if person.stopped_utc is not None or person.state == "left":
        return "Asked us not to write. Keep in touch another way."
    if person.paused_until_utc is not None and person.paused_until_utc > now:
        return f"Paused check-ins until {day(person.paused_until_utc).removeprefix('on ')}."
    if person.running is not None and person.running.steps_done > 0:
        return f"Asked {day(person.running.asked_utc)}, nudged, no answer yet."
    if person.running is not None:
        return f"Asked {day(person.running.asked_utc)}, no answer yet."
    if person.incidents:
        return f"{CAUSES[person.incidents[0].cause]}, since {day(person.incidents[0].opened_utc).removeprefix('on ')}."
    if person.last_reply_utc is not None:
        return f"Replied {day(person.last_reply_utc)}."
    return "Has not written to the bot yet."


UNREACHED = {
    "blocked": "They have blocked the bot on Telegram.",
    "deactivated": "Their Telegram account is closed.",
    "other": "Telegram does not deliver to them.",
}
