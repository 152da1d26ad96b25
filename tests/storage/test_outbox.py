"""The outbox: queued once, claimed by one, settled with an outcome, and empty of words when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import outbox, sends
from storage.outbox import ToSend
from storage.sends import Settled
from storage.store import Store
from storage.tables import OutboxRow
from storage.unit import Unit
from tests.databases import StillClock
from tests.storage.invented import add_person, check_in_for, reply_to_guest

OVER = ("sent", "refused", "unknown", "expired", "withdrawn")


def _add(store: Store, *messages: ToSend) -> list[int]:
    store.write_now(lambda unit: outbox.add(unit, list(messages)))
    return [row.id for row in _rows(store)]


def _rows(store: Store) -> list[OutboxRow]:
    return store.read_now(lambda unit: list(unit.session.scalars(select(OutboxRow).order_by(OutboxRow.id))))  # type: ignore[arg-type]


def _due(store: Store, *resting: str) -> list[int]:
    return [one.id for one in store.read_now(lambda unit: sends.candidates(unit, 100, list(resting)))]


def _claim(store: Store, *ids: int) -> tuple[list[sends.Claimed], list[int]]:
    return store.write_now(lambda unit: sends.claim(unit, list(ids)))


def _settle(store: Store, *outcomes: Settled) -> None:
    store.write_now(lambda unit: sends.settle(unit, list(outcomes)))


def test_the_same_key_is_queued_once(store: Store) -> None:
    """A slot decided twice, in one commit or in two, is one message: the first."""
    person = add_person(store)
    again = replace(check_in_for(person), body={"text": "said differently"})
    _add(store, check_in_for(person), again)
    _add(store, again)
    (row,) = _rows(store)
    (claimed,), _ = _claim(store, row.id)
    assert claimed.body == {"text": "How was your week?"}


def test_a_message_is_claimed_once(store: Store) -> None:
    """Of two claims of the same row only one gets it to send."""
    (row_id,) = _add(store, check_in_for(add_person(store)))
    (claimed,), closed = _claim(store, row_id)
    assert (claimed.id, claimed.chat_id, closed) == (row_id, 7001, [])
    assert _due(store) == []
    assert store.write_now(lambda unit: sends.look(unit, [row_id])) == []


def test_what_is_due_comes_in_order_of_importance(store: Store, still_clock: StillClock) -> None:
    """Help before replies before alerts before what we start; later rows wait; resting chats are left out."""
    person = add_person(store)
    later = replace(reply_to_guest("later"), due_utc=still_clock.now() + timedelta(minutes=1))
    _add(store, check_in_for(person), reply_to_guest("a"), replace(reply_to_guest("b"), priority=0), later)
    keys = {row.id: row.key for row in _rows(store)}
    assert [keys[one] for one in _due(store)] == ["b", "a", "slot"]
    assert [keys[one] for one in _due(store, "c")] == ["b", "a"]
    assert store.read_now(outbox.next_pending) == still_clock.now()
    still_clock.turn(minutes=2)
    assert "later" in [keys[one] for one in _due(store)]


@pytest.mark.parametrize("state", OVER)
def test_nothing_of_a_guest_is_kept_when_it_is_over(store: Store, state: str) -> None:
    """However a reply to a guest ends, its row keeps neither the chat, nor its key, nor a word, nor a message id."""
    (row_id,) = _add(store, reply_to_guest())
    assert _rows(store)[0].chat_sealed is not None
    _claim(store, row_id)
    _settle(store, Settled(row_id, state, message_id=77, by_person=False))
    (row,) = _rows(store)
    assert (row.state, row.chat_sealed, row.chat_key, row.body_sealed, row.message_id) == (state, None, "", None, None)


@pytest.mark.parametrize("state", ["sent", "expired", "withdrawn"])
def test_what_is_over_keeps_no_words(store: Store, state: str) -> None:
    """A message that was sent, or never will be, keeps that it was, not what it said."""
    (row_id,) = _add(store, check_in_for(add_person(store)))
    _settle(store, Settled(row_id, state, message_id=77))
    (row,) = _rows(store)
    assert (row.state, row.body_sealed, row.message_id) == (state, None, 77)


def test_a_message_to_try_again_is_whole(store: Store, still_clock: StillClock) -> None:
    """Again later means the same words to the same chat at that time, with the tries counted."""
    (row_id,) = _add(store, reply_to_guest())
    (first,), _ = _claim(store, row_id)
    due_utc = still_clock.now() + timedelta(seconds=30)
    _settle(store, Settled(row_id, "pending", attempts=2, unknowns=1, due_utc=due_utc, by_person=False))
    assert _due(store) == []
    still_clock.turn(seconds=30)
    (second,), _ = _claim(store, *_due(store))
    assert (second.chat_id, second.body, second.attempts, second.unknowns) == (first.chat_id, first.body, 2, 1)


def test_what_a_dead_process_claimed_is_found(store: Store) -> None:
    """A claim without an outcome is seen by the next process."""
    claimed, waiting = _add(store, check_in_for(add_person(store), "one"), reply_to_guest())
    _claim(store, claimed)
    assert [row.id for row in store.read_now(sends.claimed_before)] == [claimed]
    assert store.read_now(outbox.counts) == {"claimed": 1, "pending": 1}
    assert _due(store) == [waiting]


def test_taking_back_what_we_start_leaves_replies(store: Store) -> None:
    """A stop withdraws what we would have started with that person, and nothing of anybody else's."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)
    reply = replace(reply_to_guest("answer"), person_id=sam, chat_id=None, chat_key="c")
    _add(store, check_in_for(sam, "sam"), reply, check_in_for(ali, "ali"))
    store.write_now(lambda unit: outbox.withdraw_started(unit, sam, "stopped"))
    states = {row.key: (row.state, row.body_sealed is None) for row in _rows(store)}
    assert states == {"sam": ("withdrawn", True), "answer": ("pending", False), "ali": ("pending", False)}


def test_a_send_in_hand_is_known_until_it_is_settled(store: Store) -> None:
    """While something we started is on its way to a person, a stop can see that."""
    sam = add_person(store)
    (row_id,) = _add(store, check_in_for(sam))
    _claim(store, row_id)
    assert store.read_now(lambda unit: outbox.sends_in_hand(unit, sam))
    _settle(store, Settled(row_id, "sent"))
    assert not store.read_now(lambda unit: outbox.sends_in_hand(unit, sam))


def test_to_someone_erased_nothing_can_be_sent(store: Store) -> None:
    """When a person's key is gone their queued messages do not open, and the others of the same claim still go."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)
    first, second = _add(store, check_in_for(sam, "sam"), check_in_for(ali, "ali"))
    store.write_now(lambda unit: unit.destroy_key(sam))
    claimed, closed = _claim(store, first, second)
    assert ([one.id for one in claimed], closed) == ([second], [first])


def test_a_queued_message_cannot_be_read_in_the_database(store: Store) -> None:
    """Neither the words nor the chat of a queued message are legible in its row."""
    _add(store, check_in_for(add_person(store)), reply_to_guest())

    def raw(unit: Unit) -> list[Any]:
        return list(unit.connection.exec_driver_sql("SELECT * FROM outbox").all())

    for row in store.read_now(raw):
        shown = b" ".join(bytes(value) if isinstance(value, bytes) else str(value).encode() for value in row)
        assert b"week" not in shown
        assert b"9001" not in shown
