"""The pace: never faster than allowed, whatever happened before, and as slow as Telegram asks."""

from __future__ import annotations

import itertools
import random

import pytest

from bot.pace import HELD_UP_AFTER_S, HELD_UP_MOST, LONGEST_STUMBLE_S, STEP_ASIDE_S, Pace

RATE = 25.0


class Seconds:
    """A monotonic clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def run(pace: Pace, at: Seconds, chats: list[str], seconds: float, step_s: float = 0.004) -> list[tuple[float, str]]:
    """Send to whoever of `chats` may be sent to for so long; every send is answered at once."""
    left = []
    end = at.now + seconds
    while at.now < end:
        resting = set(pace.resting())
        ready = [chat for chat in chats if chat not in resting]
        for chat in ready[: pace.free()]:
            pace.landed(pace.take(chat))
            left.append((at.now, chat))
        at.now += step_s
    return left


def most_in_a_second(moments: list[float]) -> int:
    """The largest number of moments in any one second."""
    return max((sum(1 for other in moments if at <= other < at + 1) for at in moments), default=0)


def test_never_more_than_the_rate_in_any_second() -> None:
    """Over a minute of endless work, no second holds more than the rate and the one saved token."""
    at = Seconds()
    left = run(Pace(RATE, 1.0, at), at, [f"chat {number}" for number in range(500)], 60)
    assert most_in_a_second([moment for moment, _ in left]) <= RATE + 1
    assert len(left) >= 0.92 * RATE * 60


@pytest.mark.parametrize("idle_s", [1, 60, 86_400])
def test_a_burst_after_a_quiet_time_is_no_faster(idle_s: float) -> None:
    """However long nothing was sent, the second after holds no more than the rate and one."""
    at = Seconds()
    pace = Pace(RATE, 1.0, at)
    at.now += idle_s
    left = run(pace, at, [f"chat {number}" for number in range(500)], 3)
    assert most_in_a_second([moment for moment, _ in left]) <= RATE + 1


def test_one_a_second_for_each_chat() -> None:
    """Two messages to one chat are never less than its rest apart; other chats are not held up by it."""
    at = Seconds()
    chats = ["anna", "ben", "cleo"]
    left = run(Pace(RATE, 1.0, at), at, chats, 10)
    for chat in chats:
        moments = [moment for moment, to in left if to == chat]
        assert len(moments) >= 9
        assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 1.0


def test_a_wait_of_telegrams_is_obeyed_to_the_second() -> None:
    """Nothing is free until the wait is over; a shorter wait that comes later does not end it."""
    at = Seconds()
    pace = Pace(RATE, 0.0, at)
    pace.close_for(30)
    pace.close_for(5)
    assert run(pace, at, ["anna"], 29.99) == []
    assert pace.closed_for_s() <= 0.01
    at.now += 0.02
    assert pace.closed_for_s() == 0
    assert pace.free() == 1


def test_a_stumble_lets_one_at_a_time_through_further_and_further_apart() -> None:
    """Without answers the tries come at 1, 2, 4 … at most 60 seconds, one at a time; one answer ends it."""
    at = Seconds()
    pace = Pace(RATE, 0.0, at)
    waits = []
    for _ in range(9):
        left_at = pace.take("anna")
        at.now += 1
        assert pace.free() <= HELD_UP_MOST
        pace.landed(left_at)
        pace.stumbled(left_at, "anna")
        waits.append(pace.closed_for_s())
        at.now += waits[-1]
        assert pace.free() == 1
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST_STUMBLE_S, LONGEST_STUMBLE_S, LONGEST_STUMBLE_S]
    flying = pace.take("anna")
    at.now += 10
    assert pace.free() == 0
    pace.landed(flying)
    pace.recovered()
    left_at = pace.take("anna")
    at.now += 0.5
    assert pace.free() == 1
    pace.landed(left_at)


def test_sends_that_left_together_stumble_once() -> None:
    """A burst without answers is one stumble, so a short glitch costs a second and not a minute."""
    at = Seconds()
    pace = Pace(1_000, 0.0, at)
    together = [pace.take(f"chat {number}") for number in range(20)]
    at.now += 2
    for number, left_at in enumerate(together):
        pace.landed(left_at)
        pace.stumbled(left_at, f"chat {number}")
    assert pace.closed_for_s() == 1


def test_whose_send_stumbled_steps_aside_for_somebody_else() -> None:
    """When the pace opens again that chat rests a moment longer, so one chat's trouble does not become everyone's."""
    at = Seconds()
    pace = Pace(RATE, 0.0, at)
    left_at = pace.take("anna")
    pace.landed(left_at)
    pace.stumbled(left_at, "anna")
    at.now += pace.closed_for_s()
    assert pace.free() == 1
    assert pace.resting() == ["anna"]
    at.now += STEP_ASIDE_S
    assert pace.resting() == []


def test_while_one_is_kept_waiting_hardly_any_follow() -> None:
    """Once a send has waited for a second, at most four are on their way, until it lands."""
    at = Seconds()
    pace = Pace(1_000, 0.0, at)
    flying = [pace.take(f"chat {number}") for number in range(HELD_UP_MOST + 2)]
    at.now += HELD_UP_AFTER_S / 2
    assert pace.free() > HELD_UP_MOST
    at.now += HELD_UP_AFTER_S
    assert pace.free() == 0
    for left_at in flying[:3]:
        pace.landed(left_at)
    assert pace.free() == HELD_UP_MOST - 3
    for left_at in flying[3:]:
        pace.landed(left_at)
    assert pace.free() > HELD_UP_MOST


def test_whoever_waits_as_long_as_it_says_finds_it_free() -> None:
    """`wait_s` is never 0, so no loop spins, and never so long that time is lost."""
    at, lots = Seconds(), random.Random(5)
    pace = Pace(RATE, 0.2, at)
    for _ in range(2_000):
        if pace.free() and "anna" not in pace.resting():
            pace.landed(pace.take("anna"))
        if lots.random() < 0.01:
            pace.close_for(lots.random() * 3)
        wait_s = pace.wait_s()
        assert 0 < wait_s <= 3
        at.now += wait_s
    pace.close_for(7)
    at.now += pace.wait_s()
    assert pace.free() == 1
