"""One update being answered: what was said, who said it, and the ways to answer.

Every handler is a plain function `act(turn) -> None` inside one Unit. It reads the turn, calls casework, and says the
reply, which is an outbox row in the same commit. So a handler makes exactly one write by construction, can be run
again safely, and never waits for anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any

from telegram import Update
from telegram.ext import CallbackContext

from casework import outgoing
from casework.caller import Caller, Person
from casework.desk import Desk, Office
from content.message import Message
from rules.sending import Kind
from rules.wallclock import local_date


@dataclass(slots=True)
class Turn:
    """What was said and who said it.

    `text` is what they typed (a command without its slash-word). `verb` and `data` are the parts of a pressed button,
    and `pressed` the id of the message it was on. `member_status` is what the bot became in a chat ("kicked"). `seq` is
    the update's place in the inbox, which keys the answers.
    """

    desk: Desk
    caller: Caller
    seq: int
    text: str = ""
    verb: str = ""
    data: tuple[str, ...] = ()
    pressed: int | None = None
    member_status: str = ""
    answers: int = 0

    @property
    def office(self) -> Office:
        """The council's and the service's settings."""
        return self.desk.office

    @property
    def today(self) -> date:
        """Today in England."""
        return local_date(self.desk.now)

    @property
    def person(self) -> Person | None:
        """The caller when they have joined."""
        return self.caller.person

    def say(self, message: Message, *, kind: Kind = Kind.REPLY) -> None:
        """Answer with a new message."""
        outgoing.reply(self.desk, self.caller, self._key(), message, kind=kind, name=kind.value)

    def change(self, message: Message) -> None:
        """Answer by changing the message whose button was pressed; with no such message, by a new one."""
        if self.pressed is None:
            self.say(message)
            return
        outgoing.edit(self.desk, self.caller, self._key(), self.pressed, message)

    def clear_buttons(self) -> None:
        """Take the buttons off the message that was pressed."""
        if self.pressed is not None:
            outgoing.clear_buttons(self.desk, self.caller, self._key(), self.pressed)

    def number(self, index: int) -> int:
        """Part `index` of the button's data as a number; -1, which is nobody, when it is not one."""
        part = self.data[index] if index < len(self.data) else ""
        return int(part) if part.isascii() and part.isdigit() and len(part) < 19 else -1

    def _key(self) -> str:
        self.answers += 1
        return f"reply:{self.seq}:{self.answers}"


Act = Callable[[Turn], None]
Answer = Callable[[Update, Act], Awaitable[None]]
Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]
ANSWER = "answer"


def handles(act: Act) -> Callback:
    """`act` as python-telegram-bot calls it. The one write is made by what `bot/` left under ANSWER."""

    async def callback(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        answer: Answer = context.bot_data[ANSWER]
        await answer(update, act)

    return callback


def turn_of(update: Update, desk: Desk, caller: Caller, seq: int) -> Turn:
    """What this update says, as a turn."""
    turn = Turn(desk, caller, seq)
    if update.callback_query is not None:
        query = update.callback_query
        turn.verb, *data = (query.data or "").split(":")
        turn.data = tuple(data)
        turn.pressed = None if query.message is None else query.message.message_id
    elif update.my_chat_member is not None:
        turn.member_status = str(update.my_chat_member.new_chat_member.status)
    elif update.effective_message is not None:
        turn.text = _without_command(update.effective_message.text or update.effective_message.caption or "")
    return turn


def _without_command(text: str) -> str:
    if not text.startswith("/"):
        return text.strip()
    _, _, rest = text.partition(" ")
    return rest.strip()
