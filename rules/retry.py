"""What becomes of an update whose handling failed: tried again soon, then put in quarantine where people see it."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_FAILURES = 3
_WAITS_SECONDS = (1, 10)


def retry_at(failures: int, now: datetime) -> datetime | None:
    """When to try an update again after its `failures`-th failure (from 1); None means quarantine it."""
    if failures >= MOST_FAILURES:
        return None
    return now + timedelta(seconds=_WAITS_SECONDS[max(failures, 1) - 1])
