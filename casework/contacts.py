"""Logging a contact: what an adviser did away from the chat, in the words of the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework import hearing, incidents
from casework.desk import Desk
from content.words import plain
from rules.clocks import Channel, Heard, event_of, is_contact
from rules.incidents import Cause
from storage import audit, casebook
from storage.sealing import Place
from storage.tables import Contact, Person

UNDO_MINUTES = 15


def log_contact(
    desk: Desk,
    worker: Person,
    person: Person,
    channel: Channel,
    outcome: Heard,
    *,
    at_utc: datetime,
    note: str,
    logged_in: str,
) -> Contact:
    """Record a contact, or a try, that happened at `at_utc`.

    A meaningful one moves the contact clock and ends the ladder. `logged_in` is chat or dashboard. Raises ValueError
    for a time still to come.
    """
    if at_utc > desk.now + timedelta(minutes=5):
        raise ValueError("a contact cannot be in the future")
    contact = Contact(
        id=desk.unit.new_id(),
        person_id=person.id,
        logged_by_id=worker.id,
        channel=channel,
        direction="out",
        outcome=outcome,
        at_utc=at_utc,
        logged_utc=desk.now,
        logged_in=logged_in,
    )
    if note:
        contact.note_sealed = desk.unit.seal(person.id, Place("contact", "note", contact.id), note)
    desk.unit.session.add(contact)
    desk.unit.session.flush()
    event = event_of(channel, outcome)
    newest = person.last_contact_utc is None or at_utc >= person.last_contact_utc
    if is_contact(event) and newest:
        person.last_contact_id = contact.id
    hearing.heard(desk, person, event, at_utc, how=plain(f"adviser.log.channel.{channel}"), by=worker)
    audit.record(desk.unit, "contact.logged", actor_id=worker.id, person_id=person.id, detail=f"{channel} {outcome}")
    return contact


def undo_contact(desk: Desk, worker: Person, contact_id: int) -> Person | None:
    """Take back one's own contact logged in the last minutes, and turn the clock to the contact before it.

    None when it is not theirs, is gone, or is too old. What it had closed is opened anew: a mis-tap hides nobody.
    """
    contact = desk.unit.session.get(Contact, contact_id)
    if contact is None or contact.logged_by_id != worker.id or contact.undone_utc is not None:
        return None
    if desk.now - contact.logged_utc > timedelta(minutes=UNDO_MINUTES):
        return None
    person = desk.unit.lock_person(contact.person_id)
    if person is None:
        return None
    contact.undone_utc = desk.now
    desk.unit.session.flush()
    _turn_back(desk, person)
    for closed in casebook.closed_by_contact(desk.unit, contact):
        check_in = casebook.last_check_in(desk.unit, person.id)
        incidents.raise_incident(desk, person, Cause(closed.cause), check_in=check_in)
    audit.record(desk.unit, "contact.undone", actor_id=worker.id, person_id=person.id, detail=str(contact.id))
    return person


def _turn_back(desk: Desk, person: Person) -> None:
    latest = casebook.latest_spoken(desk.unit, person.id)
    person.last_contact_id = None if latest is None else latest.id
    person.last_contact_utc = None if latest is None else latest.at_utc
    hearing.plan_floor(desk, person)


def add_note(desk: Desk, worker: Person, contact_id: int, note: str) -> Person | None:
    """Put a line on record with one's own contact; returns whom it is about, None when it is not theirs or is gone."""
    contact = desk.unit.session.get(Contact, contact_id)
    if contact is None or contact.logged_by_id != worker.id or contact.undone_utc is not None:
        return None
    contact.note_sealed = desk.unit.seal(contact.person_id, Place("contact", "note", contact.id), note)
    audit.record(desk.unit, "contact.note", actor_id=worker.id, person_id=contact.person_id, detail=str(contact.id))
    return desk.unit.session.get(Person, contact.person_id)
