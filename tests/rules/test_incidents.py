"""Incidents: how they move, who is told at night, and what closes them by itself."""

from __future__ import annotations

from itertools import product

import pytest

from rules.clocks import Event
from rules.incidents import Cause, CloseOutcome, IncidentState, endings, ends_itself, may_become

OPEN, ACKNOWLEDGED, CLOSED = IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.CLOSED
ALLOWED = {(OPEN, ACKNOWLEDGED), (OPEN, CLOSED), (ACKNOWLEDGED, OPEN), (ACKNOWLEDGED, CLOSED)}


@pytest.mark.parametrize(("state", "new"), list(product(IncidentState, repeat=2)))
def test_transitions(state: IncidentState, new: IncidentState) -> None:
    """A closed incident stays closed; an acknowledged one can be opened again."""
    assert may_become(state, new) == ((state, new) in ALLOWED)


def test_only_a_possible_risk_is_told_at_night() -> None:
    """Staff are woken for one cause alone."""
    assert [cause for cause in Cause if cause.is_urgent] == [Cause.POSSIBLE_RISK]


@pytest.mark.parametrize("cause", Cause)
def test_closing_needs_an_outcome(cause: Cause) -> None:
    """Each cause offers at least three endings, none twice, and none that only the service may give."""
    automatic = {
        CloseOutcome.CONTACT_LOGGED,
        CloseOutcome.REPLIED,
        CloseOutcome.REACHABLE_AGAIN,
        CloseOutcome.PERSON_LEFT,
    }
    offered = endings(cause)
    assert len(offered) == len(set(offered)) >= 3
    assert not automatic & set(offered)


@pytest.mark.parametrize(
    ("cause", "event", "past_floor", "outcome"),
    [
        (Cause.MISSING_CONTACT, Event.CALL_SPOKE, True, CloseOutcome.CONTACT_LOGGED),
        (Cause.MISSING_CONTACT, Event.VISIT, False, CloseOutcome.CONTACT_LOGGED),
        (Cause.MISSING_CONTACT, Event.CHECK_IN_ANSWERED, False, CloseOutcome.REPLIED),
        (Cause.MISSING_CONTACT, Event.CHECK_IN_ANSWERED, True, None),
        (Cause.MISSING_CONTACT, Event.CALL_TRIED, False, None),
        (Cause.MISSING_CONTACT, Event.PAUSED, False, None),
        (Cause.CANNOT_REACH, Event.MESSAGE_TO_BOT, True, CloseOutcome.REACHABLE_AGAIN),
        (Cause.CANNOT_REACH, Event.VISIT, True, None),
        (Cause.UNKNOWN_SEND, Event.CHECK_IN_ANSWERED, False, CloseOutcome.REPLIED),
        (Cause.UNKNOWN_SEND, Event.CALL_SPOKE, False, CloseOutcome.CONTACT_LOGGED),
        (Cause.ASKED_FOR_CALL, Event.CALL_SPOKE, False, CloseOutcome.CONTACT_LOGGED),
        (Cause.ASKED_FOR_CALL, Event.MESSAGE_TO_BOT, False, None),
    ],
)
def test_what_closes_itself(cause: Cause, event: Event, past_floor: bool, outcome: CloseOutcome | None) -> None:
    """An incident ends when its cause does; past the floor only a real contact will do."""
    assert ends_itself(cause, event, past_floor) == outcome


@pytest.mark.parametrize("event", Event)
def test_people_close_what_people_must(event: Event) -> None:
    """Nothing closes a possible risk or a low answer but a person's own decision."""
    for cause in (Cause.POSSIBLE_RISK, Cause.LOW_WELLBEING):
        assert ends_itself(cause, event, past_floor=False) is None
