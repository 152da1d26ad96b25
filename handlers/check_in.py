"""Answers to a check-in and to a nudge: one tap, then a line if they like. Skipping is always an answer."""

from __future__ import annotations

from casework import answering, wordings
from casework.answering import Answered
from casework.asking import mood_buttons
from casework.caller import Person
from casework.conversations import Waiting, done, wait_for
from content.message import Button, Message
from content.words import label, words
from handlers import first
from handlers.turn import Turn
from rules.choice import chosen
from rules.mood import Mood, offers_call


def check_in_now(turn: Turn) -> None:
    """/checkin: they want to tell us how things are, today."""
    person = turn.person
    if person is None or not turn.caller.is_care_leaver:
        turn.say(first.greeting(turn))
        return
    check_in = answering.own_check_in(turn.desk, person)
    text = words("check_in.now", name=turn.desk.called(person))
    turn.say(Message(text, mood_buttons(check_in.id)))


def mood(turn: Turn) -> None:
    """One tap on how the week has been, or Skip."""
    person = turn.person
    said = turn.data[1] if len(turn.data) > 1 else ""
    answered = chosen(Mood, said)
    if person is None or (answered is None and said != "skip"):
        turn.say(Message(words("check_in.not_yours")))
        return
    answer = answering.answer_mood(turn.desk, person, turn.number(0), answered)
    _say_what_became(turn, person, answer, answered)


def _say_what_became(turn: Turn, person: Person, answer: answering.Answer, answered: Mood | None) -> None:
    if answer.check_in is None:
        turn.say(Message(words("check_in.not_yours")))
    elif answer.became is Answered.ALREADY:
        before = words(f"check_in.answer.{answer.mood or 'skip'}")
        turn.say(Message(words("check_in.already_answered", answer=before)))
    else:
        _thank(turn, person, answer.check_in.id, answered)
        turn.clear_buttons()


def _thank(turn: Turn, person: Person, check_in_id: int, answered: Mood | None) -> None:
    adviser = wordings.adviser_name(turn.desk, person)
    if answered is None:
        next_date = wordings.next_date(turn.desk, person)
        turn.say(Message(words("check_in.thanks_skip", next_date=next_date)))
    elif offers_call(answered):
        turn.say(Message(words("check_in.thanks_hard", adviser=adviser), _call_buttons(turn, check_in_id)))
    else:
        add = Button(label("check_in.button.add_line"), f"line:{check_in_id}")
        no = Button(label("check_in.button.no_thanks"), "no_line")
        turn.say(Message(words(f"check_in.thanks_{answered}", adviser=adviser), ((add, no),)))


def _call_buttons(turn: Turn, check_in_id: int) -> tuple[tuple[Button, ...], ...]:
    when = "call_me" if wordings.back_soon(turn.desk) else "call_me_next"
    call = Button(label(f"check_in.button.{when}"), f"call:{check_in_id}")
    text = Button(label("check_in.button.text_me"), f"textme:{check_in_id}")
    no = Button(label("check_in.button.no_call"), f"no_call:{check_in_id}")
    return ((call,), (text, no), (first.help_button(),))


def write_line(turn: Turn) -> None:
    """They want to add a line: their next message is it."""
    if turn.person is None:
        turn.say(Message(words("check_in.not_yours")))
        return
    wait_for(turn.desk, turn.person, Waiting.LINE, str(turn.number(0)))
    turn.clear_buttons()
    turn.say(Message(words("check_in.write_line", adviser=wordings.adviser_name(turn.desk, turn.person))))


def no_line(turn: Turn) -> None:
    """They do not want to add anything."""
    if turn.person is None:
        turn.say(Message(words("check_in.not_yours")))
        return
    turn.clear_buttons()
    turn.say(Message(words("check_in.no_line", next_date=wordings.next_date(turn.desk, turn.person))))


def typed_line(turn: Turn, person: Person, check_in_id: int) -> None:
    """The line they wrote with their answer."""
    done(turn.desk, person)
    answering.add_line(turn.desk, person, check_in_id, turn.text)
    adviser, next_date = wordings.adviser_name(turn.desk, person), wordings.next_date(turn.desk, person)
    turn.say(Message(words("check_in.line_saved", adviser=adviser, next_date=next_date)))


def call_me(turn: Turn) -> None:
    """They would like to be rung."""
    _ask(turn, "call")


def text_me(turn: Turn) -> None:
    """They would like a text, not a ring."""
    _ask(turn, "text")


def _ask(turn: Turn, wish: str) -> None:
    person = turn.person
    if person is None:
        turn.say(Message(words("check_in.not_yours")))
        return
    answering.ask_for_call(turn.desk, person, turn.number(0), wish)
    turn.clear_buttons()
    adviser, office = wordings.adviser_name(turn.desk, person), turn.office
    if wordings.at_work(turn.desk):
        turn.say(Message(words(f"check_in.{wish}_asked_at_work", adviser=adviser, until=wordings.work_ends())))
        return
    back_at, which = wordings.back_at(turn.desk), f"check_in.{wish}_asked_out_of_hours"
    facts = {"adviser": adviser, "back_at": back_at}
    if wish == "call":
        facts |= {"council": office.council, "duty_number": office.duty_number, "hours": office.duty_hours}
    turn.say(Message(words(which, **facts), ((first.help_button(),),)))


def no_call(turn: Turn) -> None:
    """No ring wanted; the adviser sees the answer all the same."""
    if turn.person is None:
        turn.say(Message(words("check_in.not_yours")))
        return
    turn.clear_buttons()
    turn.say(Message(words("check_in.no_call", adviser=wordings.adviser_name(turn.desk, turn.person))))


def fine(turn: Turn) -> None:
    """They pressed *I'm OK* under a nudge."""
    person = turn.person
    if person is None:
        turn.say(Message(words("check_in.not_yours")))
        return
    answer = answering.say_fine(turn.desk, person, turn.number(0))
    if answer.became in (Answered.ALREADY, Answered.NOT_THEIRS):
        turn.say(Message(words("nudge.answered_already")))
        return
    turn.clear_buttons()
    next_date = wordings.next_date(turn.desk, person)
    turn.say(Message(words("nudge.thanks_ok", name=turn.desk.called(person), next_date=next_date)))


def ring_me(turn: Turn) -> None:
    """They pressed *Ring me* under a nudge."""
    _ask(turn, "call")
