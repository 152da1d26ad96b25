"""Leading: of several processes on one database one polls, ticks and sends; the others take updates in and stand ready.

    following ──the lead is free──► recover what a dead leader left claimed ──► leading
        └◄───────────────── the lead is lost (its connection broke) ──────────────┘

Must stay true: nothing is claimed before the recovery has committed, and nothing after the lead was found lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.events import event, trouble
from storage.lead import Lead
from storage.store import StoreBusyError

LOOK_EVERY_S = 1.0


class Led(Protocol):
    """A part of the service that works only while its process leads."""

    leads: bool


class Leading:
    """Whether this process leads, told to each of `parts`. `recover` is what a new leader does first."""

    def __init__(
        self, try_lead: Callable[[], Lead | None], parts: list[Led], recover: Callable[[], Awaitable[None]]
    ) -> None:
        self._try_lead = try_lead
        self._parts = parts
        self._recover = recover
        self._lead: Lead | None = None
        self._stopping = asyncio.Event()
        self._tell(False)

    @property
    def now(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return self._lead is not None

    def add(self, part: Led) -> None:
        """One more part to tell."""
        self._parts.append(part)
        part.leads = self.now

    async def look(self) -> None:
        """Take the lead if it is free, or find out that it was lost."""
        if self._lead is None:
            await self._take()
        elif not await asyncio.to_thread(self._lead.held):
            trouble("lead.lost")
            self._release()

    async def _take(self) -> None:
        lead = await asyncio.to_thread(self._try_lead)
        if lead is None:
            return
        try:
            await self._recover()
        except StoreBusyError as error:
            trouble("lead.not_taken", error)
            lead.release()
            return
        self._lead = lead
        self._tell(True)
        event("lead.taken")

    async def run(self) -> None:
        """Look every second until stopped; then let another process lead."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except Exception as error:  # whatever it was, look again
                trouble("lead.look_failed", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=LOOK_EVERY_S)
        self._release()

    def stop(self) -> None:
        """Let `run` end, once everything that was claimed here is settled."""
        self._stopping.set()

    def _release(self) -> None:
        self._tell(False)
        if self._lead is not None:
            self._lead.release()
            self._lead = None

    def _tell(self, leads: bool) -> None:
        for part in self._parts:
            part.leads = leads
