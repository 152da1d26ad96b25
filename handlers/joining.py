"""Joining by a deep link or a typed code. What is kept is said first, and nothing is kept before yes."""

from __future__ import annotations

import re

from casework import joining, wordings
from casework.caller import Person
from casework.conversations import Waiting, done, wait_for, waiting_for
from casework.inviting import INVITE_DAYS
from casework.joining import Offer, Trouble
from content.message import Button, Message
from content.words import label, words
from handlers import first
from handlers.turn import Turn
from rules.access import Role

CODE = re.compile(r"^\s*[A-Za-z0-9]{4}[\s-]*[A-Za-z0-9]{4}\s*$")
NAME_LIMIT = 40


def type_code(turn: Turn) -> None:
    """How to type the code of an invite."""
    turn.say(Message(words("join.type_code", length=8)))


def typed_code(turn: Turn) -> None:
    """Something that looks like a code was typed."""
    show_invite(turn, joining.clean_code(turn.text))


def show_invite(turn: Turn, way_in: str) -> None:
    """Say who invites them, what is kept, who sees it and how to stop; and wait for yes."""
    offer = joining.look_at(turn.desk, turn.caller, way_in)
    if isinstance(offer, Trouble):
        turn.say(_trouble(turn, offer))
        return
    turn.say(Message(_offer_words(turn, offer), _choices(way_in, read_more=True)))


def read_more(turn: Turn) -> None:
    """More about what joining means, before deciding."""
    turn.say(Message(words("join.read_more"), _choices(turn.data[0], read_more=False)))


def _choices(way_in: str, *, read_more: bool) -> tuple[tuple[Button, ...], ...]:
    first_row = (
        Button(label("join.button.yes"), f"join:{way_in}"),
        Button(label("join.button.not_now"), f"not_now:{way_in}"),
    )
    if not read_more:
        return (first_row,)
    return (first_row, (Button(label("join.button.read_more"), f"join_more:{way_in}"),))


def _offer_words(turn: Turn, offer: Offer) -> str:
    council = turn.office.council
    if not offer.inviter:
        return words("join.staff_first", role=words(f"join.role_{offer.role}"), council=council)
    if offer.role.is_staff:
        return words(f"join.{offer.role}", adviser_full=offer.inviter, council=council)
    adviser = offer.inviter.split()[0]
    return words(f"join.{offer.role}", adviser_full=offer.inviter, adviser=adviser, council=council)


def _trouble(turn: Turn, trouble: Trouble) -> Message:
    office = turn.office
    match trouble:
        case Trouble.UNKNOWN:
            return Message(words("join.code_unknown"), first.greeting(turn).rows)
        case Trouble.EXPIRED:
            return Message(words("join.invite_expired", days=INVITE_DAYS))
        case Trouble.USED:
            return Message(words("join.invite_used", council=office.council, duty_number=office.duty_number))
        case Trouble.ALREADY_JOINED:
            return Message(words("join.already_joined", name=_name(turn)), first.greeting(turn).rows)


def _name(turn: Turn) -> str:
    return "" if turn.person is None else turn.desk.called(turn.person)


def join(turn: Turn) -> None:
    """They said yes. A care leaver or carer is asked what to call them; staff have their name already."""
    person = joining.join(turn.desk, turn.caller, turn.data[0])
    if isinstance(person, Trouble):
        turn.say(_trouble(turn, person))
        return
    if Role(person.role).is_staff:
        name, role = turn.desk.called(person), words(f"join.role_{person.role}")
        turn.clear_buttons()
        turn.say(Message(words("join.joined_staff", name=name, role=role), first.staff_buttons()))
        return
    wait_for(turn.desk, person, Waiting.NAME)
    known = turn.desk.called(person)
    rows = ((Button(known, "name"),),) if known else ()
    turn.say(Message(words("join.ask_name"), rows))
    turn.clear_buttons()


def not_now(turn: Turn) -> None:
    """They would rather not, or not yet. Nothing has been kept."""
    offer = joining.look_at(turn.desk, turn.caller, turn.data[0])
    if isinstance(offer, Trouble):
        turn.say(_trouble(turn, offer))
        return
    turn.clear_buttons()
    turn.say(Message(words("join.not_now", expires=wordings.day_of(offer.row.expires_utc)), first.guest_buttons()))


def keep_name(turn: Turn) -> None:
    """The name their adviser gave is fine."""
    person = turn.person
    if person is None or waiting_for(turn.desk, person)[0] is not Waiting.NAME:
        turn.say(Message(words("sorry.old_button"), first.greeting(turn).rows))
        return
    _named(turn, person, turn.desk.called(person))


def typed_name(turn: Turn, person: Person) -> None:
    """The name they typed, unless it cannot be one."""
    name = " ".join(turn.text.split())
    if len(name) > NAME_LIMIT:
        turn.say(Message(words("join.name_too_long", limit=NAME_LIMIT)))
        return
    if not any(letter.isalnum() for letter in name):
        turn.say(Message(words("join.name_unreadable")))
        return
    _named(turn, person, name)


def _named(turn: Turn, person: Person, name: str) -> None:
    turn.clear_buttons()
    joining.choose_name(turn.desk, person, name)
    done(turn.desk, person)
    adviser = wordings.adviser_name(turn.desk, person)
    if person.role != Role.CARE_LEAVER:
        turn.say(Message(words("join.joined_carer", name=name, adviser=adviser), first.joined_buttons(Role.CARER)))
        return
    facts = wordings.rhythm_facts(turn.desk, person) | wordings.rhythm_day_and_time(turn.desk, person)
    text = words("join.joined_care_leaver", name=name, adviser=adviser, **facts)
    buttons = (Button(label("join.button.change_how_often"), "often"), Button(label("join.button.fine"), "home"))
    turn.say(Message(text, (buttons,)))
