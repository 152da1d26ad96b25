"""How fast we may send: so many a second in all, a rest for each chat between two, and Telegram's own "wait".

Nothing is saved up while it is quiet beyond a small start, so a burst after a pause is no faster than the limit allows.
When Telegram keeps a send waiting, few more follow; when one stays without an answer, one at a time. So an outage of
Telegram's leaves a few sends unknown, not everybody's.
"""

from __future__ import annotations

from collections.abc import Callable

FIRST_STUMBLE_S = 1.0
LONGEST_STUMBLE_S = 60.0
HELD_UP_AFTER_S = 1.0
HELD_UP_MOST = 4
LOOK_AGAIN_S = 0.05
STEP_ASIDE_S = 1.0


class Pace:
    """Counts what has left. `monotonic` is in seconds and never goes back. One Pace for each bot."""

    def __init__(self, per_second: float, chat_rest_s: float, monotonic: Callable[[], float]) -> None:
        self._per_second = per_second
        self._chat_rest_s = chat_rest_s
        self._most = max(1.0, per_second / 25)
        self._monotonic = monotonic
        self._tokens = self._most
        self._counted = monotonic()
        self._closed_until = self._counted
        self._resting: dict[str, float] = {}
        self._stumbles = 0
        self._stumbled_at = float("-inf")
        self._flying: list[float] = []

    def free(self) -> int:
        """How many messages may leave now."""
        now = self._monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._counted) * self._per_second)
        self._counted = now
        if now < self._closed_until:
            return 0
        return max(0, min(int(self._tokens), self._room(now)))

    def _room(self, now: float) -> int:
        if self._stumbles:
            return 1 - len(self._flying)
        held_up = bool(self._flying) and now - self._flying[0] > HELD_UP_AFTER_S
        return HELD_UP_MOST - len(self._flying) if held_up else int(self._tokens)

    def take(self, chat_key: str) -> float:
        """One message leaves for this chat now. Returns the moment, which `landed` wants back."""
        now = self._monotonic()
        self._tokens -= 1
        self._resting[chat_key] = now + self._chat_rest_s
        self._flying.append(now)
        return now

    def landed(self, left_at: float) -> None:
        """What left at that moment is no longer on its way."""
        self._flying.remove(left_at)

    def closed_for_s(self) -> float:
        """Seconds until anything at all may leave; 0 when it may."""
        return max(0.0, self._closed_until - self._monotonic())

    def resting(self) -> list[str]:
        """The chats that must not get another message yet."""
        now = self._monotonic()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        return list(self._resting)

    def close_for(self, seconds: float) -> None:
        """Telegram said wait: nothing leaves before then."""
        self._closed_until = max(self._closed_until, self._monotonic() + seconds)

    def stumbled(self, left_at: float, chat_key: str) -> None:
        """A send had no trustworthy answer: go on with one at a time, further and further apart, until one is answered.

        Sends that were on their way together stumble once. The chat steps aside for the next try: if the trouble is
        this chat's alone, somebody else's answer ends it for everyone.
        """
        if left_at <= self._stumbled_at:
            return
        self._stumbled_at = self._monotonic()
        wait_s = min(LONGEST_STUMBLE_S, FIRST_STUMBLE_S * 2**self._stumbles)
        self._stumbles = min(self._stumbles + 1, 8)
        self.close_for(wait_s)
        self._resting[chat_key] = self._closed_until + STEP_ASIDE_S

    def recovered(self) -> None:
        """A send was answered."""
        self._stumbles = 0

    def wait_s(self) -> float:
        """Seconds until it is worth asking again: a token, the end of a "wait", or a chat that has rested."""
        now = self._monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        if self._room(now) < 1:
            return LOOK_AGAIN_S
        short = max(0.0, 1 - self._tokens) / self._per_second
        rests = min(self._resting.values(), default=now) - now
        return max(short, 0.001) if short > 0 else max(rests, 0.001)
