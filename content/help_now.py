"""What we say when someone may be in danger. Nothing here reads a file, so nothing here can fail to load.

Must stay true:
* every number is one that `helplines.toml` serves today (a test compares them);
* a sentence about who was told is chosen by the caller from what this commit really did (`Told`);
* an empty value drops its sentence: help is shown with whatever we know.
"""

from __future__ import annotations

import html
from enum import StrEnum

NUMBERS = {
    "emergency-services": "999",
    "nhs-111": "111",
    "samaritans": "116 123",
    "shout": "85258",
    "childline": "0800 1111",
}

GLAD = "I'm really glad you told me. You don't have to deal with this on your own."
HERE = "Here is help you can have now."
DANGER = (
    "If you might hurt yourself now, you've taken something, or you're in danger: "
    f"ring <b>{NUMBERS['emergency-services']}</b>."
)
TALK = (
    f"To talk to someone at any time, free: Samaritans <b>{NUMBERS['samaritans']}</b>, "
    f"or text <b>SHOUT</b> to <b>{NUMBERS['shout']}</b>. NHS <b>{NUMBERS['nhs-111']}</b>, option 2, "
    f"for urgent mental health help. Under 19: Childline <b>{NUMBERS['childline']}</b>."
)
AUTOMATIC = "I'm an automatic service, so I can't talk this through."
NOT_JOINED = "You haven't joined, so no adviser sees this chat. You can ring any of these without giving your name."
NOT_SURE = (
    "Something is wrong on our side, so I can't be sure anyone at the council will see your message. Please ring."
)
TELEGRAM = "Telegram can technically read it too. Samaritans, Shout and NHS 111 are separate: they don't see this chat."
SAFE_FOR_NOW = (
    "Thank you for telling me. The numbers above stay here, day and night. You can press Help now at any time."
)

BUTTON = "Help now"
BUTTON_CALL_ME = "Call me"
BUTTON_SAFE = "I'm safe for now"
BUTTON_WHO_SEES = "Who sees this?"
BUTTON_TONIGHT = "Nowhere to sleep tonight"


class Told(StrEnum):
    """Who is being told by the same commit that shows this text."""

    NOBODY_GUEST = "nobody, they have not joined"
    UNSURE = "we cannot tell, something failed"
    NOBODY = "nobody, they opened the page themselves"
    ADVISER = "their adviser"
    DUTY = "the duty team"
    ADVISER_AND_DUTY = "their adviser and the duty team"


def text(
    told: Told,
    *,
    they_wrote: bool = False,
    council: str = "",
    duty_number: str = "",
    duty_hours: str = "",
    adviser: str = "",
    adviser_back: str = "",
) -> str:
    """Telegram HTML for the help page.

    `they_wrote` is True when their own words led here, False when they pressed the button.
    `duty_hours` is like `Monday to Friday, 9am to 5pm`. `adviser_back` is like `9 tomorrow`, and empty when they are
    at work or we do not know.
    """
    opening = GLAD if they_wrote else HERE
    council_lines = (_who(told, adviser), _when(told, adviser, adviser_back), _duty(council, duty_number, duty_hours))
    return "\n".join([opening, DANGER, TALK, " ".join(filter(None, council_lines))])


def who_sees(told: Told, *, adviser: str = "", covers: str = "") -> str:
    """The answer to "Who sees this?": `covers` names who else may open the chat's record, like `Jo's manager`."""
    if told is Told.NOBODY_GUEST:
        return NOT_JOINED
    readers = f"{_safe(adviser, 'your adviser')}, their manager and whoever covers for them"
    if covers:
        readers = f"{_safe(adviser, 'your adviser')} and {_safe(covers)}"
    return f"What you write here can be read by {readers}. {TELEGRAM}"


def _who(told: Told, adviser: str) -> str:
    name = _safe(adviser, "your adviser")
    match told:
        case Told.NOBODY_GUEST:
            return NOT_JOINED
        case Told.UNSURE:
            return f"{NOT_SURE} {AUTOMATIC}"
        case Told.NOBODY:
            return f"{AUTOMATIC} Opening this page doesn't send a message to anyone."
        case Told.ADVISER:
            return f"I'm sending your message to {name}. {AUTOMATIC}"
        case Told.DUTY:
            return f"I'm sending your message to the duty team. {AUTOMATIC}"
        case Told.ADVISER_AND_DUTY:
            return f"I'm sending your message to {name} and the duty team. {AUTOMATIC}"


def _when(told: Told, adviser: str, adviser_back: str) -> str:
    if not adviser_back or told not in (Told.ADVISER, Told.ADVISER_AND_DUTY):
        return ""
    name = _safe(adviser, "Your adviser")
    return f"{name} may not read it before {_safe(adviser_back)}."


def _duty(council: str, duty_number: str, duty_hours: str) -> str:
    if not duty_number:
        return ""
    hours = f" ({_safe(duty_hours)})" if duty_hours else ""
    return f"{_safe(council, 'The council')}'s duty team is on <b>{_safe(duty_number)}</b>{hours}."


def _safe(value: str, instead: str = "") -> str:
    return html.escape(" ".join(value.split()) or instead, quote=False)
