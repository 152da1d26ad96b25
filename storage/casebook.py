"""The rows of keeping in touch: check-ins, contacts, incidents and invites, found and written for casework."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select

from rules.incidents import CloseOutcome
from rules.mood import Mood
from storage.sealing import Place
from storage.tables import CheckIn, Contact, Incident, Invite, Team
from storage.unit import Unit

CHECK_INS = CheckIn.__table__  # type: ignore[attr-defined]


def last_check_in(unit: Unit, person_id: int) -> CheckIn | None:
    """The newest check-in of this person, or None."""
    newest = select(CheckIn).where(CheckIn.person_id == person_id).order_by(col(CheckIn.due_utc).desc()).limit(1)
    return unit.session.scalars(newest).first()


def mood_of(unit: Unit, check_in: CheckIn) -> Mood | None:
    """What they answered, or None when they skipped or have not answered."""
    if check_in.mood_sealed is None:
        return None
    return Mood(unit.open(check_in.person_id, Place("check_in", "mood", check_in.id), check_in.mood_sealed))


def set_mood(unit: Unit, check_in: CheckIn, mood: Mood | None) -> None:
    """Keep what they answered, sealed like everything they say; None is a skip."""
    if mood is None:
        check_in.mood_sealed = None
        return
    check_in.mood_sealed = unit.seal(check_in.person_id, Place("check_in", "mood", check_in.id), mood)


def latest_moods(unit: Unit, person_id: int) -> list[Mood]:
    """The moods of this person's last two answers, newest first."""
    answered = select(CheckIn).where(CheckIn.person_id == person_id, col(CheckIn.mood_sealed).is_not(None))
    newest = unit.session.scalars(answered.order_by(col(CheckIn.answered_utc).desc()).limit(2))
    return [mood for check_in in newest if (mood := mood_of(unit, check_in)) is not None]


def check_in_keyed(unit: Unit, key: str) -> CheckIn | None:
    """The check-in of one slot, or None."""
    return unit.session.scalars(select(CheckIn).where(CheckIn.key == key)).first()


def write_slots(unit: Unit, rows: list[dict[str, Any]]) -> None:
    """Write new slots, and mark what these people had not answered before as missed."""
    ids = [row["person_id"] for row in rows]
    missed = update(CHECK_INS).where(CHECK_INS.c.person_id.in_(ids), CHECK_INS.c.state == "asked")
    unit.connection.execute(missed.values(state="missed"))
    unit.connection.execute(insert(CHECK_INS), rows)


def end_ladders(unit: Unit, person_id: int, why: str) -> None:
    """No ladder runs for this person any more."""
    running = update(CHECK_INS).where(CHECK_INS.c.person_id == person_id, CHECK_INS.c.ladder_over.is_(None))
    unit.session.execute(running.values(ladder_over=why), execution_options={"synchronize_session": False})
    for one in unit.session.identity_map.values():
        if isinstance(one, CheckIn) and one.person_id == person_id:
            unit.session.refresh(one)


def latest_spoken(unit: Unit, person_id: int) -> Contact | None:
    """The newest contact that counts, or None."""
    spoke = select(Contact).where(
        Contact.person_id == person_id, col(Contact.undone_utc).is_(None), Contact.outcome == "spoke"
    )
    return unit.session.scalars(spoke.order_by(col(Contact.at_utc).desc()).limit(1)).first()


def open_incident(unit: Unit, person_id: int, cause: str) -> Incident | None:
    """The one incident of this cause that is not closed, or None."""
    return unit.session.scalars(select(Incident).where(Incident.open_key == f"{person_id}:{cause}")).first()


def with_open_incident(unit: Unit, person_ids: list[int], cause: str) -> set[int]:
    """Those of these people who have an open incident of this cause."""
    keys = [f"{person_id}:{cause}" for person_id in person_ids]
    return set(unit.session.scalars(select(Incident.person_id).where(col(Incident.open_key).in_(keys))))


def open_incidents(unit: Unit, person_id: int) -> list[Incident]:
    """This person's incidents that are not closed, oldest first."""
    mine = select(Incident).where(Incident.person_id == person_id, col(Incident.open_key).is_not(None))
    return list(unit.session.scalars(mine.order_by(col(Incident.opened_utc))))


def closed_by_contact(unit: Unit, contact: Contact) -> list[Incident]:
    """The incidents that logging this contact closed, in the same commit."""
    mine = select(Incident).where(
        Incident.person_id == contact.person_id,
        Incident.closed_utc == contact.logged_utc,
        Incident.outcome == CloseOutcome.CONTACT_LOGGED,
    )
    return list(unit.session.scalars(mine))


def invite_by(unit: Unit, token_hash: str, code_key: str) -> Invite | None:
    """The invite with this token or this code, or None."""
    found = unit.session.scalars(select(Invite).where(Invite.token_hash == token_hash)).first()
    return found or unit.session.scalars(select(Invite).where(Invite.code_key == code_key)).first()


def team_named(unit: Unit, name: str) -> Team | None:
    """The team of this name, or None."""
    return unit.session.scalars(select(Team).where(Team.name == name)).first()
