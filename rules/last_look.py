"""The look at the person inside the claim, just before a message leaves. Every kind of message passes it.

Stop, pause and leaving beat anything already queued. Answers to what someone just wrote, and help, pass all but
erasure: they wrote first, so they are there and they want an answer.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.quiet import NO_HOLIDAYS, QUIET_HOURS, QuietHours, next_allowed, next_working
from rules.sending import Kind, MootWhen, WaitingMessage
from rules.wallclock import LONDON


class Standing(StrEnum):
    """Where a person stands with the service. A guest has no record; an invited one has not joined yet."""

    GUEST = "guest"
    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class RecipientState:
    """The person a message goes to, as they are now.

    `paused_until_utc` is the end of their pause; one already past is no pause. The two `last_…` are of the person the
    message is *about*: the same person for a check-in, the care leaver for an alert to their adviser.
    """

    standing: Standing = Standing.ACTIVE
    stopped: bool = False
    paused_until_utc: datetime | None = None
    unreachable: bool = False
    last_reply_utc: datetime | None = None
    last_contact_utc: datetime | None = None
    zone: str = LONDON
    quiet: QuietHours = QUIET_HOURS


class Held(StrEnum):
    """Why a message did not go at this look."""

    ERASED = "erased"
    LEFT = "left"
    NOT_JOINED = "not_joined"
    STOPPED = "stopped"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    REPLIED = "replied_meanwhile"
    CONTACTED = "contact_meanwhile"
    QUIET_HOURS = "quiet_hours"
    OUT_OF_HOURS = "out_of_hours"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Never send it. `hold_and_show` when it was an alert no worker will now get, so that somebody else is told."""

    reason: Held
    hold_and_show: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Put it back as pending until `due_utc`; this costs no attempt."""

    due_utc: datetime
    reason: Held


@dataclass(frozen=True, slots=True)
class Expire:
    """Too late to be worth sending. `tell_duty` when it was help; `hold_and_show` when a worker must know."""

    reason: Held
    tell_duty: bool = False
    hold_and_show: bool = False


Look = Go | Withdraw | Later | Expire


def look_again(
    message: WaitingMessage, person: RecipientState, now: datetime, holidays: Set[date] = NO_HOLIDAYS
) -> Look:
    """Whether this message may leave now. Called with the row claimed, inside the same transaction."""
    reason = _why_not(message, person, now)
    if reason is not None:
        moot = reason in (Held.REPLIED, Held.CONTACTED)
        return Withdraw(reason, hold_and_show=message.kind is Kind.ALERT and not moot)
    due_utc, held = _when(message, person, now, holidays)
    if message.is_late(max(now, due_utc)):
        return _expire(message, Held.TOO_LATE if due_utc <= now else held)
    return Later(due_utc, held) if due_utc > now else Go()


def _why_not(message: WaitingMessage, person: RecipientState, now: datetime) -> Held | None:
    if person.standing is Standing.ERASED:
        return Held.ERASED
    if message.kind in (Kind.REPLY, Kind.HELP):
        return None
    return _why_not_ours(message, person, now)


def _why_not_ours(message: WaitingMessage, person: RecipientState, now: datetime) -> Held | None:
    if person.standing is Standing.LEFT:
        return Held.LEFT
    if person.standing is not Standing.ACTIVE:
        return Held.NOT_JOINED
    if person.stopped:
        return Held.STOPPED
    if person.paused_until_utc is not None and now < person.paused_until_utc:
        return Held.PAUSED
    if person.unreachable:
        return Held.UNREACHABLE
    return _why_moot(message, person)


def _why_moot(message: WaitingMessage, person: RecipientState) -> Held | None:
    replied = message.moot_when in (MootWhen.REPLIED, MootWhen.EITHER)
    contacted = message.moot_when in (MootWhen.CONTACTED, MootWhen.EITHER)
    if contacted and _since(person.last_contact_utc, message.written_utc):
        return Held.CONTACTED
    if replied and _since(person.last_reply_utc, message.written_utc):
        return Held.REPLIED
    return None


def _since(happened_utc: datetime | None, written_utc: datetime) -> bool:
    return happened_utc is not None and happened_utc >= written_utc


def _when(message: WaitingMessage, person: RecipientState, now: datetime, holidays: Set[date]) -> tuple[datetime, Held]:
    if message.kind is Kind.STARTED:
        return next_allowed(now, person.zone, person.quiet), Held.QUIET_HOURS
    if message.kind is Kind.ALERT and not message.urgent:
        return next_working(now, person.zone, holidays), Held.OUT_OF_HOURS
    return now, Held.TOO_LATE


def _expire(message: WaitingMessage, reason: Held) -> Expire:
    return Expire(reason, message.kind is Kind.HELP, message.kind in (Kind.HELP, Kind.ALERT))
