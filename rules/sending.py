"""How each kind of message fails, written once.

    pending ──claim──► claimed ──► sent | refused | expired | unknown | withdrawn
       ▲                  │
       └── try again at ──┘

Sentences that must stay true:
- `sendMessage` has no idempotency key, so when a request may have left and no answer came, nobody can know.
- What we started is then never sent again: it is held as *unknown* and shown, and the ladder does not call it silence.
- A reply is repeated once. Help and alerts are repeated until confirmed.
- Only help that may not have arrived tells the duty worker; a failing alert never raises another alert.
- A 429 is obeyed to the second and costs no attempt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never


class Kind(StrEnum):
    """Why a message is sent, which is also how it may fail."""

    STARTED = "started"
    REPLY = "reply"
    HELP = "help"
    ALERT = "alert"

    @property
    def priority(self) -> int:
        """Lower is sent first: help, then alerts, then replies, then what we start."""
        return _PRIORITY[self]


_PRIORITY = {Kind.HELP: 0, Kind.ALERT: 1, Kind.REPLY: 2, Kind.STARTED: 3}


class OutboxState(StrEnum):
    """Where an outgoing row stands. Everything but pending and claimed is final."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """Whether nothing further will happen to the row."""
        return self not in (OutboxState.PENDING, OutboxState.CLAIMED)


class RefusedReason(StrEnum):
    """Why Telegram said no for good."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    CHAT_NOT_FOUND = "chat_not_found"
    BAD_REQUEST = "bad_request"


class MootWhen(StrEnum):
    """What makes a waiting message pointless if it happens after the message was written."""

    NEVER = "never"
    REPLIED = "replied"
    CONTACTED = "contacted"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """What the rules need of an outbox row.

    `not_after_utc` None is never too late, which is for replies and help; what we start always has one.
    `attempts` counts tries that failed, 429s not among them; `unknowns` counts those of them that may have arrived.
    Both are stored: without the second, a reply that failed twice to leave would look as if it had been repeated.
    `urgent` lets an alert through outside working hours. `moot_when` is about the person the message concerns.
    """

    kind: Kind
    written_utc: datetime
    not_after_utc: datetime | None
    attempts: int
    unknowns: int
    urgent: bool = False
    moot_when: MootWhen = MootWhen.NEVER

    def __post_init__(self) -> None:
        if self.kind is Kind.STARTED and self.not_after_utc is None:
            raise ValueError("what we start needs a time after which it is too late")

    def is_late(self, at_utc: datetime) -> bool:
        """Whether sending at `at_utc` would be too late; the last instant itself is still in time."""
        return self.not_after_utc is not None and at_utc > self.not_after_utc


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram confirmed it, under this message id."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Retry:
    """It certainly did not arrive. `after_s` is Telegram's own wait; `slows_all` says the whole bot must wait (429)."""

    after_s: float | None = None
    slows_all: bool = False

    @property
    def is_flood_control(self) -> bool:
        """Whether Telegram asked us to slow down, which is not a failure of this message."""
        return self.slows_all or self.after_s is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will not take it, now or later."""

    reason: RefusedReason


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request may have left and no answer came."""


Outcome = Sent | Retry | Refused | Unknown


class Reason(StrEnum):
    """Why a row ended without being sent, or why it waits. The words for each are content's."""

    TOO_LATE = "too_late"
    NO_ANSWER = "no_answer"
    SLOWED = "slowed"
    NOT_DELIVERED = "not_delivered"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    CHAT_NOT_FOUND = "chat_not_found"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write on the row, and who else must hear of it.

    `due_utc` is set exactly when `state` is pending; `reason` is None only when it was sent. `attempts` and `unknowns`
    are the counts to store. `hold_and_show`: the worker sees it on the dashboard. `tell_duty`: the duty worker is
    alerted (keyed by this message, so once). `mark_unreachable`: a cannot-reach incident is opened or kept.
    `slow_all_until_utc`: nobody is sent anything before then.
    """

    state: OutboxState
    attempts: int
    unknowns: int
    reason: Reason | None = None
    due_utc: datetime | None = None
    message_id: int | None = None
    hold_and_show: bool = False
    tell_duty: bool = False
    mark_unreachable: bool = False
    slow_all_until_utc: datetime | None = None


REPLY_AGAIN_AFTER = timedelta(seconds=10)
# With a send timeout of at most 10 s these keep five tries of a help message inside two minutes.
HELP_AGAIN_AFTER = tuple(timedelta(seconds=wait) for wait in (5, 10, 20, 30))
HELP_TRIES = len(HELP_AGAIN_AFTER) + 1
HELP_WITHIN = timedelta(minutes=2)
ALERT_FIRST_WAIT = timedelta(seconds=30)
ALERT_LONGEST_WAIT = timedelta(minutes=15)
RETRY_LONGEST_WAIT = timedelta(seconds=60)
FLOOD_WITHOUT_A_WAIT = timedelta(seconds=5)


def after_outcome(message: WaitingMessage, outcome: Outcome, now: datetime) -> Verdict:
    """What becomes of a claimed row once its send has ended this way."""
    match outcome:
        case Sent():
            return Verdict(OutboxState.SENT, message.attempts, message.unknowns, message_id=outcome.message_id)
        case Retry():
            return _after_retry(message, outcome, now)
        case Refused():
            return _after_refusal(message, outcome)
        case Unknown():
            return _after_unknown(message, now)
        case _:
            assert_never(outcome)


def after_crash(message: WaitingMessage, now: datetime) -> Verdict:
    """What becomes of a row found claimed at start-up: its request may have left, so it is unknown."""
    return _after_unknown(message, now)


def may_count_as_silence(state: OutboxState) -> bool:
    """Whether no answer to a check-in in this state says anything about the person: only if it surely arrived."""
    return state is OutboxState.SENT


def _after_refusal(message: WaitingMessage, refused: Refused) -> Verdict:
    ours = refused.reason is RefusedReason.BAD_REQUEST
    return Verdict(
        OutboxState.REFUSED,
        message.attempts + 1,
        message.unknowns,
        Reason(refused.reason.value),
        hold_and_show=ours or message.kind is Kind.ALERT,
        tell_duty=message.kind is Kind.HELP,
        mark_unreachable=not ours,
    )


def _after_retry(message: WaitingMessage, retry: Retry, now: datetime) -> Verdict:
    if retry.is_flood_control:
        wait = FLOOD_WITHOUT_A_WAIT if retry.after_s is None else timedelta(seconds=max(0.0, retry.after_s))
        verdict = _again(message, now, wait, Reason.SLOWED)
        return replace(verdict, slow_all_until_utc=now + wait if retry.slows_all else None)
    wait = _doubling(timedelta(seconds=1), message.attempts, RETRY_LONGEST_WAIT)
    return _again(replace(message, attempts=message.attempts + 1), now, wait, Reason.NOT_DELIVERED)


def _after_unknown(message: WaitingMessage, now: datetime) -> Verdict:
    wait = _wait_after_unknown(message)
    tried = replace(message, attempts=message.attempts + 1, unknowns=message.unknowns + 1)
    return _ended(tried, Reason.NO_ANSWER) if wait is None else _again(tried, now, wait, Reason.NO_ANSWER)


def _wait_after_unknown(message: WaitingMessage) -> timedelta | None:
    """How long before the same words may be sent again; None is never. `message` is as it was before this try."""
    match message.kind:
        case Kind.STARTED:
            return None
        case Kind.REPLY:
            return REPLY_AGAIN_AFTER if message.unknowns == 0 else None
        case Kind.HELP:
            return HELP_AGAIN_AFTER[message.unknowns] if message.unknowns < HELP_TRIES - 1 else None
        case Kind.ALERT:
            return _doubling(ALERT_FIRST_WAIT, message.unknowns, ALERT_LONGEST_WAIT)
        case _:
            assert_never(message.kind)


def _again(message: WaitingMessage, now: datetime, wait: timedelta, reason: Reason) -> Verdict:
    """Pending until `now + wait`, or over already if that is too late. `message` carries the counts to store."""
    due_utc = now + wait
    if message.is_late(due_utc):
        return _ended(message, Reason.TOO_LATE)
    late_help = message.kind is Kind.HELP and (
        message.attempts >= HELP_TRIES or due_utc - message.written_utc > HELP_WITHIN
    )
    return Verdict(
        OutboxState.PENDING, message.attempts, message.unknowns, reason, due_utc=due_utc, tell_duty=late_help
    )


def _ended(message: WaitingMessage, reason: Reason) -> Verdict:
    # A try that may have arrived makes the row unknown for ever, whatever the later ones did.
    state = OutboxState.UNKNOWN if message.unknowns else OutboxState.EXPIRED
    return Verdict(
        state,
        message.attempts,
        message.unknowns,
        reason,
        hold_and_show=state is OutboxState.UNKNOWN or message.kind is not Kind.STARTED,
        tell_duty=message.kind is Kind.HELP,
    )


def _doubling(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(longest, first * (1 << min(times, 16)))
