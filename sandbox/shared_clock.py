"""A turnable clock that several processes share: a town's phones in one of them, the service in another."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.clock import monotonic

_HELD = struct.Struct("dd")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SharedClock:
    """Keeps running, and can be turned by whoever has the file; everyone else sees it at once.

    The file holds two numbers: what to add to the machine's monotonic seconds for the date, and how far it was turned.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._held = mmap.mmap(file.fileno(), _HELD.size)

    @classmethod
    def starting(cls, path: Path, at: datetime) -> SharedClock:
        """A new clock in `path` that says `at` now."""
        path.write_bytes(_HELD.pack((at - _EPOCH).total_seconds() - monotonic(), 0.0))
        return cls(path)

    def now(self) -> datetime:
        """An aware datetime in UTC."""
        began_s, turned_s = _HELD.unpack_from(self._held)
        return _EPOCH + timedelta(seconds=began_s + turned_s + monotonic())

    def monotonic(self) -> float:
        """Seconds, turned along with the date, so that waits end when the clock says so."""
        turned_s: float = _HELD.unpack_from(self._held)[1]
        return monotonic() + turned_s

    def turn(self, by: timedelta) -> datetime:
        """Moves on (or back) and says the new time."""
        began_s, turned_s = _HELD.unpack_from(self._held)
        _HELD.pack_into(self._held, 0, began_s, turned_s + by.total_seconds())
        return self.now()
