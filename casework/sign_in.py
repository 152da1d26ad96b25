"""How advisers and managers come in on the web, without a password.

    asked for ──► link in their own Telegram chat ──POST──► session ──► ended
       │             └── 10 minutes, one use                  └── 30 minutes idle, 10 hours in all,
       └── an unknown name looks the same                         signed out, removed, or given another role

Must stay true: only hashes of the link and of the session are kept; a link is spent by one POST from the browser it is
bound to (the one that asked on the page, or the one that shows the page of a link asked for in the chat); a session is
looked up again on every request, so ending it ends it at once.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from casework import outgoing
from casework.caller import Caller, viewer
from casework.desk import Desk
from content.message import Button, Message
from content.words import label, words
from rules.access import Role, Viewer
from storage import audit, people
from storage import sign_in as rows
from storage.tables import Person
from storage.unit import Unit

LINK_MINUTES = 10
# A page that only reads must not write each time it is opened.
SEEN_EVERY = timedelta(minutes=1)
ASKS_WITHIN = timedelta(minutes=15)
ASKS_A_NAME = 5
ASKS_AN_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts: `idle` since it was last used, `whole` since it began. Only a sandbox, whose clock is
    turned by weeks, has reason to give it other numbers."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=10)


IN_FORCE = Lasting()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from. `session_hash` names the session; `due_a_touch` says its last use should be noted."""

    viewer: Viewer
    name: str
    session_hash: str
    due_a_touch: bool


def hash_of(secret: str) -> str:
    """What is kept of a link or a session. They are 256 random bits, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def too_many_asks(unit: Unit, address: str) -> bool:
    """Whether this network address has asked too often in the last quarter of an hour. Counts this asking."""
    return rows.count_ask(unit, "address", address, unit.now - ASKS_WITHIN) > ASKS_AN_ADDRESS


def ask_on_page(desk: Desk, sign_in_name: str, browser: str) -> None:
    """Send a link to the chat of whoever has this sign-in name, bound to the browser that holds `browser`.

    Says nothing about whether there is such a person. After five askings for one name in a quarter of an hour no more
    are sent, so that a stranger cannot make a phone ring all evening; the chat's own /dashboard still works.
    """
    unit = desk.unit
    asked_often = rows.count_ask(unit, "name", sign_in_name, unit.now - ASKS_WITHIN) > ASKS_A_NAME
    person = rows.by_sign_in_name(unit, sign_in_name)
    if person is None or asked_often or not may_sign_in(person):
        return
    link_id, address = _make_link(desk, person, browser)
    caller = Caller(0, person.telegram_key or "", person)
    outgoing.reply(desk, caller, f"sign_in:{link_id}", link_message(address), name="sign_in")


def ask_in_chat(desk: Desk, person: Person) -> Message | None:
    """The reply with a fresh link for a member of staff who asked in their chat; None when they may not sign in."""
    if not may_sign_in(person):
        return None
    return link_message(_make_link(desk, person, None)[1])


def link_message(address: str) -> Message:
    """The message that carries a link. Telegram takes no button to an address that is not https."""
    if address.startswith("https://"):
        text = words("adviser.sign_in_button", minutes=LINK_MINUTES)
        return Message(text, ((Button(label("adviser.button.dashboard"), url=address),),), protect=True)
    return Message(words("adviser.sign_in", minutes=LINK_MINUTES, link=address), protect=True)


def may_sign_in(person: Person) -> bool:
    """Staff who have joined and not left."""
    return Role(person.role).is_staff and person.state == "active" and person.telegram_key is not None


def page_proof(browser: str) -> str:
    """What the page of a link carries, so that only a browser that has seen the page can spend it."""
    return hash_of(f"page:{browser}")


def spend_link(desk: Desk, token: str, browser: str, proof: str) -> str | None:
    """Spend a link and start a session; its id, to be kept only in the browser's cookie. None: the link is no good.

    `browser` is the page's cookie, `proof` what the page carried. Of any number of tries at once, one wins.
    """
    unit = desk.unit
    if not browser or not hmac.compare_digest(proof.encode(), page_proof(browser).encode()):
        return None
    person_id = rows.spend_link(unit, hash_of(token), hash_of(browser))
    person = None if person_id is None else people.get(unit, person_id)
    if person is None or not may_sign_in(person):
        return None
    session_id = unit.new_token()
    rows.start_session(unit, person, hash_of(session_id))
    audit.record(unit, "sign_in.done", actor_id=person.id, person_id=person.id)
    return session_id


def signed_in(unit: Unit, session_id: str, lasting: Lasting) -> SignedIn | None:
    """Who this session is for, or None when it is unknown, ended, too old, or its person is no longer the same."""
    session = rows.session(unit, hash_of(session_id))
    if session is None or session.ended_utc is not None:
        return None
    if unit.now - session.seen_utc >= lasting.idle or unit.now - session.started_utc >= lasting.whole:
        return None
    person = people.get(unit, session.person_id)
    if person is None or not may_sign_in(person) or person.role != session.role:
        return None
    due_a_touch = unit.now - session.seen_utc >= SEEN_EVERY
    return SignedIn(viewer(person), people.name_of(unit, person), session.id_hash, due_a_touch)


def end_session(unit: Unit, session_id: str) -> None:
    """Sign this browser out. Doing it twice changes nothing."""
    person_id = rows.end_session(unit, hash_of(session_id))
    if person_id is not None:
        audit.record(unit, "sign_in.ended", actor_id=person_id, person_id=person_id)


def end_sessions_of(unit: Unit, person_id: int) -> None:
    """Sign every browser of this person out, and let no link of theirs be spent: for a removal or a new role."""
    rows.end_all_of(unit, person_id)


def touch_session(unit: Unit, session_hash: str) -> None:
    """Note that a session was used now, unless it has ended meanwhile."""
    rows.touch_session(unit, session_hash)


def _make_link(desk: Desk, person: Person, browser: str | None) -> tuple[int, str]:
    unit, token = desk.unit, desk.unit.new_token()
    link_id = rows.keep_link(
        unit,
        person.id,
        hash_of(token),
        None if browser is None else hash_of(browser),
        unit.now + timedelta(minutes=LINK_MINUTES),
    )
    audit.record(unit, "sign_in.asked", actor_id=None if browser else person.id, person_id=person.id)
    return link_id, f"{desk.office.web_url}/sign-in/link/{token}"
