"""The two clocks: each event has one row in the table, and each cell does what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clocks import TABLE, Channel, Clocks, Event, Heard, after_event, event_of, is_contact, stops_ladder

THEN = datetime(2027, 1, 5, 12, tzinfo=UTC)
NOW = THEN + timedelta(days=3)

# event: reply clock, contact clock, ladder, in the letters R(esets) H(olds) L(eaves) and S(tops) H(olds) G(oes on)
EXPECTED = {
    "check_in_answered": "RLS",
    "check_in_skipped": "RLS",
    "message_to_bot": "RLS",
    "message_to_adviser": "RLS",
    "chat_both_ways": "RRS",
    "call_spoke": "HRS",
    "call_tried": "LLG",
    "visit": "HRS",
    "visit_tried": "LLG",
    "text_reply": "HRS",
    "text_sent": "LLG",
    "email_reply": "HRS",
    "email_sent": "LLG",
    "letter_reply": "HRS",
    "letter_sent": "LLG",
    "seen": "HLS",
    "paused": "HLS",
    "stopped": "HLS",
    "send_refused": "HLH",
    "send_unknown": "HLH",
    "our_outage": "HLH",
}


@pytest.mark.parametrize("event", Event)
def test_each_cell(event: Event) -> None:
    """Each event moves exactly the clocks its row says, and no other."""
    reply, contact, ladder = tuple(EXPECTED[event.value])
    row = TABLE[event]
    assert (row.last_reply[0].upper(), row.last_contact[0].upper(), row.ladder[0].upper()) == (reply, contact, ladder)
    clocks = after_event(Clocks(THEN, THEN), event, NOW)
    assert clocks == Clocks(NOW if reply == "R" else THEN, NOW if contact == "R" else THEN)
    assert is_contact(event) == (contact == "R")
    assert stops_ladder(event) == (ladder == "S")


def test_the_table_is_whole() -> None:
    """Every event has a row here and in the rules."""
    assert set(TABLE) == set(Event)
    assert set(EXPECTED) == {event.value for event in Event}


def test_the_bot_never_counts_as_contact() -> None:
    """Nothing a person says to the bot alone is a meaningful human contact."""
    to_the_bot = (Event.CHECK_IN_ANSWERED, Event.CHECK_IN_SKIPPED, Event.MESSAGE_TO_BOT, Event.MESSAGE_TO_ADVISER)
    assert not any(is_contact(event) for event in to_the_bot)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.tuples(st.sampled_from(Event), moments), max_size=12))
def test_order_of_logging_does_not_matter(events: list[tuple[Event, datetime]]) -> None:
    """Logged late or in any order, the clocks end the same, and never turn back."""
    forwards = backwards = Clocks()
    for event, at_utc in events:
        forwards = after_event(forwards, event, at_utc)
    for event, at_utc in reversed(events):
        backwards = after_event(backwards, event, at_utc)
    assert forwards == backwards


def test_what_an_adviser_logs() -> None:
    """Every channel, spoken or tried, is one event; only a real exchange is a contact, and being seen is not one."""
    for channel in Channel:
        assert not is_contact(event_of(channel, Heard.TRIED))
        assert is_contact(event_of(channel, Heard.SPOKE)) == (channel is not Channel.SEEN)
