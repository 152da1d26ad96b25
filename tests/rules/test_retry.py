"""What becomes of an update whose handling failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rules.retry import MOST_FAILURES, retry_at

NOW = datetime(2027, 1, 5, 12, tzinfo=UTC)


def test_three_failures_are_quarantine() -> None:
    """An update is tried again after 1 and 10 seconds; the third failure puts it where people see it."""
    assert [retry_at(failures, NOW) for failures in (1, 2, 3, 4)] == [
        NOW + timedelta(seconds=1),
        NOW + timedelta(seconds=10),
        None,
        None,
    ]
    assert MOST_FAILURES == 3
