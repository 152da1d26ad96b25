"""Bringing someone in: a one-use deep link and a short code to type, for 14 days, bound to one person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.desk import Desk
from rules.access import Role
from storage import audit, casebook, due, people
from storage.tables import Bond, Invite, Person, Team

INVITE_DAYS = 14
INVITE_ENDS = "invite_ends"
# No letter or figure that is mistaken for another when it is read aloud or copied by hand.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_FIGURES = "23456789"
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the inviter hands over. The token and the code exist only here; the database keeps their hashes."""

    person: Person
    name: str
    role: Role
    link: str
    code: str
    expires_utc: datetime


def invite(desk: Desk, inviter: Person | None, role: Role, name: str, team_id: int | None) -> Invitation:
    """Make someone known to us as invited, and their way in. `inviter` None is the command line, for first staff.

    A care leaver or carer is bound to the adviser who invites them.
    """
    person = Person(id=desk.unit.new_id(), role=role, state="invited", team_id=team_id, invited_utc=desk.now)
    desk.unit.make_key(person.id)
    people.set_name(desk.unit, person, name)
    desk.unit.session.add(person)
    desk.unit.session.flush()
    if inviter is not None and not role.is_staff:
        bond = Bond(id=desk.unit.new_id(), person_id=person.id, adviser_id=inviter.id, since_utc=desk.now)
        desk.unit.session.add(bond)
    actor = None if inviter is None else inviter.id
    audit.record(desk.unit, "invite.made", actor_id=actor, person_id=person.id, detail=role)
    return _make_way_in(desk, person, name, role, actor)


def _make_way_in(desk: Desk, person: Person, name: str, role: Role, made_by_id: int | None) -> Invitation:
    token, code = desk.unit.new_token(), _code(desk.unit.new_token())
    expires_utc = desk.now + timedelta(days=INVITE_DAYS)
    row = Invite(
        id=desk.unit.new_id(),
        person_id=person.id,
        made_by_id=made_by_id,
        token_hash=hash_of(token),
        code_key=desk.unit.look_up_key("invite", code),
        made_utc=desk.now,
        expires_utc=expires_utc,
    )
    desk.unit.session.add(row)
    desk.unit.session.flush()
    due.plan(desk.unit, [due.ToPlan(f"{row.id}:{INVITE_ENDS}", person.id, INVITE_ENDS, expires_utc, row.id)])
    link = f"https://t.me/{desk.office.bot_username}?start={token}"
    return Invitation(person, name, role, link, f"{code[:4]}-{code[4:]}", expires_utc)


def hash_of(token: str) -> str:
    """How a token is kept: it has 256 bits, so its plain hash tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def _code(token: str) -> str:
    """A code to type. Its last sign is a figure, by which a typed code is told from two short words."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest(), "big")
    signs = []
    for choice in [CODE_LETTERS] * (CODE_LENGTH - 1) + [CODE_FIGURES]:
        number, index = divmod(number, len(choice))
        signs.append(choice[index])
    return "".join(signs)


def team_named(desk: Desk, name: str) -> Team:
    """The team of this name, made if it is new."""
    team = casebook.team_named(desk.unit, name)
    if team is None:
        team = Team(id=desk.unit.new_id(), name=name)
        desk.unit.session.add(team)
        desk.unit.session.flush()
    return team


def end_invite(desk: Desk, invite_id: int | None) -> None:
    """An invite nobody used is over: what we knew of that person goes with it."""
    row = None if invite_id is None else desk.unit.session.get(Invite, invite_id)
    if row is None or row.used_utc is not None:
        return
    person = desk.unit.lock_person(row.person_id)
    if person is None or person.state != "invited":
        return
    person.state = "erased"
    person.name_sealed = None
    person.called_sealed = None
    person.sign_in_key = None
    desk.unit.destroy_key(person.id)
    audit.record(desk.unit, "invite.ended", actor_id=None, person_id=person.id)
