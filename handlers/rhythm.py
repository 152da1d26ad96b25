"""Changing how often we check in: how often, which day, what time, and the next three dates before saving."""

from __future__ import annotations

import datetime as dt

from casework import rhythms, wordings
from casework.caller import Person
from casework.rhythms import Agreed
from content import dates
from content.message import Button, Message
from content.words import label, words
from handlers import first
from handlers.turn import Turn
from rules import cadence
from rules.wallclock import local_date

WEEKS = {7: "every_week", 14: "every_2_weeks", 28: "every_4_weeks"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = (10, 13, 16, 17, 18, 19)


def how_often(turn: Turn) -> None:
    """Step one: every one, two or four weeks."""
    person = turn.person
    now = None if person is None else rhythms.agreed_with(turn.desk, person)
    if person is None or now is None or not turn.caller.is_care_leaver:
        turn.say(first.greeting(turn))
        return
    facts = wordings.rhythm_day_and_time(turn.desk, person)
    text = words("cadence.how_often", every=wordings.every(now.every_days), **facts)
    rows = tuple((Button(label(f"cadence.button.{name}"), f"every:{days}"),) for days, name in WEEKS.items())
    keep = Button(label("cadence.button.keep"), "home")
    turn.say(Message(text, (*rows, (keep,))))


def which_day(turn: Turn) -> None:
    """Step two: the day of the week."""
    every = turn.number(0)
    if every not in WEEKS:
        how_often(turn)
        return
    buttons = [Button(label(f"cadence.button.{day}"), f"day:{every}:{index}") for index, day in enumerate(DAYS)]
    turn.change(Message(words("cadence.which_day"), (tuple(buttons[:3]), tuple(buttons[3:5]), tuple(buttons[5:]))))


def what_time(turn: Turn) -> None:
    """Step three: the hour."""
    every, day = turn.number(0), turn.number(1)
    if every not in WEEKS or not 0 <= day <= 6:
        how_often(turn)
        return
    buttons = [Button(dates.clock(dt.time(hour)), f"hour:{every}:{day}:{hour}") for hour in HOURS]
    turn.change(Message(words("cadence.what_time"), (tuple(buttons[:3]), tuple(buttons[3:]))))


def confirm(turn: Turn) -> None:
    """Step four: what it would be, with the next three dates."""
    agreed = _agreed(turn)
    if agreed is None or turn.person is None:
        how_often(turn)
        return
    today = local_date(turn.desk.now, turn.person.zone)
    rhythm = cadence.Cadence(
        agreed.every_days, agreed.at, agreed.weekday, today + dt.timedelta(days=1), turn.person.zone
    )
    text = words("cadence.confirm", **_facts(agreed, cadence.next_slots(rhythm, today, 3)))
    save = Button(label("cadence.button.save"), "save_often:" + ":".join(turn.data))
    turn.change(Message(text, ((save, Button(label("cadence.button.change"), "often")),)))


def save(turn: Turn) -> None:
    """Step five: agreed."""
    agreed, person = _agreed(turn), turn.person
    if agreed is None or person is None:
        how_often(turn)
        return
    rhythms.agree(turn.desk, person, agreed)
    turn.change(Message(_saved_words(turn, person, agreed)))


def _saved_words(turn: Turn, person: Person, agreed: Agreed) -> str:
    slots = rhythms.next_slots(turn.desk, person, 3)
    if not slots:
        return words("stop.already")
    return words("cadence.saved", **_facts(agreed, slots))


def _facts(agreed: Agreed, slots: tuple[cadence.Slot, ...]) -> dict[str, str]:
    day = dates.weekday(slots[0].local_date)
    facts = {"every": wordings.every(agreed.every_days), "day": day, "time": dates.clock(agreed.at)}
    shown = (dates.day_and_month(slot.local_date) for slot in slots)
    return facts | dict(zip(("first", "second", "third"), shown, strict=True))


def _agreed(turn: Turn) -> Agreed | None:
    every, day, hour = turn.number(0), turn.number(1), turn.number(2)
    if every not in WEEKS or not 0 <= day <= 6 or hour not in HOURS or not turn.caller.is_care_leaver:
        return None
    return Agreed(every, day, dt.time(hour))
