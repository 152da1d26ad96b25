"""Something going on in everybody's life, so that no part of a page is empty."""

from __future__ import annotations

from datetime import date, time, timedelta

from casework import contacts
from rules.access import Role
from rules.clocks import Channel, Heard
from rules.incidents import Cause
from rules.mood import Mood
from storage import casebook
from storage.sealing import Place
from storage.tables import Cadence, CheckIn, Due, Person
from storage.unit import Unit
from tests.dashboard.town import Town

MORE = ("Precious Okonjo-Wetherby", "Ali", "Morgan <b>F.</b>", "Robin A.", "Noor", "Ebele S.")


def give_lives(town: Town) -> None:
    """Sam has gone quiet past eight weeks; others are paused, unreachable, invited, in touch."""
    for name in MORE:
        state = "invited" if name == "Ali" else "active"
        town.add_person(name, Role.CARE_LEAVER, "North", "Jo Marsh", state=state)
    town.clock.turn(days=-74)
    town.write(lambda unit: _spoke(unit, town, "Sam T.", "all good, starts college monday, no credit til fri"))
    town.clock.turn(days=60)
    for name in ("Precious Okonjo-Wetherby", "Robin A.", "Noor"):
        town.write(lambda unit, name=name: _spoke(unit, town, name, "went through the pathway plan"))  # type: ignore[misc]
    town.write(lambda unit: _asked(unit, town))
    town.clock.turn(days=14)
    town.open_incident("Sam T.")
    town.open_incident("Noor", Cause.ASKED_FOR_CALL)
    town.write(lambda unit: _settle(unit, town))


def _person(unit: Unit, town: Town, name: str) -> Person:
    return unit.session.get_one(Person, town.ids[name])


def _spoke(unit: Unit, town: Town, name: str, note: str) -> None:
    jo, person = _person(unit, town, "Jo Marsh"), _person(unit, town, name)
    contacts.log_contact(
        town.desk(unit), jo, person, Channel.CALL, Heard.SPOKE, at_utc=unit.now, note=note, logged_in="dashboard"
    )


def _asked(unit: Unit, town: Town) -> None:
    sam, robin = town.ids["Sam T."], town.ids["Robin A."]
    for person_id, state, steps in ((sam, "asked", 2), (robin, "answered", 0)):
        check_in = CheckIn(
            id=unit.new_id(),
            key=f"{person_id}:check_in:2026-11-07:slot",
            person_id=person_id,
            local_date=date(2026, 11, 7),
            due_utc=unit.now,
            state=state,
            steps_done=steps,
        )
        if state == "answered":
            casebook.set_mood(unit, check_in, Mood.UP_AND_DOWN)
            check_in.ladder_over = "answered"
            check_in.answered_utc = unit.now + timedelta(hours=3)
            line = "bit rubbish tbh but <i>ok</i>"
            check_in.line_sealed = unit.seal(person_id, Place("check_in", "line", check_in.id), line)
        unit.session.add(check_in)
        if state == "asked":
            unit.session.flush()
            step = Due(id=unit.new_id(), key=f"{sam}:ladder_step", person_id=sam, what="ladder_step",
                       ref_id=check_in.id, due_utc=unit.now + timedelta(days=20))  # fmt: skip
            unit.session.add(step)
    unit.session.add(Cadence(person_id=sam, every_days=14, weekday=2, at=time(18), anchor=date(2026, 3, 3),
                             agreed_utc=unit.now))  # fmt: skip
    unit.session.add(Due(id=unit.new_id(), key=f"{sam}:check_in", person_id=sam, what="check_in",
                         due_utc=unit.now + timedelta(days=18)))  # fmt: skip


def _settle(unit: Unit, town: Town) -> None:
    _person(unit, town, "Morgan <b>F.</b>").paused_until_utc = unit.now + timedelta(days=10)
    _person(unit, town, "Ebele S.").unreachable = "blocked"
    _person(unit, town, "Robin A.").last_reply_utc = unit.now - timedelta(days=13)
