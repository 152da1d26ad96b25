"""Asking people how they are: everyone whose slot has come, in one Unit of a few hundred.

A slot is keyed by person and local date, so it exists once, whatever the clock does. A slot found too late is recorded
as expired and never caught up. The next slot is planned in the same commit that handles this one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from casework import outgoing
from casework.desk import Desk
from casework.hearing import LADDER_STEP
from casework.rhythms import CHECK_IN, is_resting, rhythm_of
from content.message import Button, Message
from content.words import label, words
from rules import cadence as rhythm
from rules.incidents import Cause
from rules.ladder import DatedStep, next_dated
from rules.mood import Mood
from rules.wallclock import local_date
from storage import audit, casebook, due, outbox, people
from storage.due import DueRow
from storage.people import Askable

TOO_LATE_AFTER = dt.timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Asked:
    """One slot that came round, and what is to become of it: `state` is asked, expired or held.

    `ladder_over` says why no ladder begins with it; None: one does.
    """

    person: Askable
    check_in_id: int
    slot: rhythm.Slot
    state: str
    ladder_over: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What one due row means: its slots, oldest first (more than one after an outage), and when the next one is due."""

    person: Askable
    slots: tuple[Asked, ...]
    next_utc: dt.datetime


def ask_all(desk: Desk, rows: list[DueRow]) -> None:
    """Handle check-in slots that have come: ask, or write down why not, and plan the next slot of each."""
    taken = due.take(desk.unit, rows)
    persons = people.askable(desk.unit, [row.person_id for row in taken])
    climbed = _climbed_already(desk, list(persons))
    decided = [_decide(desk, row, persons[row.person_id], climbed) for row in taken if row.person_id in persons]
    if not decided:
        return
    slots = [slot for one in decided for slot in one.slots]
    asked = [slot for slot in slots if slot.state == "asked"]
    _write_slots(desk, slots)
    _plan_next(desk, decided, asked)
    _queue(desk, asked)
    audit.record(desk.unit, "check_in.slots", actor_id=None, person_id=None, detail=f"{len(asked)} of {len(slots)}")


def _climbed_already(desk: Desk, ids: list[int]) -> dict[int, str]:
    """Whose ladder need not begin again: it is being climbed, or the adviser has been told and nothing has changed.

    They are still asked, but a nudge that promises to tell the adviser would not be true.
    """
    told = dict.fromkeys(casebook.with_open_incident(desk.unit, ids, Cause.MISSING_CONTACT), "already_told")
    return told | dict.fromkeys(due.planned_for(desk.unit, ids, LADDER_STEP), "earlier_one_runs")


def _decide(desk: Desk, row: DueRow, person: Askable, climbed: dict[int, str]) -> Decided:
    cadence = rhythm_of(person, person.zone)
    first = rhythm.Slot(local_date(row.due_utc, person.zone), row.due_utc)
    slots = (first, *rhythm.slots_due(cadence, first.local_date, desk.now))
    asked = tuple(_asked(desk, person, slot, climbed.get(person.id)) for slot in slots)
    return Decided(person, asked, rhythm.next_slot(cadence, slots[-1].local_date).due_utc)


def _asked(desk: Desk, person: Askable, slot: rhythm.Slot, climbed: str | None) -> Asked:
    state = _state_of(desk, person, slot)
    return Asked(person, desk.unit.new_id(), slot, state, climbed if state == "asked" else state)


def _state_of(desk: Desk, person: Askable, slot: rhythm.Slot) -> str:
    if is_resting(person, desk.now):
        return "held"
    return "asked" if desk.now - slot.due_utc <= TOO_LATE_AFTER else "expired"


def _write_slots(desk: Desk, slots: list[Asked]) -> None:
    casebook.write_slots(
        desk.unit,
        [
            {
                "id": one.check_in_id,
                "key": rhythm.slot_key(one.person.id, CHECK_IN, one.slot.local_date, CHECK_IN),
                "person_id": one.person.id,
                "local_date": one.slot.local_date,
                "due_utc": one.slot.due_utc,
                "state": one.state,
                "steps_done": 0,
                "ladder_over": one.ladder_over,
            }
            for one in slots
        ],
    )


def _plan_next(desk: Desk, decided: list[Decided], asked: list[Asked]) -> None:
    plans = [due.ToPlan(f"{one.person.id}:{CHECK_IN}", one.person.id, CHECK_IN, one.next_utc) for one in decided]
    first_steps = {zone: _first_step(desk, zone) for zone in {one.person.zone for one in asked}}
    for one in asked:
        first = first_steps[one.person.zone]
        if first is not None and one.ladder_over is None:
            key = f"{one.person.id}:{LADDER_STEP}"
            plans.append(due.ToPlan(key, one.person.id, LADDER_STEP, first.due_utc, one.check_in_id))
    due.plan(desk.unit, plans)


def _first_step(desk: Desk, zone: str) -> DatedStep | None:
    """When the ladder of everyone asked now in this zone takes its first step."""
    return next_dated(desk.office.ladder, -1, desk.now, desk.now, zone, desk.office.holidays)


def _queue(desk: Desk, asked: list[Asked]) -> None:
    desk.warm([one.person for one in asked])
    advisers = _adviser_names(desk, [one.person.id for one in asked])
    messages = []
    for one in asked:
        key = rhythm.slot_key(one.person.id, CHECK_IN, one.slot.local_date, CHECK_IN)
        message = question(desk.called(one.person), advisers.get(one.person.id, ""), one.check_in_id)
        late = one.slot.due_utc + TOO_LATE_AFTER
        messages.append(outgoing.started(one.person, key, CHECK_IN, message, late, one.check_in_id))
    outbox.add(desk.unit, messages)


def _adviser_names(desk: Desk, person_ids: list[int]) -> dict[int, str]:
    """The first names of these people's advisers, by person."""
    pairs = people.adviser_ids(desk.unit, person_ids)
    advisers = [one for one in people.by_ids(desk.unit, set(pairs.values())) if one.state != "erased"]
    desk.warm(advisers)
    names = {one.id: desk.called(one) for one in advisers}
    return {person_id: names[adviser_id] for person_id, adviser_id in pairs.items() if adviser_id in names}


def question(name: str, adviser: str, check_in_id: int) -> Message:
    """The check-in itself: one question, five answers, one of which is to skip."""
    text = words("check_in.ask", name=name, adviser=adviser) if adviser else words("check_in.ask_yourself", name=name)
    return Message(text, mood_buttons(check_in_id))


def mood_buttons(check_in_id: int) -> tuple[tuple[Button, ...], ...]:
    """The answers, carrying the slot, so that two copies of a check-in still give one answer."""
    *moods, skip = (Button(text, f"mood:{check_in_id}:{answer}") for answer, text in _answers())
    return (tuple(moods[:2]), tuple(moods[2:]), (skip,))


@cache
def _answers() -> tuple[tuple[str, str], ...]:
    """Each answer and the words on its button: looked up once, because a plan asks for them by the ten thousand."""
    return tuple((answer, label(f"check_in.button.{answer}")) for answer in (*Mood, "skip"))
