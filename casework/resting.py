"""Pause, stop, and coming back. Both act at once and beat anything already queued; the council's duty goes on."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from casework import alerts, hearing, rhythms, wordings
from casework.desk import Desk
from casework.rhythms import CHECK_IN
from content.words import words
from rules.access import Role
from rules.clocks import Event
from rules.wallclock import local_date, utc_of
from storage import audit, due, outbox
from storage.tables import Person

PAUSE_ENDS = time(8)


class SendInHandError(Exception):
    """A message to them is leaving at this moment: try again in a moment, so that nothing follows their stop."""


def pause(desk: Desk, person: Person, weeks: int) -> datetime:
    """No check-ins for some weeks; returns the instant the pause ends (08:00 local)."""
    _wait_for_send(desk, person)
    until_date = local_date(desk.now, person.zone) + timedelta(weeks=weeks)
    person.paused_until_utc = utc_of(until_date, PAUSE_ENDS, person.zone)
    hearing.heard(desk, person, Event.PAUSED, desk.now, how="")
    rhythms.plan_next(desk, person)
    audit.record(desk.unit, "person.paused", actor_id=person.id, person_id=person.id, detail=f"{weeks} weeks")
    if person.role == Role.CARE_LEAVER:
        _tell(desk, person, "adviser.alert_paused", until=wordings.short_day_of(person.paused_until_utc))
    return person.paused_until_utc


def stop(desk: Desk, person: Person) -> None:
    """They said stop: nothing is started with them from this commit on."""
    _wait_for_send(desk, person)
    person.stopped_utc = desk.now
    hearing.heard(desk, person, Event.STOPPED, desk.now, how="")
    due.cancel(desk.unit, person.id, CHECK_IN)
    audit.record(desk.unit, "person.stopped", actor_id=person.id, person_id=person.id)
    if person.role == Role.CARE_LEAVER:
        _tell(desk, person, "adviser.alert_stopped")


def come_back(desk: Desk, person: Person) -> None:
    """They are with us again, after a stop or a pause: check-ins go on by their rhythm."""
    person.stopped_utc = None
    person.paused_until_utc = None
    rhythms.plan_next(desk, person)
    audit.record(desk.unit, "person.came_back", actor_id=person.id, person_id=person.id)


def _wait_for_send(desk: Desk, person: Person) -> None:
    desk.unit.lock_person(person.id)
    if outbox.sends_in_hand(desk.unit, person.id):
        raise SendInHandError


def _tell(desk: Desk, person: Person, which: str, **more: str) -> None:
    text = words(
        which,
        person=desk.name(person),
        time=wordings.time_of(desk.now),
        day=wordings.day_of(desk.now),
        last_contact=wordings.last_contact(desk, person),
        **more,
    )
    alerts.note(desk, person, f"{which}:{person.id}:{desk.now.isoformat()}", text)
