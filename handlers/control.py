"""Pause, stop, coming back, and what we keep: the person is in charge of all four, at once and in any words."""

from __future__ import annotations

from casework import resting, wordings
from content.message import Button, Message
from content.words import label, words
from handlers import first
from handlers.turn import Turn

WEEKS = {1: "one_week", 2: "two_weeks", 4: "four_weeks", 8: "eight_weeks"}


def pause(turn: Turn) -> None:
    """/pause: for how long."""
    person = turn.person
    if person is None or turn.caller.is_staff:
        turn.say(first.greeting(turn))
        return
    if person.paused_until_utc is not None and turn.desk.now < person.paused_until_utc:
        resume = Button(label("pause.button.resume"), "resume")
        turn.say(Message(words("pause.already", date=wordings.day_of(person.paused_until_utc)), ((resume,),)))
        return
    choices = [Button(label(f"pause.button.{name}"), f"paused:{weeks}") for weeks, name in WEEKS.items()]
    no = Button(label("pause.button.not_now"), "home")
    turn.say(Message(words("pause.how_long"), (tuple(choices[:2]), tuple(choices[2:]), (no,))))


def paused(turn: Turn) -> None:
    """They chose for how long."""
    person, weeks = turn.person, turn.number(0)
    if person is None or weeks not in WEEKS or turn.caller.is_staff:
        turn.say(first.greeting(turn))
        return
    until = wordings.day_of(resting.pause(turn.desk, person, weeks))
    turn.clear_buttons()
    if turn.caller.is_care_leaver:
        adviser = wordings.adviser_name(turn.desk, person)
        turn.say(Message(words("pause.confirmed", date=until, adviser=adviser)))
    else:
        turn.say(Message(words("pause.confirmed_carer", date=until)))


def resume(turn: Turn) -> None:
    """They want check-ins again before the pause is over."""
    person = turn.person
    if person is None:
        turn.say(first.greeting(turn))
        return
    resting.come_back(turn.desk, person)
    name, next_date = turn.desk.called(person), wordings.next_date(turn.desk, person)
    turn.say(Message(words("pause.resumed", name=name, next_date=next_date)))


def stop(turn: Turn) -> None:
    """STOP in any words: at once, without a question first."""
    person = turn.person
    if person is None:
        turn.say(Message(words("stop.done_guest")))
    elif turn.caller.is_staff:
        turn.say(Message(words("stop.done_staff")))
    elif person.stopped_utc is not None:
        turn.say(Message(words("stop.already"), _start_again()))
    else:
        resting.stop(turn.desk, person)
        turn.say(Message(_stopped_words(turn), _start_again()))


def _stopped_words(turn: Turn) -> str:
    if turn.person is None or not turn.caller.is_care_leaver:
        return words("stop.done_carer")
    return words("stop.done", adviser=wordings.adviser_name(turn.desk, turn.person))


def _start_again() -> tuple[tuple[Button, ...], ...]:
    return ((Button(label("stop.button.start_again"), "back"), first.help_button()),)


def my_data(turn: Turn) -> None:
    """What we keep and who sees it."""
    person, office = turn.person, turn.office
    if person is None:
        turn.say(Message(words("my_data.guest")))
        return
    name = turn.desk.called(person)
    if turn.caller.is_staff:
        turn.say(Message(words("my_data.staff", name=name)))
        return
    adviser = wordings.adviser_name(turn.desk, person)
    which = "my_data.care_leaver" if turn.caller.is_care_leaver else "my_data.carer"
    text = words(which, name=name, adviser=adviser, council=office.council, duty_number=office.duty_number)
    buttons = (Button(label("my_data.button.pause"), "pause"), Button(label("my_data.button.stop"), "stop"))
    turn.say(Message(text, (buttons, (Button(label("my_data.button.back"), "home"),))))
