"""Telegram's sending limits, as a mode: about 1 message a second to a chat and 30 a second in all."""

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from sandbox.clock import Clock
from sandbox.refusals import too_many_requests

WINDOW = timedelta(seconds=1)


class Limits:
    """Off until switched on. Counts only sends that were let through, on the sandbox's own clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.on = False
        self.per_chat = 1
        self.overall = 30
        self.refused = 0
        self._all: deque[datetime] = deque()
        self._chats: dict[int, deque[datetime]] = {}

    def switch(self, *, on: bool, per_chat: int = 1, overall: int = 30) -> None:
        """Starts (with empty counts) or stops counting."""
        self.on, self.per_chat, self.overall = on, per_chat, overall
        self._all.clear()
        self._chats.clear()

    def let_through(self, chat_id: int) -> None:
        """Counts one send, or refuses it with the whole seconds to wait."""
        if not self.on:
            return
        now = self._clock.now()
        chat = self._chats.setdefault(chat_id, deque())
        wait = max(_wait(chat, self.per_chat, now), _wait(self._all, self.overall, now))
        if wait > timedelta():
            self.refused += 1
            raise too_many_requests(ceil(wait.total_seconds()))
        chat.append(now)
        self._all.append(now)


def _wait(sent: deque[datetime], most: int, now: datetime) -> timedelta:
    while sent and now - sent[0] >= WINDOW:
        sent.popleft()
    return sent[0] + WINDOW - now if len(sent) >= most else timedelta()
