"""Saying yes: an invite is shown in plain words, and nothing is kept of anyone before they agree.

The token of the deep link (or the typed code) travels in the Join button itself, so a guest needs no row with us.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from casework import alerts, hearing, wordings
from casework.caller import Caller
from casework.desk import Desk
from casework.inviting import INVITE_ENDS, hash_of
from casework.rhythms import Agreed, agree
from content.words import words
from rules.access import Role
from storage import audit, casebook, due, people
from storage.tables import Consent, Invite, Person

FIRST_RHYTHM = Agreed(every_days=14, weekday=2, at=dt.time(17, 0))


class Trouble(StrEnum):
    """Why an invite does not let someone in."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    ALREADY_JOINED = "already_joined"


@dataclass(frozen=True, slots=True)
class Offer:
    """An invite that can be taken up: for whom, as what, from whom (None: from the council itself)."""

    row: Invite
    person: Person
    role: Role
    name: str
    inviter: str


def clean_code(typed: str) -> str:
    """A typed code as it was made: capitals, no spaces, no dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def look_at(desk: Desk, caller: Caller, way_in: str) -> Offer | Trouble:
    """What an invite offers, by its token or its code; or why it cannot be taken up."""
    row = casebook.invite_by(desk.unit, hash_of(way_in), desk.unit.look_up_key("invite", clean_code(way_in)))
    if row is None:
        return Trouble.UNKNOWN
    if caller.person is not None:
        return Trouble.ALREADY_JOINED
    if row.used_utc is not None:
        return Trouble.USED
    person = people.get(desk.unit, row.person_id)
    if row.expires_utc <= desk.now or person is None or person.state != "invited":
        return Trouble.EXPIRED
    inviter = None if row.made_by_id is None else people.get(desk.unit, row.made_by_id)
    inviter_name = "" if inviter is None else desk.name(inviter)
    return Offer(row, person, Role(person.role), desk.name(person), inviter_name)


def join(desk: Desk, caller: Caller, way_in: str) -> Person | Trouble:
    """Take up an invite: from here on they are known to us. The invite is spent in the same commit."""
    offer = look_at(desk, caller, way_in)
    if isinstance(offer, Trouble):
        return offer
    person = desk.unit.lock_person(offer.person.id)
    if person is None or person.state != "invited":
        return Trouble.USED
    offer.row.used_utc = desk.now
    _forget_earlier(desk, caller.telegram_id)
    person.state = "active"
    person.joined_utc = desk.now
    people.set_telegram(desk.unit, person, caller.telegram_id)
    consent = Consent(id=desk.unit.new_id(), person_id=person.id, words_id=f"join.{person.role}", given_utc=desk.now)
    desk.unit.session.add(consent)
    desk.unit.session.flush()
    due.cancel(desk.unit, person.id, INVITE_ENDS)
    audit.record(desk.unit, "person.joined", actor_id=person.id, person_id=person.id, detail=person.role)
    if offer.role is Role.CARE_LEAVER:
        agree(desk, person, FIRST_RHYTHM)
        hearing.plan_floor(desk, person)
        _tell_adviser(desk, person)
    return person


def _forget_earlier(desk: Desk, telegram_id: int) -> None:
    """Someone who left and was invited again joins as the new person; the account is no longer the old one's."""
    earlier = people.by_telegram(desk.unit, telegram_id)
    if earlier is not None:
        earlier.telegram_key = None
        earlier.telegram_sealed = None
        desk.unit.session.flush()


def _tell_adviser(desk: Desk, person: Person) -> None:
    text = words(
        "adviser.alert_joined",
        person=desk.name(person),
        time=wordings.time_of(desk.now),
        day=wordings.day_of(desk.now),
        **wordings.rhythm_facts(desk, person),
    )
    alerts.note(desk, person, f"joined:{person.id}", text)


def choose_name(desk: Desk, person: Person, name: str) -> None:
    """Call this person what they asked to be called."""
    people.set_called(desk.unit, person, name)
    audit.record(desk.unit, "person.named", actor_id=person.id, person_id=person.id)
