"""Sign-in links and web sessions as rows. Only hashes of either are kept; what they mean: casework/sign_in.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update

from storage.tables import Person, SignInAsk, SignInLink, WebSession
from storage.unit import Unit

ASK = SignInAsk.__table__  # type: ignore[attr-defined]
LINK = SignInLink.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]
SESSION = WebSession.__table__  # type: ignore[attr-defined]


def sign_in_key(unit: Unit, sign_in_name: str) -> str:
    """The keyed hash a sign-in name is found by. Case and outer spaces do not matter."""
    return unit.look_up_key("sign_in_name", sign_in_name.strip().casefold())


def by_sign_in_name(unit: Unit, sign_in_name: str) -> Person | None:
    """Whoever signs in with this name, or None."""
    return unit.session.scalars(select(Person).where(PERSON.c.sign_in_key == sign_in_key(unit, sign_in_name))).first()


def set_sign_in_name(unit: Unit, person: Person, sign_in_name: str) -> None:
    """Let this member of staff sign in under a name. Raises ValueError when somebody else has it."""
    other = by_sign_in_name(unit, sign_in_name)
    if other is not None and other.id != person.id:
        raise ValueError("That sign-in name is taken. Please choose another.")
    person.sign_in_key = sign_in_key(unit, sign_in_name)
    unit.session.flush()


def count_ask(unit: Unit, what: str, value: str, since: datetime) -> int:
    """Note one asking and say how many there have been since then, this one included. Keeps a keyed hash only."""
    key = unit.look_up_key(f"sign_in_{what}", value.strip().casefold())
    unit.session.add(SignInAsk(id=unit.new_id(), asked_key=key, asked_utc=unit.now))
    unit.session.flush()
    return int(
        unit.connection.execute(
            select(func.count()).where(ASK.c.asked_key == key, ASK.c.asked_utc > since)
        ).scalar_one()
    )


def keep_link(unit: Unit, person_id: int, token_hash: str, browser_hash: str | None, expires_utc: datetime) -> int:
    """Write down a link that may be spent once until `expires_utc`; its row's id."""
    link = SignInLink(
        id=unit.new_id(),
        token_hash=token_hash,
        person_id=person_id,
        browser_hash=browser_hash,
        made_utc=unit.now,
        expires_utc=expires_utc,
    )
    unit.session.add(link)
    unit.session.flush()
    return link.id


def spend_link(unit: Unit, token_hash: str, browser_hash: str) -> int | None:
    """Spend a link that is unspent, in time, and not bound to another browser: whose it is. Of many tries one wins."""
    person_id: int | None = unit.connection.execute(
        update(LINK)
        .where(
            LINK.c.token_hash == token_hash,
            LINK.c.spent_utc.is_(None),
            LINK.c.expires_utc > unit.now,
            or_(LINK.c.browser_hash.is_(None), LINK.c.browser_hash == browser_hash),
        )
        .values(spent_utc=unit.now)
        .returning(LINK.c.person_id)
    ).scalar()
    return person_id


def start_session(unit: Unit, person: Person, id_hash: str) -> None:
    """A signed-in browser, from now, in the role the person has now."""
    unit.session.add(
        WebSession(id_hash=id_hash, person_id=person.id, role=person.role, started_utc=unit.now, seen_utc=unit.now)
    )
    unit.session.flush()


def session(unit: Unit, id_hash: str) -> WebSession | None:
    """The session with this hash, ended or not."""
    return unit.session.get(WebSession, id_hash)


def touch_session(unit: Unit, id_hash: str) -> None:
    """Note that a session was used now, unless it has ended meanwhile."""
    unit.connection.execute(
        update(SESSION).where(SESSION.c.id_hash == id_hash, SESSION.c.ended_utc.is_(None)).values(seen_utc=unit.now)
    )


def end_session(unit: Unit, id_hash: str) -> int | None:
    """End one session now: whose it was, or None when there is none that has not ended."""
    person_id: int | None = unit.connection.execute(
        update(SESSION)
        .where(SESSION.c.id_hash == id_hash, SESSION.c.ended_utc.is_(None))
        .values(ended_utc=unit.now)
        .returning(SESSION.c.person_id)
    ).scalar()
    return person_id


def end_all_of(unit: Unit, person_id: int) -> None:
    """End every session of this person, and let no link of theirs be spent."""
    unit.connection.execute(
        update(SESSION)
        .where(SESSION.c.person_id == person_id, SESSION.c.ended_utc.is_(None))
        .values(ended_utc=unit.now)
    )
    unit.connection.execute(
        update(LINK).where(LINK.c.person_id == person_id, LINK.c.spent_utc.is_(None)).values(spent_utc=unit.now)
    )
