"""How often each promise is tried: what every push can afford, or with KEEPINTOUCH_COUNTS=night what a night can."""

from __future__ import annotations

import os

NIGHT = os.environ.get("KEEPINTOUCH_COUNTS", "commit") == "night"


def count(*, commit: int, night: int) -> int:
    """How many tries this run makes. Only the counts differ between the two; a zero is zero in both."""
    return night if NIGHT else commit
