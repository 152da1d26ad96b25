"""Two clocks, never mixed: when they last *replied* to the bot, and when there was last a meaningful human *contact*.

The table is the whole rule. A third column says what the event does to the ladder of silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """Everything that could touch a clock. *Tried* and *sent* are ours alone; *reply* and *spoke* are both of us."""

    CHECK_IN_ANSWERED = "check_in_answered"
    CHECK_IN_SKIPPED = "check_in_skipped"
    MESSAGE_TO_BOT = "message_to_bot"
    MESSAGE_TO_ADVISER = "message_to_adviser"
    CHAT_BOTH_WAYS = "chat_both_ways"
    CALL_SPOKE = "call_spoke"
    CALL_TRIED = "call_tried"
    VISIT = "visit"
    VISIT_TRIED = "visit_tried"
    TEXT_REPLY = "text_reply"
    TEXT_SENT = "text_sent"
    EMAIL_REPLY = "email_reply"
    EMAIL_SENT = "email_sent"
    LETTER_REPLY = "letter_reply"
    LETTER_SENT = "letter_sent"
    SEEN = "seen"
    PAUSED = "paused"
    STOPPED = "stopped"
    SEND_REFUSED = "send_refused"
    SEND_UNKNOWN = "send_unknown"
    OUR_OUTAGE = "our_outage"


class Effect(StrEnum):
    """On a clock: it starts again; it stands still, because their silence means nothing now; or nothing."""

    RESETS = "resets"
    HOLDS = "holds"
    LEAVES = "leaves"


class OnLadder(StrEnum):
    """On the ladder of silence: over; stands on its step; or climbs on."""

    STOPS = "stops"
    HOLDS = "holds"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class Effects:
    """One row of the table."""

    last_reply: Effect
    last_contact: Effect
    ladder: OnLadder


_REPLIED = Effects(Effect.RESETS, Effect.LEAVES, OnLadder.STOPS)
_IN_CHAT = Effects(Effect.RESETS, Effect.RESETS, OnLadder.STOPS)
_IN_TOUCH = Effects(Effect.HOLDS, Effect.RESETS, OnLadder.STOPS)
_TRIED = Effects(Effect.LEAVES, Effect.LEAVES, OnLadder.GOES_ON)
_THEIR_CHOICE = Effects(Effect.HOLDS, Effect.LEAVES, OnLadder.STOPS)
_WE_FAILED = Effects(Effect.HOLDS, Effect.LEAVES, OnLadder.HOLDS)

TABLE: dict[Event, Effects] = {
    Event.CHECK_IN_ANSWERED: _REPLIED,
    Event.CHECK_IN_SKIPPED: _REPLIED,
    Event.MESSAGE_TO_BOT: _REPLIED,
    # One-way until the adviser answers: writing to someone is not yet being in touch with them.
    Event.MESSAGE_TO_ADVISER: _REPLIED,
    Event.CHAT_BOTH_WAYS: _IN_CHAT,
    Event.CALL_SPOKE: _IN_TOUCH,
    Event.VISIT: _IN_TOUCH,
    Event.TEXT_REPLY: _IN_TOUCH,
    Event.EMAIL_REPLY: _IN_TOUCH,
    Event.LETTER_REPLY: _IN_TOUCH,
    # Seen in passing: we know they are there, so nobody need chase; it is not a conversation, so the duty runs on.
    Event.SEEN: Effects(Effect.HOLDS, Effect.LEAVES, OnLadder.STOPS),
    Event.CALL_TRIED: _TRIED,
    Event.VISIT_TRIED: _TRIED,
    Event.TEXT_SENT: _TRIED,
    Event.EMAIL_SENT: _TRIED,
    Event.LETTER_SENT: _TRIED,
    Event.PAUSED: _THEIR_CHOICE,
    Event.STOPPED: _THEIR_CHOICE,
    Event.SEND_REFUSED: _WE_FAILED,
    Event.SEND_UNKNOWN: _WE_FAILED,
    Event.OUR_OUTAGE: _WE_FAILED,
}


class Channel(StrEnum):
    """How a contact was made, as an adviser logs it, in the order offered."""

    CALL = "call"
    VISIT = "visit"
    TEXT = "text"
    CHAT = "chat"
    EMAIL = "email"
    LETTER = "letter"
    SEEN = "seen"


class Heard(StrEnum):
    """Whether both sides were there. *Spoke* is any real exchange, written ones too; *tried* is ours alone."""

    SPOKE = "spoke"
    TRIED = "tried"


_LOGGED: dict[Channel, tuple[Event, Event]] = {
    Channel.CALL: (Event.CALL_SPOKE, Event.CALL_TRIED),
    Channel.VISIT: (Event.VISIT, Event.VISIT_TRIED),
    Channel.TEXT: (Event.TEXT_REPLY, Event.TEXT_SENT),
    Channel.CHAT: (Event.CHAT_BOTH_WAYS, Event.TEXT_SENT),
    Channel.EMAIL: (Event.EMAIL_REPLY, Event.EMAIL_SENT),
    Channel.LETTER: (Event.LETTER_REPLY, Event.LETTER_SENT),
    Channel.SEEN: (Event.SEEN, Event.SEEN),
}


def event_of(channel: Channel, heard: Heard) -> Event:
    """The event a logged contact is, for the table."""
    spoke, tried = _LOGGED[channel]
    return spoke if heard is Heard.SPOKE else tried


@dataclass(frozen=True, slots=True)
class Clocks:
    """When each clock last started again; None is never."""

    last_reply_utc: datetime | None = None
    last_contact_utc: datetime | None = None


def is_contact(event: Event) -> bool:
    """Whether this was a meaningful human contact, in the council's sense."""
    return TABLE[event].last_contact is Effect.RESETS


def stops_ladder(event: Event) -> bool:
    """Whether the ladder of silence is over, with an all-clear to whoever was told."""
    return TABLE[event].ladder is OnLadder.STOPS


def after_event(clocks: Clocks, event: Event, at_utc: datetime) -> Clocks:
    """Both clocks after something that happened at `at_utc`. Logged late, it never turns a clock back."""
    effects = TABLE[event]
    return Clocks(
        _started_again(clocks.last_reply_utc, effects.last_reply, at_utc),
        _started_again(clocks.last_contact_utc, effects.last_contact, at_utc),
    )


def _started_again(last_utc: datetime | None, effect: Effect, at_utc: datetime) -> datetime | None:
    if effect is not Effect.RESETS:
        return last_utc
    return at_utc if last_utc is None else max(last_utc, at_utc)
