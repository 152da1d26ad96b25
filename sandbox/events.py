"""Tells everyone who watches that a phone has changed: one event per change."""

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

from sandbox.refusals import Json

EventKind = Literal[
    "message", "edit", "delete", "typing", "read", "callback_answer", "reaction", "people", "clock", "bot", "faults"
]


class Events:
    """A fan-out. A watcher too slow to keep up loses the oldest events, never the newest."""

    def __init__(self, kept_per_watcher: int = 1000) -> None:
        self._watchers: set[asyncio.Queue[Json | None]] = set()
        self._kept = kept_per_watcher
        self._closed = False

    def tell(self, kind: EventKind, person_id: int | None = None, **more: object) -> None:
        """Queues the event for every watcher; must be called on the server's own loop."""
        event: Json = {"person": person_id, "kind": kind} | more
        for queue in self._watchers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def watch(self, idle_s: float = 15.0) -> AsyncIterator[Json]:
        """Every event from now on. An empty event comes after `idle_s` of silence, so a dead watcher is noticed."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(self._kept)
        self._watchers.add(queue)
        try:
            while not self._closed:
                try:
                    event = await asyncio.wait_for(queue.get(), idle_s)
                except TimeoutError:
                    event = {}
                if event is None:
                    return
                yield event
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Ends every watch, so that a server can stop."""
        self._closed = True
        for queue in self._watchers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
