"""One load: the updates a run gives out, when each became available, and when its answer came."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from bench.figures import percentile

CHAT = re.compile(rb'chat_id"?[=:]"?(\d+)')
MOST_AT_ONCE = 100


class Load:
    """Updates `bodies` (JSON objects without an id), one chat each, all at once or `per_second`.

    An answer is the first message to the chat of the update. `now` is in seconds and never goes back.
    """

    def __init__(self, bodies: list[bytes], per_second: float, first_id: int, now: Callable[[], float]) -> None:
        self._bodies = bodies
        self._chats = {chat_of(body): index for index, body in enumerate(bodies)}
        self._per_second = per_second
        self._now = now
        self._confirmed = 0
        self._available_at = [0.0] * len(bodies)
        self._waited: dict[int, float] = {}
        self._began = now()
        self._first = self._last = self._last_answer = 0.0
        self.first_id = first_id
        self.sends = 0

    def __len__(self) -> int:
        return len(self._bodies)

    def next_available_s(self) -> float:
        """Seconds until there is something to hand out that was not there when it was last looked."""
        if not self._per_second or self._confirmed >= len(self):
            return 3600.0
        return max(0.0, self._began + self._confirmed / self._per_second - self._now())

    def hand_out(self, offset: int, limit: int) -> bytes | None:
        """The `result` of getUpdates, or None when nothing is there. `offset` confirms what lies below it."""
        self._confirmed = max(self._confirmed, min(offset - self.first_id, len(self)))
        start, end = self._confirmed, min(self._available(), self._confirmed + min(limit, MOST_AT_ONCE))
        if end <= start:
            return None
        now = self._now()
        self._first = self._first or now
        for index in range(start, end):
            self._available_at[index] = self._began + index / self._per_second if self._per_second else now
        one = b'{"update_id":%d,%s'
        return b",".join(one % (self.first_id + index, self._bodies[index][1:]) for index in range(start, end))

    def _available(self) -> int:
        if not self._per_second:
            return len(self)
        return min(len(self), int((self._now() - self._began) * self._per_second) + 1)

    def sent(self, body: bytes) -> int:
        """A message has come for a chat; which one."""
        now = self._now()
        self._first = self._first or now
        self.sends += 1
        self._last = now
        found = CHAT.search(body)
        chat = int(found.group(1)) if found else 0
        index = self._chats.get(chat)
        if index is not None and index not in self._waited and self._available_at[index]:
            self._waited[index] = now - self._available_at[index]
            self._last_answer = now
        return chat

    def stats(self) -> dict[str, Any]:
        """What has happened so far."""
        waited_ms = [wait * 1000 for wait in self._waited.values()]
        answering_s, sending_s = self._last_answer - self._first, self._last - self._first
        return {
            "updates": len(self),
            "answered": len(waited_ms),
            "answered_per_s": len(waited_ms) / answering_s if answering_s > 0 else 0.0,
            "sends": self.sends,
            "sends_per_s": self.sends / sending_s if sending_s > 0 else 0.0,
            "p50_ms": percentile(waited_ms, 0.5),
            "p99_ms": percentile(waited_ms, 0.99),
        }


def chat_of(body: bytes) -> int:
    """The chat an update is from."""
    update = orjson.loads(body)
    inner = update.get("message") or update["callback_query"]["message"]
    return int(inner["chat"]["id"])
