"""`python -m bench [--only NAME ...] [--turns N] [--write]`: measure, and print one table."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import ceiling, large_town, sends, starting, updates
from bench.processes import StubServer, stub_server
from bench.table import Row, as_markdown, as_text
from bot.clock import SystemClock

Measure = Callable[[Path, StubServer, int], list[Row]]
MEASURES: dict[str, Measure] = {
    "updates": updates.measure,
    "sends": sends.measure,
    "town": large_town.measure,
    "start": starting.measure,
}
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGINS, ENDS = "<!-- figures begin -->", "<!-- figures end -->"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the hot paths and print a table.")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES), metavar="NAME")
    parser.add_argument("--turns", type=int, default=3, help="how often each measure is repeated (3)")
    parser.add_argument("--write", action="store_true", help="also write the table into docs/benchmarks.md")
    asked = parser.parse_args()
    rows: list[Row] = []
    for name in asked.only:
        print(f"measuring {name} ...", flush=True)
        with tempfile.TemporaryDirectory(prefix="keepintouch-bench-") as folder, stub_server() as stub:
            rows += MEASURES[name](Path(folder), stub, asked.turns)
    with stub_server() as stub:
        rows.append(Row("the server all this ran against: at least, sends/s", f"{ceiling.sends_per_s(stub):,.0f}"))
    print(f"\n{machine()}\n\n{as_text(rows)}")
    if asked.write:
        write_page(rows)


def machine() -> str:
    """Where and when."""
    now = SystemClock().now()
    cores = os.cpu_count() or 1
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{now:%d %B %Y, %H:%M} UTC · Python {platform.python_version()} · {platform.system()} {platform.machine()} · "
        f"{cores} cores · load at the end {busy:.1f}"
    )


def write_page(rows: list[Row]) -> None:
    """Put the figures into the page, between the two marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    PAGE.write_text(f"{before}{BEGINS}\n{machine()}\n\n{as_markdown(rows)}\n{ENDS}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
