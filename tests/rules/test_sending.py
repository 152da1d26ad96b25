"""How each kind of message fails: every cell of the table of kinds and outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sending import (
    Kind,
    OutboxState,
    Outcome,
    Reason,
    Refused,
    RefusedReason,
    Retry,
    Sent,
    Unknown,
    Verdict,
    WaitingMessage,
    after_crash,
    after_outcome,
    may_count_as_silence,
)

NOW = datetime(2027, 1, 5, 17, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PENDING, UNKNOWN, REFUSED = OutboxState.PENDING, OutboxState.UNKNOWN, OutboxState.REFUSED
EXPIRED, SENT = OutboxState.EXPIRED, OutboxState.SENT


def message(
    kind: Kind, attempts: int = 0, unknowns: int = 0, last: timedelta = timedelta(hours=20), age: timedelta = SECOND
) -> WaitingMessage:
    """A row of this kind, tried before as said, written `age` ago and good for `last` more."""
    return WaitingMessage(kind, NOW - age, NOW + last, attempts, unknowns)


def summary(verdict: Verdict) -> tuple[OutboxState, float | None, str]:
    """State, seconds to wait, and the first letters of the flags: hold, duty, unreachable."""
    wait = None if verdict.due_utc is None else (verdict.due_utc - NOW).total_seconds()
    flags = (("H", verdict.hold_and_show), ("D", verdict.tell_duty), ("U", verdict.mark_unreachable))
    return verdict.state, wait, "".join(letter for letter, raised in flags if raised)


BLOCKED, GONE = Refused(RefusedReason.BLOCKED), Refused(RefusedReason.DEACTIVATED)
NO_CHAT, BAD = Refused(RefusedReason.CHAT_NOT_FOUND), Refused(RefusedReason.BAD_REQUEST)
FLOOD, BARE_FLOOD, UNSENT = Retry(17, slows_all=True), Retry(None, slows_all=True), Retry()
CHAT_FLOOD = Retry(3)

Cell = tuple[OutboxState, float | None, str]
TABLE: dict[Kind, list[tuple[Outcome, Cell]]] = {
    Kind.STARTED: [
        (Sent(9), (SENT, None, "")),
        (Unknown(), (UNKNOWN, None, "H")),
        (BLOCKED, (REFUSED, None, "U")),
        (GONE, (REFUSED, None, "U")),
        (NO_CHAT, (REFUSED, None, "U")),
        (BAD, (REFUSED, None, "H")),
        (FLOOD, (PENDING, 17, "")),
        (BARE_FLOOD, (PENDING, 5, "")),
        (CHAT_FLOOD, (PENDING, 3, "")),
        (UNSENT, (PENDING, 1, "")),
    ],
    Kind.REPLY: [
        (Sent(9), (SENT, None, "")),
        (Unknown(), (PENDING, 10, "")),
        (BLOCKED, (REFUSED, None, "U")),
        (GONE, (REFUSED, None, "U")),
        (NO_CHAT, (REFUSED, None, "U")),
        (BAD, (REFUSED, None, "H")),
        (FLOOD, (PENDING, 17, "")),
        (BARE_FLOOD, (PENDING, 5, "")),
        (CHAT_FLOOD, (PENDING, 3, "")),
        (UNSENT, (PENDING, 1, "")),
    ],
    Kind.HELP: [
        (Sent(9), (SENT, None, "")),
        (Unknown(), (PENDING, 5, "")),
        (BLOCKED, (REFUSED, None, "DU")),
        (GONE, (REFUSED, None, "DU")),
        (NO_CHAT, (REFUSED, None, "DU")),
        (BAD, (REFUSED, None, "HD")),
        (FLOOD, (PENDING, 17, "")),
        (BARE_FLOOD, (PENDING, 5, "")),
        (CHAT_FLOOD, (PENDING, 3, "")),
        (UNSENT, (PENDING, 1, "")),
    ],
    Kind.ALERT: [
        (Sent(9), (SENT, None, "")),
        (Unknown(), (PENDING, 30, "")),
        (BLOCKED, (REFUSED, None, "HU")),
        (GONE, (REFUSED, None, "HU")),
        (NO_CHAT, (REFUSED, None, "HU")),
        (BAD, (REFUSED, None, "H")),
        (FLOOD, (PENDING, 17, "")),
        (BARE_FLOOD, (PENDING, 5, "")),
        (CHAT_FLOOD, (PENDING, 3, "")),
        (UNSENT, (PENDING, 1, "")),
    ],
}
CELLS = [(kind, outcome, cell) for kind, row in TABLE.items() for outcome, cell in row]


@pytest.mark.parametrize(("kind", "outcome", "expected"), CELLS)
def test_each_cell(kind: Kind, outcome: Outcome, expected: Cell) -> None:
    """Each kind of message meets each outcome of its first try in exactly one way."""
    assert summary(after_outcome(message(kind), outcome, NOW)) == expected


def test_the_table_is_whole() -> None:
    """Every kind and every reason for refusal is in the table above."""
    assert set(TABLE) == set(Kind)
    for row in TABLE.values():
        refusals = {outcome.reason for outcome, _ in row if isinstance(outcome, Refused)}
        assert refusals == set(RefusedReason)


def until_over(kind: Kind, outcome: Outcome, last: timedelta = timedelta(hours=20)) -> list[Cell]:
    """What happens when every try ends the same way, up to twenty tries."""
    row, cells = message(kind, last=last), []
    for _ in range(20):
        verdict = after_outcome(row, outcome, NOW)
        cells.append(summary(verdict))
        if verdict.state.is_final:
            break
        row = WaitingMessage(kind, row.written_utc, row.not_after_utc, verdict.attempts, verdict.unknowns)
    return cells


def test_what_we_started_is_never_sent_again_once_unknown() -> None:
    """A check-in that may have arrived is held and shown, is no silence to the ladder, and has no second."""
    assert until_over(Kind.STARTED, Unknown()) == [(UNKNOWN, None, "H")]
    assert not may_count_as_silence(UNKNOWN)
    assert [state for state in OutboxState if may_count_as_silence(state)] == [SENT]


def test_a_reply_is_repeated_once() -> None:
    """A reply that may have arrived is sent once more after ten seconds; then it too is shown as unknown."""
    assert until_over(Kind.REPLY, Unknown()) == [(PENDING, 10, ""), (UNKNOWN, None, "H")]


def test_a_reply_that_had_failed_to_leave_is_still_repeated() -> None:
    """Tries that surely did not arrive do not use up the one repeat."""
    assert summary(after_outcome(message(Kind.REPLY, attempts=3), Unknown(), NOW)) == (PENDING, 10, "")


def test_help_is_tried_five_times_in_two_minutes_then_the_duty_worker_is_told() -> None:
    """Four repeats, all begun inside two minutes even when each try hangs for ten seconds; then a person knows."""
    cells = until_over(Kind.HELP, Unknown())
    assert [cell[1] for cell in cells] == [5, 10, 20, 30, None]
    assert cells[-1] == (UNKNOWN, None, "HD")
    assert sum(wait for _, wait, _ in cells if wait) + 5 * 10 <= 120


def test_help_that_cannot_leave_tells_the_duty_worker_and_keeps_trying() -> None:
    """When nothing leaves at all the duty worker is told by the fifth try, and help still goes out when it can."""
    cells = until_over(Kind.HELP, UNSENT)
    assert [flags for _, _, flags in cells[:5]] == ["", "", "", "", "D"]
    assert all(state is PENDING for state, _, _ in cells)
    slowed = after_outcome(message(Kind.HELP), Retry(300, slows_all=True), NOW)
    assert summary(slowed) == (PENDING, 300, "D")
    assert summary(after_outcome(message(Kind.HELP, age=timedelta(minutes=3)), UNSENT, NOW)) == (PENDING, 1, "D")


def test_an_alert_is_repeated_until_confirmed() -> None:
    """An alert waits longer each time, never more than fifteen minutes, and has no last try but its time."""
    waits = [wait for _, wait, _ in until_over(Kind.ALERT, Unknown())]
    assert waits[:7] == [30, 60, 120, 240, 480, 900, 900]
    assert len(waits) == 20
    assert until_over(Kind.ALERT, Unknown(), last=timedelta(minutes=2))[-1] == (UNKNOWN, None, "H")


def test_backing_off() -> None:
    """What failed before leaving is tried after 1, 2, 4 … seconds, never more than sixty."""
    waits = [wait for _, wait, _ in until_over(Kind.STARTED, UNSENT)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("flood", "wait"), [(FLOOD, 17), (BARE_FLOOD, 5), (CHAT_FLOOD, 3), (Retry(0.5), 0.5)])
def test_flood_control_wastes_no_attempt(kind: Kind, flood: Retry, wait: float) -> None:
    """A 429 is obeyed to the second, slows everyone when it says so, and counts as no try."""
    verdict = after_outcome(message(kind, attempts=2, unknowns=0), flood, NOW)
    assert (verdict.attempts, verdict.unknowns, verdict.reason) == (2, 0, Reason.SLOWED)
    assert verdict.due_utc == NOW + timedelta(seconds=wait)
    assert verdict.slow_all_until_utc == (verdict.due_utc if flood.slows_all else None)


def test_too_late_expires_with_a_reason() -> None:
    """A try that would come after its time is not made; if an earlier one may have arrived the row stays unknown."""
    late = after_outcome(message(Kind.STARTED, last=SECOND / 2), UNSENT, NOW)
    assert (late.state, late.reason, late.hold_and_show) == (EXPIRED, Reason.TOO_LATE, False)
    maybe = after_outcome(message(Kind.REPLY, 1, 1, last=SECOND / 2), UNSENT, NOW)
    assert (maybe.state, maybe.reason, maybe.hold_and_show) == (UNKNOWN, Reason.TOO_LATE, True)
    helping = after_outcome(message(Kind.HELP, last=SECOND / 2), UNSENT, NOW)
    assert summary(helping) == (EXPIRED, None, "HD")
    flooded = after_outcome(message(Kind.STARTED, last=SECOND), FLOOD, NOW)
    assert flooded.state is EXPIRED
    assert flooded.slow_all_until_utc == NOW + 17 * SECOND


rows = st.builds(
    WaitingMessage,
    st.sampled_from(Kind),
    st.just(NOW - SECOND),
    st.integers(0, 5000).map(lambda s: NOW + s * SECOND),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Sent, st.integers(1, 2**40)),
    st.builds(Retry, st.none() | st.floats(-5, 10_000), st.booleans()),
    st.builds(Refused, st.sampled_from(RefusedReason)),
    st.just(Unknown()),
)


@given(rows, outcomes)
def test_every_verdict_makes_sense(row: WaitingMessage, outcome: Outcome) -> None:
    """Whatever came before, a verdict waits in the future and in time or is final, counts rightly and has a reason."""
    verdict = after_outcome(row, outcome, NOW)
    assert (verdict.due_utc is not None) == (verdict.state is PENDING)
    assert verdict.due_utc is None or (verdict.due_utc >= NOW and not row.is_late(verdict.due_utc))
    assert (verdict.reason is None) == (verdict.state is SENT) == isinstance(outcome, Sent)
    assert verdict.unknowns - row.unknowns == isinstance(outcome, Unknown)
    assert verdict.attempts - row.attempts in (0, 1)
    assert not verdict.tell_duty or row.kind is Kind.HELP
    assert verdict.state is not UNKNOWN or verdict.hold_and_show
    assert OutboxState.CLAIMED is not verdict.state


@given(rows)
def test_a_crash_is_an_unknown(row: WaitingMessage) -> None:
    """A row found claimed at start-up is treated exactly as one whose answer never came."""
    assert after_crash(row, NOW) == after_outcome(row, Unknown(), NOW)


def test_priorities_and_end_dates() -> None:
    """Help goes before alerts, alerts before replies, replies before what we start, which always has an end."""
    assert sorted(Kind, key=lambda kind: kind.priority) == [Kind.HELP, Kind.ALERT, Kind.REPLY, Kind.STARTED]
    with pytest.raises(ValueError, match="too late"):
        WaitingMessage(Kind.STARTED, NOW, None, 0, 0)
    assert not WaitingMessage(Kind.REPLY, NOW, None, 0, 0).is_late(NOW + timedelta(days=999))
