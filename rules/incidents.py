"""Something a person should look at: one open incident per person per cause, and how it ends.

open ──► acknowledged ──► closed        an acknowledged one may be opened again (handed over, promise not kept)
  └──────────────────────► closed       a closed one never changes; a new happening is a new incident
"""

from __future__ import annotations

from enum import StrEnum

from rules.clocks import TABLE, Effect, Event, is_contact


class Cause(StrEnum):
    """Why somebody should look."""

    MISSING_CONTACT = "missing_contact"
    CANNOT_REACH = "cannot_reach"
    LOW_WELLBEING = "low_wellbeing"
    ASKED_FOR_CALL = "asked_for_call"
    POSSIBLE_RISK = "possible_risk"
    UNKNOWN_SEND = "unknown_send"

    @property
    def is_urgent(self) -> bool:
        """Whether staff are told at any hour."""
        return self is Cause.POSSIBLE_RISK


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class CloseOutcome(StrEnum):
    """How it ended; closing needs one. The last four are the service's own, never on a button."""

    SPOKE = "spoke"
    SAFE = "safe"
    PASSED_ON = "passed_on"
    CHOSE_NO_CONTACT = "chose_no_contact"
    FALSE_ALARM = "false_alarm"
    NEW_WAY_TO_REACH = "new_way_to_reach"
    IT_ARRIVED = "it_arrived"
    IT_DID_NOT_ARRIVE = "it_did_not_arrive"
    CONTACT_LOGGED = "contact_logged"
    REPLIED = "replied"
    REACHABLE_AGAIN = "reachable_again"
    PERSON_LEFT = "person_left"


_MAY_BECOME: dict[IncidentState, frozenset[IncidentState]] = {
    IncidentState.OPEN: frozenset({IncidentState.ACKNOWLEDGED, IncidentState.CLOSED}),
    IncidentState.ACKNOWLEDGED: frozenset({IncidentState.OPEN, IncidentState.CLOSED}),
    IncidentState.CLOSED: frozenset(),
}

_PEOPLE_ENDINGS = (CloseOutcome.SPOKE, CloseOutcome.SAFE, CloseOutcome.PASSED_ON, CloseOutcome.FALSE_ALARM)
_ENDINGS: dict[Cause, tuple[CloseOutcome, ...]] = {
    Cause.MISSING_CONTACT: (
        CloseOutcome.SPOKE,
        CloseOutcome.SAFE,
        CloseOutcome.CHOSE_NO_CONTACT,
        CloseOutcome.PASSED_ON,
        CloseOutcome.FALSE_ALARM,
    ),
    Cause.CANNOT_REACH: (CloseOutcome.SPOKE, CloseOutcome.NEW_WAY_TO_REACH, CloseOutcome.CHOSE_NO_CONTACT),
    Cause.LOW_WELLBEING: _PEOPLE_ENDINGS,
    Cause.ASKED_FOR_CALL: (CloseOutcome.SPOKE, CloseOutcome.PASSED_ON, CloseOutcome.FALSE_ALARM),
    Cause.POSSIBLE_RISK: _PEOPLE_ENDINGS,
    Cause.UNKNOWN_SEND: (CloseOutcome.IT_ARRIVED, CloseOutcome.IT_DID_NOT_ARRIVE, CloseOutcome.SPOKE),
}


def may_become(state: IncidentState, new: IncidentState) -> bool:
    """Whether an incident may go from `state` to `new`. Staying as it is is not a change and not allowed."""
    return new in _MAY_BECOME[state]


def endings(cause: Cause) -> tuple[CloseOutcome, ...]:
    """What a worker may choose when closing an incident of this cause, in the order offered."""
    return _ENDINGS[cause]


def ends_itself(cause: Cause, event: Event, past_floor: bool) -> CloseOutcome | None:
    """How an event closes an open incident of this cause without anyone's click, or None when it stays open.

    `past_floor` says whether the meaningful contact itself is overdue: then only a contact will do, a reply to the
    bot will not. A possible risk and a low answer are closed by people alone.
    """
    replied = TABLE[event].last_reply is Effect.RESETS
    if cause is Cause.MISSING_CONTACT:
        return _ends_missing(event, replied, past_floor)
    if cause is Cause.CANNOT_REACH and replied:
        return CloseOutcome.REACHABLE_AGAIN
    if cause is Cause.UNKNOWN_SEND and replied:
        return CloseOutcome.REPLIED
    if cause in (Cause.ASKED_FOR_CALL, Cause.UNKNOWN_SEND) and is_contact(event):
        return CloseOutcome.CONTACT_LOGGED
    return None


def _ends_missing(event: Event, replied: bool, past_floor: bool) -> CloseOutcome | None:
    if is_contact(event):
        return CloseOutcome.CONTACT_LOGGED
    return CloseOutcome.REPLIED if replied and not past_floor else None
