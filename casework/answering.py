"""Answers to a check-in: one tap, then a line if they like. An answer counts once, however often it is tapped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casework import hearing, incidents
from casework.desk import Desk
from casework.rhythms import CHECK_IN
from content.words import plain
from rules.cadence import slot_key
from rules.clocks import Event
from rules.incidents import Cause
from rules.mood import Mood, is_low_run
from rules.wallclock import local_date
from storage import audit, casebook
from storage.sealing import Place
from storage.tables import CheckIn, Person

OPEN = ("asked", "missed", "unknown", "refused", "expired", "held")


class Answered(StrEnum):
    """What became of a tap on a check-in."""

    SAVED = "saved"
    SKIPPED = "skipped"
    ALREADY = "already"
    NOT_THEIRS = "not_theirs"


@dataclass(frozen=True, slots=True)
class Answer:
    """The check-in (None when it is not theirs), what the tap did, and the mood now on record (None: skipped)."""

    check_in: CheckIn | None
    became: Answered
    mood: Mood | None = None


def answer_mood(desk: Desk, person: Person, check_in_id: int, mood: Mood | None) -> Answer:
    """Record a mood (None is skip). Their first answer stays; a second tap changes nothing."""
    check_in = _theirs(desk, person, check_in_id)
    if check_in is None:
        return Answer(None, Answered.NOT_THEIRS)
    if check_in.state not in OPEN:
        return Answer(check_in, Answered.ALREADY, casebook.mood_of(desk.unit, check_in))
    check_in.state = "skipped" if mood is None else "answered"
    casebook.set_mood(desk.unit, check_in, mood)
    check_in.answered_utc = desk.now
    desk.unit.session.flush()
    event = Event.CHECK_IN_SKIPPED if mood is None else Event.CHECK_IN_ANSWERED
    how = plain(f"check_in.answer.{mood or 'skip'}")
    hearing.heard(desk, person, event, desk.now, how=how)
    if is_low_run(casebook.latest_moods(desk.unit, person.id)):
        incidents.raise_incident(desk, person, Cause.LOW_WELLBEING, check_in=check_in)
    audit.record(desk.unit, f"check_in.{check_in.state}", actor_id=person.id, person_id=person.id)
    return Answer(check_in, Answered.SKIPPED if mood is None else Answered.SAVED, mood)


def say_fine(desk: Desk, person: Person, check_in_id: int) -> Answer:
    """*I'm OK* under a nudge is an answer to the check-in it was about."""
    return answer_mood(desk, person, check_in_id, Mood.OK)


def add_line(desk: Desk, person: Person, check_in_id: int, line: str) -> bool:
    """Keep one line with an answer, for the adviser to read. False when the check-in is not theirs."""
    check_in = _theirs(desk, person, check_in_id)
    if check_in is None:
        return False
    check_in.line_sealed = desk.unit.seal(person.id, Place("check_in", "line", check_in.id), line)
    hearing.heard(desk, person, Event.MESSAGE_TO_BOT, desk.now, how=plain("adviser.phrase.wrote"))
    audit.record(desk.unit, "check_in.line", actor_id=person.id, person_id=person.id)
    return True


def ask_for_call(desk: Desk, person: Person, check_in_id: int | None, wish: str) -> None:
    """They would like to be rung (or only texted, when `wish` is text): an incident for the adviser."""
    check_in = None if check_in_id is None else _theirs(desk, person, check_in_id)
    hearing.heard(desk, person, Event.MESSAGE_TO_BOT, desk.now, how=plain("adviser.phrase.wrote"))
    incidents.raise_incident(desk, person, Cause.ASKED_FOR_CALL, check_in=check_in, wish=wish)


def own_check_in(desk: Desk, person: Person) -> CheckIn:
    """A check-in the person asked for themselves: one a day, apart from their rhythm."""
    today = local_date(desk.now, person.zone)
    key = slot_key(person.id, CHECK_IN, today, "own")
    found = casebook.check_in_keyed(desk.unit, key)
    if found is None:
        found = CheckIn(
            id=desk.unit.new_id(), key=key, person_id=person.id, local_date=today, due_utc=desk.now, state="asked",
            ladder_over="own",
        )  # fmt: skip
        desk.unit.session.add(found)
        desk.unit.session.flush()
    return found


def _theirs(desk: Desk, person: Person, check_in_id: int) -> CheckIn | None:
    check_in = desk.unit.session.get(CheckIn, check_in_id)
    return check_in if check_in is not None and check_in.person_id == person.id else None
