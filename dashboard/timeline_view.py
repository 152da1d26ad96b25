"""The lines of a timeline, in words."""

from __future__ import annotations

from datetime import datetime

from dashboard.moments import when_exactly
from dashboard.standing import CAUSES
from dashboard.view import Event
from rules.clocks import Channel, Heard
from rules.incidents import CloseOutcome
from rules.mood import Mood
from storage.queries.timeline import Happening, Sort

CHANNELS: dict[str, str] = {
    Channel.CALL: "Call",
    Channel.VISIT: "Visit",
    Channel.TEXT: "Text",
    Channel.CHAT: "Chat here",
    Channel.EMAIL: "Email",
    Channel.LETTER: "Letter",
    Channel.SEEN: "Seen in passing",
}
HEARD: dict[str, str] = {Heard.SPOKE: "spoke", Heard.TRIED: "tried, no answer"}
MOODS: dict[str, str] = {
    Mood.GOOD: "Good",
    Mood.OK: "OK",
    Mood.UP_AND_DOWN: "Up and down",
    Mood.HARD: "Hard",
}
OUTCOMES: dict[str, str] = {
    CloseOutcome.SPOKE: "We spoke",
    CloseOutcome.SAFE: "Safe and well",
    CloseOutcome.PASSED_ON: "Somebody else has it now",
    CloseOutcome.CHOSE_NO_CONTACT: "They chose not to be in touch",
    CloseOutcome.FALSE_ALARM: "False alarm",
    CloseOutcome.NEW_WAY_TO_REACH: "There is a new way to reach them",
    CloseOutcome.IT_ARRIVED: "It arrived",
    CloseOutcome.IT_DID_NOT_ARRIVE: "It did not arrive",
    CloseOutcome.CONTACT_LOGGED: "A contact was logged",
    CloseOutcome.REPLIED: "They replied",
    CloseOutcome.REACHABLE_AGAIN: "They can be reached again",
    CloseOutcome.PERSON_LEFT: "They left",
}


CHANGES: dict[str, str] = {
    "invite.made": "Invited",
    "invite.ended": "The invite ran out",
    "person.joined": "Joined",
    "person.named": "Chose another name",
    "person.paused": "Paused check-ins",
    "person.stopped": "Asked us to stop",
    "person.came_back": "Started again",
    "person.left": "Left",
    "person.unreachable": "Telegram stopped delivering to them",
    "person.reachable": "Telegram delivers again",
    "cadence.agreed": "Agreed a rhythm for check-ins",
}


def event(happening: Happening, person_name: str, now: datetime) -> Event:
    """One line. Somebody's name stands beside it: the worker's, the person's, or nobody's when the service did it."""
    title, kind, by = _told(happening, person_name)
    return Event(when_exactly(happening.at_utc, now), title, by, happening.words, kind)


def _told(it: Happening, person_name: str) -> tuple[str, str, str]:
    cause = CAUSES.get(it.code, it.code)
    match it.sort:
        case Sort.CONTACT:
            what = CHANNELS.get(it.code, it.code)
            heard = "" if it.code == Channel.SEEN else f", {HEARD.get(it.detail, it.detail)}"
            return f"{what}{heard}", "contact", it.by_name
        case Sort.REPLY:
            words = "Skipped the check-in" if it.code == "skipped" else f"Answered: {MOODS.get(it.detail, 'in words')}"
            return words, "reply", person_name
        case Sort.MESSAGE:
            return "Wrote to their adviser", "reply", person_name
        case Sort.OPENED:
            return f"{cause}: opened", "incident", ""
        case Sort.ACKNOWLEDGED:
            return f"{cause}: acknowledged", "incident", it.by_name
        case Sort.CLOSED:
            return f"{cause}: closed. {OUTCOMES.get(it.detail, '')}".strip(), "incident", it.by_name
        case Sort.UNKNOWN_SEND:
            return f"We do not know if a message arrived ({plain_code(it.code)})", "change", ""
        case Sort.CHANGE:
            return CHANGES.get(it.code, plain_code(it.code).capitalize()), "change", it.by_name


def plain_code(code: str) -> str:
    """A code of ours as words, for one that has no sentence yet: `cadence.changed` is `cadence changed`."""
    return code.replace(".", " ").replace("_", " ")
