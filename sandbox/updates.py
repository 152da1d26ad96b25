"""The updates Telegram holds for the bot.

    made ──► pending ──► handed out ──► confirmed (offset passed it, or the webhook said 2xx)
                 ▲            │
                 └────────────┘  not confirmed: handed out again, for 24 hours

Being handed out changes nothing: only an offset beyond an update, or a webhook's 2xx, removes it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from sandbox.clock import Clock, monotonic
from sandbox.refusals import Json, conflict

KEPT = timedelta(hours=24)
# Telegram leaves these out unless the bot names them.
ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"

Arrange = Callable[[list["Update"]], list["Update"]]


@dataclass(frozen=True)
class Update:
    """One update as Telegram would send it; `chat_id` is None when nobody's phone made it."""

    id: int
    raw: bytes
    chat_id: int | None
    made_at: datetime

    @property
    def body(self) -> Json:
        """The update as an object; one that was injected as raw bytes may have none."""
        found: Json = orjson.loads(self.raw)
        return found


class UpdateQueue:
    """Pending updates in order, with one taker at a time."""

    def __init__(self, clock: Clock, first_id: int = 500_000_001) -> None:
        self._clock = clock
        self._pending: list[Update] = []
        self._waiters: set[asyncio.Event] = set()
        self._latest_poll = 0
        self._closed = False
        self.next_id = first_id
        self.allowed: frozenset[str] = frozenset()
        self.polling_ended_by_webhook = False
        self.on_made: Callable[[Update], None] | None = None

    def add(self, kind: str, payload: Json, chat_id: int | None) -> Update | None:
        """Makes the next update; None when the bot did not ask for this kind."""
        if not self._wanted(kind):
            return None
        raw = orjson.dumps({"update_id": self.next_id, kind: payload})
        update = Update(self.next_id, raw, chat_id, self._clock.now())
        self.next_id += 1
        self._keep(update)
        return update

    def inject(self, body: Json) -> int:
        """Takes a raw update as it is. One without an `update_id` gets the next; ids may repeat or run backwards."""
        given = body.get("update_id")
        update_id = given if isinstance(given, int) else self.next_id
        self.next_id = max(self.next_id, update_id + 1) if update_id < 2**31 else self.next_id
        self.inject_raw(update_id, orjson.dumps(body if "update_id" in body else {"update_id": update_id} | body))
        return update_id

    def inject_raw(self, update_id: int, raw: bytes) -> None:
        """Takes any bytes at all for an update, JSON or not; the id is only what an offset confirms."""
        self._keep(Update(update_id, raw, None, self._clock.now()))

    def pending(self) -> list[Update]:
        """What is still unconfirmed and younger than 24 hours, oldest first."""
        oldest = self._clock.now() - KEPT
        if self._pending and self._pending[0].made_at < oldest:
            self._pending = [update for update in self._pending if update.made_at >= oldest]
        return list(self._pending)

    def waiting_for(self, chat_id: int | None) -> list[Update]:
        """What is pending of one chat, in order."""
        return [update for update in self.pending() if update.chat_id == chat_id]

    def confirm(self, offset: int) -> None:
        """Forgets everything before the offset; an offset from the future is not believed, as at Telegram."""
        if offset < 0:
            self._pending = self.pending()[offset:]
        elif 0 < offset <= max([self.next_id, *(update.id + 1 for update in self._pending)]):
            self._pending = [update for update in self._pending if update.id >= offset]

    def remove(self, update: Update) -> None:
        """The webhook has it."""
        for place, kept in enumerate(self._pending):
            if kept is update:
                del self._pending[place]
                return

    def drop_all(self) -> None:
        self._pending = []

    def restart_ids(self, next_id: int) -> None:
        """Telegram may start again from any number after a week of silence."""
        self.next_id = next_id

    async def take(self, offset: int, limit: int, timeout_s: float, arrange: Arrange) -> list[Update]:
        """A long poll. A poll that waits is ended by a later one that would wait too (409)."""
        self.confirm(offset)
        ends = monotonic() + timeout_s
        mine: int | None = None
        while True:
            batch = arrange(self.pending()[:limit])
            left = ends - monotonic()
            if batch or left <= 0 or self._closed:
                return batch
            if mine is None:
                mine = self._latest_poll = self._latest_poll + 1
                self.wake()
            await self.change(left)
            if self.polling_ended_by_webhook:
                raise conflict(WEBHOOK_SET)
            if mine != self._latest_poll:
                raise conflict(TERMINATED)

    def wake(self) -> None:
        """Lets every waiting poll look again."""
        for waiter in self._waiters:
            waiter.set()

    def close(self) -> None:
        """Ends every poll with what there is, so that a server can stop."""
        self._closed = True
        self.wake()

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST_ONLY

    def _keep(self, update: Update) -> None:
        self._pending.append(update)
        self.wake()
        if self.on_made is not None:
            self.on_made(update)

    async def change(self, within_s: float) -> None:
        """Waits until something is made or woken, at most so long."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter.wait(), within_s)
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
