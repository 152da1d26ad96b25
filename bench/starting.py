"""How long a start takes, on a database that exists: from the process's birth to /health saying 200."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from bench.figures import median, spread
from bench.processes import StubServer, service
from bench.table import Row
from bench.town import Settler
from bot.clock import SystemClock

PEOPLE = 655
AIM_S = 2.0


def measure(folder: Path, stub: StubServer, turns: int) -> list[Row]:
    """The rows of this measure."""
    home, clock = folder / "started", SystemClock()
    settler = Settler(home, clock)
    settler.team("Leaving Care", PEOPLE, clock.now() + timedelta(days=300))
    settler.store.close()
    took_s = []
    for _ in range(turns + 1):
        before = time.perf_counter()
        with service(stub, home):
            took_s.append(time.perf_counter() - before)
    warm = took_s[1:]  # the first one read everything from the disk
    return [Row("start-up to ready, s", spread(warm, 2), f"under {AIM_S:.0f}", median(warm) < AIM_S)]
