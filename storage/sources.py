"""What storage needs from outside itself and never makes up: the time, and randomness. `bot/` hands both in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The one clock of the service."""

    def now(self) -> datetime:
        """This instant, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""
        ...


class Randomness(Protocol):
    """Unpredictable bytes (in tests: bytes that can be repeated)."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh bytes."""
        ...


IDS_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LOW_BITS = 22


class Ids:
    """Makes row ids: 41 bits of milliseconds since 2026, then 22 bits that start at random and count up.

    Always rising within one process, even when the clock stands still or goes back. Two processes, or one before and
    after a restart, may make the same id once in millions; the store then does the work again with new ones.
    """

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> int:
        """A 63-bit id that no row has yet."""
        elapsed_ms = int((self._clock.now() - IDS_BEGAN).total_seconds() * 1000)
        low = int.from_bytes(self._randomness.bytes(3), "big") >> (24 - LOW_BITS)
        with self._lock:
            began_anew = elapsed_ms > self._last >> LOW_BITS
            self._last = (elapsed_ms << LOW_BITS) | low if began_anew else self._last + 1
            return self._last
