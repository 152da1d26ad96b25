"""The decisions around a send: what may leave now, and what its outcome means for the person it was for.

The sender in `bot/` claims through `claim_due`, makes the calls, hands the outcomes to `record`, and decides nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from casework import reachability
from casework.desk import Desk
from rules.last_look import Expire, Go, Later, RecipientState, Standing, Withdraw, look_again
from rules.sending import Kind, OutboxState, Outcome, Reason, Verdict, WaitingMessage, after_crash, after_outcome
from storage import outbox, sends
from storage.outbox import ToSend
from storage.sends import Claimed, Look, Settled
from storage.tables import OutboxRow


def claim_due(desk: Desk, ids: list[int]) -> list[Claimed]:
    """Look at each row's person again, settle what must not go now, and claim the rest for sending."""
    going, settled = [], []
    for row in sends.look(desk.unit, ids):
        after = _look(desk, row)
        if after is None:
            going.append(row.id)
        else:
            settled.append(after)
    sends.settle(desk.unit, settled)
    reachability.slots_not_sent(desk, [(one.id, one.state) for one in settled])
    if not going:
        return []
    claimed, closed = sends.claim(desk.unit, going)
    sends.settle(desk.unit, [Settled(row_id, "withdrawn", "erased") for row_id in closed])
    return claimed


def _look(desk: Desk, row: Look) -> Settled | None:
    """What to write on a row that does not go now, or None when it goes."""
    message = WaitingMessage(Kind(row.kind), row.queued_utc, row.not_after_utc, row.attempts, row.unknowns, row.urgent)
    found = look_again(message, _recipient(row), desk.now, desk.office.holidays)
    as_it_was = Settled(row.id, "pending", None, row.attempts, row.unknowns, by_person=row.person_id is not None)
    match found:
        case Go():
            return None
        case Withdraw():
            return replace(as_it_was, state="withdrawn", reason=found.reason)
        case Expire():
            return replace(as_it_was, state="expired", reason=found.reason)
        case Later():
            return replace(as_it_was, reason=found.reason, due_utc=found.due_utc)
        case _:
            assert_never(found)


def _recipient(row: Look) -> RecipientState:
    if row.person_state is None:
        return RecipientState(Standing.GUEST)
    return RecipientState(
        Standing(row.person_state),
        stopped=row.stopped_utc is not None and row.role not in ("adviser", "manager"),
        paused_until_utc=row.paused_until_utc,
        unreachable=row.unreachable is not None,
        zone=row.zone or "Europe/London",
    )


def record(desk: Desk, outcomes: list[tuple[Claimed, Outcome]]) -> datetime | None:
    """Write down what became of claimed rows, and what follows. Returns until when all sending must rest, or None."""
    verdicts = [(claimed, after_outcome(_waiting(claimed), outcome, desk.now)) for claimed, outcome in outcomes]
    sends.settle(desk.unit, [_settled(claimed, verdict) for claimed, verdict in verdicts])
    for claimed, verdict in verdicts:
        if verdict.state != "sent":
            _follow(desk, claimed, verdict)
    waits = [verdict.slow_all_until_utc for _, verdict in verdicts if verdict.slow_all_until_utc is not None]
    return max(waits, default=None)


def record_alone(desk: Desk, claimed: Claimed, outcome: Outcome) -> None:
    """Write down only what became of one row, when what should follow from it cannot be done."""
    sends.settle(desk.unit, [_settled(claimed, after_outcome(_waiting(claimed), outcome, desk.now))])


def set_aside(desk: Desk, row_id: int) -> None:
    """A row that cannot even be looked at is refused as it stands, and kept."""
    sends.settle(desk.unit, [Settled(row_id, OutboxState.REFUSED, Reason.BAD_REQUEST)])


def recover(desk: Desk) -> int:
    """At start-up: rows a dead process left claimed are unknown, by their kind. Returns how many there were."""
    rows = sends.claimed_before(desk.unit)
    for row in rows:
        message = WaitingMessage(
            Kind(row.kind), row.queued_utc, row.not_after_utc, row.attempts, row.unknowns, row.urgent
        )
        verdict = after_crash(message, desk.now)
        claimed = _as_claimed(row)
        sends.settle(desk.unit, [_settled(claimed, verdict)])
        _follow(desk, claimed, verdict)
    return len(rows)


def _follow(desk: Desk, claimed: Claimed, verdict: Verdict) -> None:
    if verdict.mark_unreachable and claimed.person_id is not None:
        reachability.lost(desk, claimed.person_id, verdict.reason or "blocked")
    if claimed.kind == Kind.STARTED and claimed.person_id is not None:
        reachability.slot_ended(desk, claimed.id, claimed.person_id, verdict.state)
    if claimed.kind == Kind.ALERT and verdict.state in ("refused", "expired"):
        reachability.alert_lost(desk, claimed.id)
    if verdict.tell_duty:
        reachability.help_not_confirmed(desk, claimed)
    if claimed.method == "editMessageText" and verdict.state == "refused" and not verdict.mark_unreachable:
        _send_instead(desk, claimed)


def _send_instead(desk: Desk, claimed: Claimed) -> None:
    """A message that cannot be changed any more (deleted, too old) is said again as a new one."""
    body = {name: value for name, value in claimed.body.items() if name != "message_id"}
    one = ToSend(
        key=f"instead:{claimed.id}",
        kind=claimed.kind,
        priority=Kind(claimed.kind).priority,
        name=claimed.name,
        method="sendMessage",
        body=body,
        person_id=claimed.person_id,
        chat_id=None if claimed.person_id else claimed.chat_id,
        chat_key=claimed.chat_key,
    )
    outbox.add(desk.unit, [one])


def _waiting(claimed: Claimed) -> WaitingMessage:
    return WaitingMessage(
        Kind(claimed.kind),
        claimed.queued_utc,
        claimed.not_after_utc,
        claimed.attempts,
        claimed.unknowns,
        claimed.urgent,
    )


def _settled(claimed: Claimed, verdict: Verdict) -> Settled:
    return Settled(
        claimed.id,
        verdict.state,
        verdict.reason,
        verdict.attempts,
        verdict.unknowns,
        verdict.due_utc,
        verdict.message_id,
        by_person=claimed.person_id is not None,
    )


def _as_claimed(row: OutboxRow) -> Claimed:
    return Claimed(
        row.id, row.kind, row.name, row.method, 0, row.chat_key, {}, row.urgent, row.attempts, row.unknowns,
        row.queued_utc, row.person_id, row.not_after_utc, row.check_in_id, row.incident_id,
    )  # fmt: skip
