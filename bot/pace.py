"""How fast we may send: so many a second in all, a rest for each chat between two, and Telegram's own "wait".

Nothing is saved up while it is quiet beyond a small start, so a burst after a pause is no faster than the limit allows.
"""

from __future__ import annotations

from collections.abc import Callable

FIRST_STUMBLE_S = 1.0
LONGEST_STUMBLE_S = 60.0


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

    def free(self) -> int:
        """How many messages may leave now."""
        now = self._monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._counted) * self._per_second)
        self._counted = now
        if now < self._closed_until:
            return 0
        return 1 if self._stumbles and self._tokens >= 1 else int(self._tokens)

    def take(self, chat_key: str) -> None:
        """One message leaves for this chat now."""
        self._tokens -= 1
        self._resting[chat_key] = self._monotonic() + self._chat_rest_s

    def resting(self) -> list[str]:
        """The chats that must not get another message yet."""
        now = self._monotonic()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        return list(self._resting)

    def close_for(self, seconds: float) -> None:
        """Telegram said wait: nothing leaves before then."""
        self._closed_until = max(self._closed_until, self._monotonic() + seconds)

    def stumbled(self) -> None:
        """A send had no trustworthy answer: go on with one at a time, further and further apart, until one is answered.

        So an outage of Telegram's leaves a few sends unknown, not everybody's.
        """
        wait_s = min(LONGEST_STUMBLE_S, FIRST_STUMBLE_S * 2**self._stumbles)
        self._stumbles = min(self._stumbles + 1, 8)
        self.close_for(wait_s)

    def recovered(self) -> None:
        """A send was answered."""
        self._stumbles = 0

    def wait_s(self) -> float:
        """Seconds until it is worth asking again: a token, the end of a "wait", or a chat that has rested."""
        now = self._monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        short = max(0.0, 1 - self._tokens) / self._per_second
        rests = min(self._resting.values(), default=now) - now
        return max(short, 0.001) if short > 0 else max(rests, 0.001)
