"""Anything typed: first whether it may be serious, then STOP, then what we had asked for, then a question."""

from __future__ import annotations

from casework import talking
from casework.caller import Person
from casework.conversations import Waiting, waiting_for
from content.message import Message
from content.words import words
from handlers import check_in, control, first, guidance, joining, logging_contacts, staff
from handlers.help import help_if_serious
from handlers.turn import Turn
from rules.stop_words import wants_back, wants_to_stop

TEXT_LIMIT = 3000


def typed(turn: Turn) -> None:
    """A message in words. Help, when it is needed, comes first, and their own business goes on below it."""
    serious = help_if_serious(turn)
    if len(turn.text) > TEXT_LIMIT:
        turn.say(Message(words("sorry.too_long", limit=TEXT_LIMIT)))
    elif wants_to_stop(turn.text):
        control.stop(turn)
    elif turn.person is None:
        _guest_typed(turn, serious=serious)
    elif turn.caller.is_staff:
        _staff_typed(turn, turn.person)
    else:
        _person_typed(turn, turn.person, serious=serious)


def _guest_typed(turn: Turn, *, serious: bool) -> None:
    if joining.CODE.match(turn.text) and any(letter.isdigit() for letter in turn.text):
        joining.typed_code(turn)
    elif wants_back(turn.text):
        turn.say(first.greeting(turn))
    elif not serious:
        guidance.answer_question(turn)


def _person_typed(turn: Turn, person: Person, *, serious: bool) -> None:
    waiting, data = waiting_for(turn.desk, person)
    if waiting is Waiting.NAME:
        joining.typed_name(turn, person)
    elif waiting is Waiting.LINE and data.isdigit():
        check_in.typed_line(turn, person, int(data))
    elif wants_back(turn.text):
        first.come_back(turn)
    else:
        talking.heard_text(turn.desk, person)
        if not serious:
            guidance.answer_question(turn)


def _staff_typed(turn: Turn, worker: Person) -> None:
    waiting, data = waiting_for(turn.desk, worker)
    if waiting is Waiting.INVITED_NAME:
        staff.typed_invited_name(turn, worker, data)
    elif waiting is Waiting.NOTE and data.isdigit():
        logging_contacts.typed_note(turn, worker, int(data))
    else:
        logging_contacts.typed_line(turn, worker)


def unknown_command(turn: Turn) -> None:
    """A command we do not have."""
    turn.say(Message(words("unsure.unknown_command"), first.greeting(turn).rows))


def unreadable(turn: Turn) -> None:
    """Something that is not words: a sticker, a place, a film."""
    turn.say(Message(words("sorry.unreadable")))


def edited(turn: Turn) -> None:
    """They changed an earlier message. The first one stays; we say so, and look at the new words for danger."""
    if not help_if_serious(turn):
        turn.say(Message(words("sorry.edited")))


def old_button(turn: Turn) -> None:
    """A button nothing answers to any more."""
    turn.say(Message(words("sorry.old_button"), first.greeting(turn).rows))
