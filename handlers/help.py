"""Help now: by the button, by /help, or because of what someone wrote. In the same turn, always first."""

from __future__ import annotations

from casework import talking, wordings
from content import help_now
from content.help_now import Told
from content.message import Button, Message
from handlers.turn import Turn
from rules.safety import may_be_serious
from rules.sending import Kind


def help_pressed(turn: Turn) -> None:
    """The button or /help: numbers at once. Nobody is told, and we say so."""
    told = Told.NOBODY_GUEST if turn.person is None else Told.NOBODY
    turn.say(Message(_words(turn, told, they_wrote=False), _buttons(turn)), kind=Kind.HELP)


def help_if_serious(turn: Turn) -> bool:
    """Show help when what they typed may mean danger, and tell a person if they have joined. True if it was shown."""
    if turn.caller.is_staff or not turn.text or not may_be_serious(turn.text):
        return False
    told = Told.NOBODY_GUEST if turn.person is None else talking.may_be_in_danger(turn.desk, turn.person, turn.text)
    turn.say(Message(_words(turn, told, they_wrote=True), _buttons(turn)), kind=Kind.HELP)
    return True


def _words(turn: Turn, told: Told, *, they_wrote: bool) -> str:
    office, adviser, back = turn.office, "", ""
    if turn.person is not None:
        adviser = wordings.adviser_name(turn.desk, turn.person)
        back = "" if wordings.at_work(turn.desk) else wordings.back_at(turn.desk)
    return help_now.text(
        told,
        they_wrote=they_wrote,
        council=office.council,
        duty_number=office.duty_number,
        duty_hours=office.duty_hours,
        adviser=adviser,
        adviser_back=back,
    )


def _buttons(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    sees = Button(help_now.BUTTON_WHO_SEES, "who_sees")
    safe = Button(help_now.BUTTON_SAFE, "safe")
    if turn.person is None or turn.caller.is_staff:
        return ((safe, sees),)
    return ((Button(help_now.BUTTON_CALL_ME, "call:0"),), (safe, sees))


def who_sees(turn: Turn) -> None:
    """Who reads this chat."""
    if turn.person is None:
        turn.say(Message(help_now.who_sees(Told.NOBODY_GUEST)))
        return
    turn.say(Message(help_now.who_sees(Told.ADVISER, adviser=wordings.adviser_name(turn.desk, turn.person))))


def safe_for_now(turn: Turn) -> None:
    """They say they are safe for now: thanked, and nothing is closed by it."""
    turn.say(Message(help_now.SAFE_FOR_NOW))
