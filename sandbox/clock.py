"""The only place in the sandbox where real time comes in."""

from datetime import UTC, datetime, timedelta
from time import monotonic as _monotonic
from typing import Protocol

__all__ = ["Clock", "HeldClock", "SystemClock", "TownClock", "TurnableClock", "monotonic"]


class Clock(Protocol):
    """Says what time it is; every date Telegram would stamp comes from here."""

    def now(self) -> datetime:
        """An aware datetime in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class TurnableClock:
    """Real time, moved by whatever has been turned so far: it keeps running between turns."""

    def __init__(self) -> None:
        self.turned_by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.turned_by

    def turn(self, by: timedelta) -> datetime:
        """Moves on (or back) and says the new time."""
        self.turned_by += by
        return self.now()


class TownClock:
    """The clock of a service that runs in the sandbox: it begins at `start`, keeps running, and can be turned."""

    def __init__(self, start: datetime | None = None) -> None:
        self._began = _monotonic()
        self._start = datetime.now(UTC) if start is None else start
        self._turned = timedelta()

    def now(self) -> datetime:
        return self._start + self._turned + timedelta(seconds=_monotonic() - self._began)

    def monotonic(self) -> float:
        """Seconds, turned along with the date, so that waits end when the clock says so."""
        return _monotonic() + self._turned.total_seconds()

    def turn(self, by: timedelta) -> datetime:
        """Moves on (or back) and says the new time."""
        self._turned += by
        return self.now()


class HeldClock:
    """Stands still until moved: for tests that must know every date beforehand."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def turn(self, by: timedelta) -> datetime:
        """Moves on (or back) and says the new time."""
        self._at += by
        return self._at


def monotonic() -> float:
    """Seconds that only ever grow, for measuring waits; never a date."""
    return _monotonic()
