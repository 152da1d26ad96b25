"""Photos, stickers and voice messages: kindly, that they are not kept, and what to do instead.

The words under them are read like any others for danger, and help comes first.
"""

from __future__ import annotations

from casework import wordings
from content.message import Message
from content.words import words
from handlers.help import help_if_serious
from handlers.turn import Turn


def photo(turn: Turn) -> None:
    """A photo or a file."""
    _not_kept(turn, "photo")


def voice(turn: Turn) -> None:
    """A voice message: nobody will hear it."""
    _not_kept(turn, "voice")


def sticker(turn: Turn) -> None:
    """A sticker or a moving picture."""
    help_if_serious(turn)
    turn.say(Message(words("sorry.sticker")))


def _not_kept(turn: Turn, what: str) -> None:
    help_if_serious(turn)
    if turn.person is None or turn.caller.is_staff:
        turn.say(Message(words(f"sorry.{what}_guest")))
        return
    turn.say(Message(words(f"sorry.{what}", adviser=wordings.adviser_name(turn.desk, turn.person))))
