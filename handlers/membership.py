"""The bot is blocked, let back in, or put into a group; and updates that ask for no answer."""

from __future__ import annotations

from casework import reachability
from content.message import Message
from content.words import words
from handlers.turn import Turn


def changed(turn: Turn) -> None:
    """They blocked the bot, or took the block away. Nothing is said: they would not see it, or did not ask."""
    if turn.person is None:
        return
    if turn.member_status in ("kicked", "left"):
        reachability.lost(turn.desk, turn.person.id, "blocked")
    elif turn.member_status == "member":
        reachability.found(turn.desk, turn.person)


def in_group(turn: Turn) -> None:
    """Someone wrote in a group: we only talk where nobody else can read."""
    turn.say(Message(words("sorry.group")))


def nothing(turn: Turn) -> None:
    """An update that needs no answer, such as a reaction."""
