"""The system's time and randomness: the only place where they are read."""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""
        return time.monotonic()


class SystemRandomness:
    """The machine's unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh bytes."""
        return os.urandom(count)


def new_token() -> str:
    """A token nobody can guess: 256 bits, safe in a link (43 letters)."""
    return secrets.token_urlsafe(32)
