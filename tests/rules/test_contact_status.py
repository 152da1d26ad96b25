"""How a person stands against the council's floor."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contact_status import ContactState, contact_status, due_soon_before_utc, over_before_utc

CONTACT = datetime(2027, 6, 1, 13, 0, tzinfo=UTC)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("now", "days_over", "state"),
    [
        (datetime(2027, 6, 1, 13, tzinfo=UTC), 0, ContactState.IN_TOUCH),
        (datetime(2027, 7, 19, 22, 59, tzinfo=UTC), 0, ContactState.IN_TOUCH),
        (datetime(2027, 7, 19, 23, 0, tzinfo=UTC), 0, ContactState.DUE_SOON),
        (datetime(2027, 7, 27, 22, 59, tzinfo=UTC), 0, ContactState.DUE_SOON),
        (datetime(2027, 7, 27, 23, 0, tzinfo=UTC), 1, ContactState.OVER),
        (datetime(2027, 8, 7, 12, tzinfo=UTC), 11, ContactState.OVER),
    ],
)
def test_eight_weeks(now: datetime, days_over: int, state: ContactState) -> None:
    """The day itself still counts; the day after, by the wall, is one day over."""
    status = contact_status(CONTACT, now)
    assert (status.days_over, status.state) == (days_over, state)
    assert status.next_due_date == date(2027, 7, 27)
    assert status.next_due_utc == datetime(2027, 7, 27, 16, 0, tzinfo=UTC)


def test_never() -> None:
    """Someone never contacted says so, and is over all the same once the floor has passed since joining."""
    now = datetime(2027, 8, 7, 12, tzinfo=UTC)
    assert contact_status(None, now).state is ContactState.NEVER
    assert contact_status(None, now).next_due_utc is None
    waiting = contact_status(None, now, joined_utc=CONTACT)
    assert (waiting.state, waiting.days_over) == (ContactState.NEVER, 11)


@given(instants, instants, st.integers(8, 120))
def test_a_query_and_the_rule_agree(last: datetime, now: datetime, floor_days: int) -> None:
    """The bounds an indexed query uses pick exactly the people the rule calls over, and over or due soon."""
    state = contact_status(last, now, floor_days).state
    assert (last < over_before_utc(now, floor_days)) == (state is ContactState.OVER)
    assert (last < due_soon_before_utc(now, floor_days)) == (state is not ContactState.IN_TOUCH)
