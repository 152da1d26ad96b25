"""The first words, and the way home. A guest is asked nothing and nothing of them is kept."""

from __future__ import annotations

from casework import resting, rhythms, wordings
from content import help_now
from content.message import Button, Message
from content.words import label, words
from handlers import joining
from handlers.turn import Turn
from rules.access import Role


def start(turn: Turn) -> None:
    """/start: with an invite's token it shows the invite; after a stop it brings them back; else the first words."""
    if turn.text:
        joining.show_invite(turn, turn.text)
        return
    person = turn.person
    if person is not None and person.stopped_utc is not None:
        come_back(turn)
        return
    turn.say(greeting(turn))


def home(turn: Turn) -> None:
    """Back to the first words, in place."""
    turn.change(greeting(turn))


def greeting(turn: Turn) -> Message:
    """The first words for this caller."""
    person, council = turn.person, turn.office.council
    if person is None:
        return Message(words("first.greeting", council=council), guest_buttons())
    name = turn.desk.called(person)
    if turn.caller.is_staff:
        return Message(words("first.greeting_staff", name=name, council=council), staff_buttons())
    return Message(words("first.greeting_joined", name=name, council=council), joined_buttons(Role(person.role)))


def guest_buttons() -> tuple[tuple[Button, ...], ...]:
    """What someone can press who has told us nothing."""
    return (
        (_button("what_can_i_get", "menu:care-leaver"),),
        (_button("ask_question", "ask"), _button("carer", "menu:carer")),
        (_button("invite_code", "code"), help_button()),
    )


def joined_buttons(role: Role) -> tuple[tuple[Button, ...], ...]:
    """What a care leaver or carer who joined can press."""
    if role is Role.CARER:
        return (
            (_button("what_can_i_get", "menu:carer"), _button("ask_question", "ask")),
            (_button("my_data", "mydata"), help_button()),
        )
    return (
        (_button("what_can_i_get", "menu:care-leaver"), _button("ask_question", "ask")),
        (_button("check_in", "checkin"), _button("change_how_often", "often")),
        (_button("pause", "pause"), _button("my_data", "mydata")),
        (help_button(),),
    )


def staff_buttons() -> tuple[tuple[Button, ...], ...]:
    """What an adviser or manager can press."""
    return (
        (_button("caseload", "caseload"), _button("log_contact", "log")),
        (_button("invite", "invite"), _button("dashboard", "dashboard")),
    )


def help_button() -> Button:
    """Help now, on every first screen."""
    return Button(help_now.BUTTON, "help")


def _button(name: str, data: str) -> Button:
    return Button(label(f"first.button.{name}"), data)


def ask_question(turn: Turn) -> None:
    """How to ask in one's own words."""
    turn.say(Message(words("first.ask_question")))


def come_back(turn: Turn) -> None:
    """After a stop or a pause: start again."""
    person = turn.person
    if person is None:
        turn.say(greeting(turn))
        return
    resting.come_back(turn.desk, person)
    name = turn.desk.called(person)
    if turn.caller.is_care_leaver and rhythms.agreed_with(turn.desk, person) is not None:
        text = words("stop.started_again", name=name, next_date=wordings.next_date(turn.desk, person))
        turn.say(Message(text, ((Button(label("stop.button.change_how_often"), "often"),),)))
        return
    turn.say(Message(words("stop.started_again_carer", name=name)))
