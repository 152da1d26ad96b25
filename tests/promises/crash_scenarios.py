"""The six scenarios that are played while the service is killed, and what must be true of each one's rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import SQLModel

from rules.access import Role
from sandbox.crash import Play
from storage import casebook, people
from storage.tables import Bond, Cadence, CheckIn, Consent, Contact, Due, Incident, Invite, Person
from storage.unit import Unit
from tests.promises.crash_stage import Stage

JO, SAM = "Jo Marsh", "Sam Tate"
ASKED = "how your week's been"
NUDGED = "still here. No rush"


@dataclass(frozen=True)
class Scenario:
    """`check` finds faults in the rows of a play that came to its end; texts in `once` may be on a phone once."""

    name: str
    stage: Callable[[Stage], None]
    play: Callable[[Play], Awaitable[None]]
    check: Callable[[Play, Unit], list[str]]
    once: tuple[str, ...] = ()


def differs(what: str, found: object, wanted: object) -> list[str]:
    """A fault, unless they are equal."""
    return [] if found == wanted else [f"{what}: {found!r} instead of {wanted!r}"]


def rows(unit: Unit, table: type[SQLModel]) -> int:
    """How many rows a table has."""
    return int(unit.session.execute(select(func.count()).select_from(table)).scalar_one())


def _two_people(stage: Stage) -> None:
    stage.joins(Role.ADVISER, JO)
    stage.joins(Role.CARE_LEAVER, SAM, by=JO)


def _adviser_only(stage: Stage) -> None:
    stage.joins(Role.ADVISER, JO)


def _slot_has_come(stage: Stage) -> None:
    _two_people(stage)
    # To one second before Wednesday at 17:00: the first slot comes as the service starts.
    stage.time_comes(days=2, hours=6, minutes=59, seconds=59)
    stage.clock.turn(timedelta(seconds=2))


def _nudge_has_come(stage: Stage) -> None:
    _two_people(stage)
    stage.time_comes(days=4, hours=7, minutes=29)
    stage.clock.turn(timedelta(minutes=2))


def _alert_has_come(stage: Stage) -> None:
    _two_people(stage)
    stage.time_comes(days=6, hours=23, minutes=29)
    stage.clock.turn(timedelta(minutes=2))


async def _reads(play: Play) -> None:
    ada = play.phone("Ada")
    await ada.says("/start")
    await play.sees(ada, "This is Keep in Touch")
    await ada.presses("What can I get?")
    await play.sees(ada, "Pick one")
    await ada.presses("A place to live")
    await play.sees(ada, "A place to live")
    await ada.presses("Staying with foster carers")
    await play.sees(ada, "Children Act 1989")
    await ada.says("can I get free rail travel")
    await play.settle()


def _nothing_kept(_play: Play, unit: Unit) -> list[str]:
    return differs("people", rows(unit, Person), 1) + differs("consents", rows(unit, Consent), 1)


async def _joins(play: Play) -> None:
    jo, ada = play.phone("Jo"), play.phone("Ada")
    await jo.says("/invite")
    await play.sees(jo, "Who is the invite for?")
    await jo.presses("A care leaver")
    await play.sees(jo, "What do you call them?")
    await jo.says("Ada Byrne")
    play.did("invite.made")
    ready = await play.sees(jo, "Link: ")
    await ada.opens(ready.text.split("start=")[1].split()[0])
    await play.sees(ada, "has invited you")
    await ada.presses("Join")
    play.did("person.joined")
    play.did("cadence.agreed")
    await play.sees(ada, "What should we call you?")
    await ada.says("Ada")
    play.did("person.named")
    await play.sees(ada, "You're in")
    await play.sees(jo, "joined")


def _joined_once(play: Play, unit: Unit) -> list[str]:
    joined = play.acts["person.joined"]
    invited = play.acts["invite.made"]
    ada = people.by_telegram(unit, play.phone("Ada").id)
    used = sum(1 for one in unit.session.scalars(select(Invite)) if one.used_utc is not None)
    return [
        *differs("people", rows(unit, Person), 1 + invited),
        *differs("bonds", rows(unit, Bond), invited),
        *differs("consents", rows(unit, Consent), 1 + joined),
        *differs("rhythms", rows(unit, Cadence), joined),
        *differs("invites used", used, 1 + joined),
        *differs("Ada", None if ada is None else ada.state, "active" if joined else None),
    ]


async def _answers(play: Play) -> None:
    sam = play.phone("Sam")
    await play.sees(sam, ASKED)
    await sam.presses("Good")
    play.did("check_in.answered")
    await play.sees(sam, "Good to hear")
    await sam.presses("Add a line")
    await play.sees(sam, "Go on. One message")
    await sam.says("started at college")
    play.did("check_in.line")
    await play.sees(sam, "Saved.")


def _answered_once(play: Play, unit: Unit) -> list[str]:
    (check_in,) = unit.session.scalars(select(CheckIn)).all()
    answered, line = play.acts["check_in.answered"], play.acts["check_in.line"]
    unasked = "unknown" if play.held else "asked"
    return [
        *differs("state", check_in.state, "answered" if answered else unasked),
        *differs("mood", casebook.mood_of(unit, check_in), "good" if answered else None),
        *differs("line kept", check_in.line_sealed is not None, bool(line)),
        *differs("next slots", _due(unit, "check_in"), 1),
        *differs("ladder steps", _due(unit, "ladder_step"), 0 if answered else 1),
    ]


async def _is_nudged(play: Play) -> None:
    sam = play.phone("Sam")
    await play.sees(sam, NUDGED)
    await sam.presses("I'm OK")
    play.did("check_in.answered")
    await play.sees(sam, "That's all we needed")


def _nudged_once(play: Play, unit: Unit) -> list[str]:
    (check_in,) = unit.session.scalars(select(CheckIn)).all()
    answered = play.acts["check_in.answered"]
    return [
        *differs("state", check_in.state, "answered" if answered else "asked"),
        *differs("steps done", check_in.steps_done, 1),
        *differs("ladder steps", _due(unit, "ladder_step"), 0 if answered else 1),
    ]


async def _logs(play: Play) -> None:
    jo = play.phone("Jo")
    await play.sees(jo, "no answer to the check-in")
    await jo.presses("I'll ring now")
    play.did("incident.acknowledged")
    await play.sees(jo, "is with you")
    await jo.presses("Log a contact")
    await play.sees(jo, "How was the contact")
    await jo.presses("Call, we spoke")
    play.did("contact.logged")
    play.did("incident.closed")
    await play.sees(jo, "Saved for")
    await play.sees(jo, "Nothing more to do. The ladder has stopped.")


def _logged_once(play: Play, unit: Unit) -> list[str]:
    logged, acknowledged = play.acts["contact.logged"], play.acts["incident.acknowledged"]
    (incident,) = unit.session.scalars(select(Incident)).all()
    state = "closed" if logged else "acknowledged" if acknowledged else "open"
    return [
        *differs("contacts", rows(unit, Contact), logged),
        *differs("incident", incident.state, state),
        *differs("ladder steps", _due(unit, "ladder_step"), 0 if logged else 1),
    ]


async def _stops(play: Play) -> None:
    sam = play.phone("Sam")
    await sam.says("STOP")
    play.did("person.stopped")
    await play.sees(sam, "Stopped. We won't send you anything")
    await sam.says("/start")
    play.did("person.came_back")
    await play.sees(sam, "Welcome back")
    await sam.says("stop")
    play.did("person.stopped")
    await play.settle()


def _stopped_twice(play: Play, unit: Unit) -> list[str]:
    sam = people.by_telegram(unit, play.phone("Sam").id)
    stopped = play.acts["person.stopped"] > play.acts["person.came_back"]
    return [
        *differs("stopped", sam is not None and sam.stopped_utc is not None, stopped),
        *differs("slots", _due(unit, "check_in"), 0 if stopped else 1),
    ]


def _due(unit: Unit, what: str) -> int:
    return sum(1 for one in unit.session.scalars(select(Due)) if one.what == what)


SCENARIOS = (
    Scenario("guest_reads", _adviser_only, _reads, _nothing_kept),
    Scenario("invite_and_join", _adviser_only, _joins, _joined_once),
    Scenario("check_in_answered", _slot_has_come, _answers, _answered_once, once=(ASKED,)),
    Scenario("nudge", _nudge_has_come, _is_nudged, _nudged_once, once=(NUDGED,)),
    Scenario("alert_and_contact", _alert_has_come, _logs, _logged_once),
    Scenario("stop", _two_people, _stops, _stopped_twice),
)
