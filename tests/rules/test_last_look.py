"""The look at the person inside the claim: stop, pause and what happened meanwhile beat anything queued."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.last_look import Expire, Go, Held, Later, Look, RecipientState, Standing, Withdraw, look_again
from rules.quiet import QuietHours, is_quiet, is_working
from rules.sending import Kind, MootWhen, WaitingMessage

EVENING = datetime(2027, 1, 5, 17, 30, tzinfo=UTC)
NIGHT = datetime(2027, 1, 5, 23, 0, tzinfo=UTC)
MORNING = datetime(2027, 1, 6, 8, 0, tzinfo=UTC)
AT_WORK = datetime(2027, 1, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAM = RecipientState()


def message(kind: Kind, now: datetime, moot_when: MootWhen = MootWhen.EITHER, urgent: bool = False) -> WaitingMessage:
    """A row written an hour ago, good for another 20 hours."""
    return WaitingMessage(kind, now - HOUR, now + 20 * HOUR, 0, 0, urgent, moot_when)


STATES: dict[str, RecipientState] = {
    "active": SAM,
    "guest": replace(SAM, standing=Standing.GUEST),
    "invited": replace(SAM, standing=Standing.INVITED),
    "left": replace(SAM, standing=Standing.LEFT),
    "erased": replace(SAM, standing=Standing.ERASED),
    "stopped": replace(SAM, stopped=True),
    "paused": replace(SAM, paused_until_utc=EVENING + HOUR),
    "pause just over": replace(SAM, paused_until_utc=EVENING),
    "unreachable": replace(SAM, unreachable=True),
    "replied meanwhile": replace(SAM, last_reply_utc=EVENING - HOUR / 2),
    "replied before": replace(SAM, last_reply_utc=EVENING - 2 * HOUR),
    "contact meanwhile": replace(SAM, last_contact_utc=EVENING - HOUR / 2),
    "contact before": replace(SAM, last_contact_utc=EVENING - 2 * HOUR),
}
STARTED: dict[str, Held | None] = {
    "active": None,
    "guest": Held.NOT_JOINED,
    "invited": Held.NOT_JOINED,
    "left": Held.LEFT,
    "erased": Held.ERASED,
    "stopped": Held.STOPPED,
    "paused": Held.PAUSED,
    "pause just over": None,
    "unreachable": Held.UNREACHABLE,
    "replied meanwhile": Held.REPLIED,
    "replied before": None,
    "contact meanwhile": Held.CONTACTED,
    "contact before": None,
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", STATES)
def test_each_state_of_the_person(kind: Kind, state: str) -> None:
    """What we start and alerts yield to every state; replies and help yield only to erasure."""
    look = look_again(message(kind, EVENING, urgent=True), STATES[state], EVENING)
    answers = kind in (Kind.REPLY, Kind.HELP)
    held = STARTED[state] if not answers or state == "erased" else None
    if held is None:
        assert look == Go()
    else:
        assert isinstance(look, Withdraw)
        assert look.reason is held


def test_an_alert_no_worker_will_get_is_shown() -> None:
    """An alert withdrawn because of its worker is shown so that somebody else is told; a pointless one is not."""
    alert = message(Kind.ALERT, EVENING, urgent=True)
    assert look_again(alert, STATES["left"], EVENING) == Withdraw(Held.LEFT, hold_and_show=True)
    assert look_again(alert, STATES["contact meanwhile"], EVENING) == Withdraw(Held.CONTACTED)
    assert look_again(message(Kind.STARTED, EVENING), STATES["left"], EVENING) == Withdraw(Held.LEFT)


@pytest.mark.parametrize(
    ("moot_when", "replied", "contacted"),
    [
        (MootWhen.NEVER, False, False),
        (MootWhen.REPLIED, True, False),
        (MootWhen.CONTACTED, False, True),
        (MootWhen.EITHER, True, True),
    ],
)
def test_what_makes_a_message_pointless(moot_when: MootWhen, replied: bool, contacted: bool) -> None:
    """A message says which of the two clocks makes it pointless; the other one does not."""
    row = message(Kind.STARTED, EVENING, moot_when)
    looks = [look_again(row, STATES[state], EVENING) for state in ("replied meanwhile", "contact meanwhile")]
    assert [isinstance(look, Withdraw) for look in looks] == [replied, contacted]


@pytest.mark.parametrize(
    ("kind", "urgent", "expected"),
    [
        (Kind.STARTED, False, Later(MORNING, Held.QUIET_HOURS)),
        (Kind.STARTED, True, Later(MORNING, Held.QUIET_HOURS)),
        (Kind.REPLY, False, Go()),
        (Kind.HELP, False, Go()),
        (Kind.ALERT, False, Later(AT_WORK, Held.OUT_OF_HOURS)),
        (Kind.ALERT, True, Go()),
    ],
)
def test_at_eleven_at_night(kind: Kind, urgent: bool, expected: Look) -> None:
    """Nothing we start arrives at night, alerts wait for work unless urgent, and answers come at any hour."""
    assert look_again(message(kind, NIGHT, urgent=urgent), SAM, NIGHT) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.STARTED, Expire(Held.TOO_LATE)),
        (Kind.REPLY, Expire(Held.TOO_LATE)),
        (Kind.HELP, Expire(Held.TOO_LATE, tell_duty=True, hold_and_show=True)),
        (Kind.ALERT, Expire(Held.TOO_LATE, hold_and_show=True)),
    ],
)
def test_too_late(kind: Kind, expected: Look) -> None:
    """Late is expired with a reason, never caught up; help and alerts that expire are told to someone."""
    row = replace(message(kind, AT_WORK), not_after_utc=AT_WORK - timedelta(seconds=1))
    assert look_again(row, SAM, AT_WORK) == expected
    assert look_again(replace(row, not_after_utc=AT_WORK), SAM, AT_WORK) == Go()


def test_too_late_once_quiet_hours_are_over() -> None:
    """What would have to wait past its time expires now, and the reason is the waiting."""
    row = replace(message(Kind.STARTED, NIGHT), not_after_utc=NIGHT + HOUR)
    assert look_again(row, SAM, NIGHT) == Expire(Held.QUIET_HOURS)


def test_their_own_quiet_hours_and_zone() -> None:
    """Quiet hours are the person's, where the person is."""
    early = replace(SAM, quiet=QuietHours(time(16), time(10)))
    assert look_again(message(Kind.STARTED, EVENING), early, EVENING) == Later(MORNING + 2 * HOUR, Held.QUIET_HOURS)
    abroad = replace(SAM, zone="Asia/Kolkata")
    assert look_again(message(Kind.STARTED, EVENING), abroad, EVENING) == Later(
        datetime(2027, 1, 6, 2, 30, tzinfo=UTC), Held.QUIET_HOURS
    )


instants = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
people = st.builds(
    RecipientState,
    st.sampled_from(Standing),
    st.booleans(),
    st.none() | instants,
    st.booleans(),
    st.none() | instants,
    st.none() | instants,
)
rows = st.builds(
    WaitingMessage,
    st.sampled_from(Kind),
    instants,
    instants,
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from(MootWhen),
)


@given(rows, people, instants)
def test_nothing_goes_that_must_not(row: WaitingMessage, person: RecipientState, now: datetime) -> None:
    """Whatever the state, a started message only goes to someone who wants it, in time and outside quiet hours."""
    look = look_again(row, person, now)
    if isinstance(look, Later):
        assert now < look.due_utc
        assert not row.is_late(look.due_utc)
    if isinstance(look, Go):
        assert not row.is_late(now)
        assert person.standing is not Standing.ERASED
    if isinstance(look, Go) and row.kind in (Kind.STARTED, Kind.ALERT):
        assert person.standing is Standing.ACTIVE
        assert not person.stopped
        assert not person.unreachable
        assert person.paused_until_utc is None or person.paused_until_utc <= now
    if isinstance(look, Go) and row.kind is Kind.STARTED:
        assert not is_quiet(now)
    if isinstance(look, Go) and row.kind is Kind.ALERT and not row.urgent:
        assert is_working(now)


@given(rows, people, instants)
def test_looking_later_says_go(row: WaitingMessage, person: RecipientState, now: datetime) -> None:
    """A message put off is not put off twice: at its new time, with nothing else changed, it goes."""
    look = look_again(row, person, now)
    if isinstance(look, Later):
        assert look_again(row, person, look.due_utc) == Go()
