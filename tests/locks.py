"""Another process that holds the database's write lock."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HOLD = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
for line in sys.stdin:
    base.execute("BEGIN IMMEDIATE" if line == "hold\\n" else "ROLLBACK")
    print("done", flush=True)
"""


class Holder:
    """Takes and gives back the lock, at once and surely."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def hold(self) -> None:
        """Return once the lock is held."""
        self._say("hold")

    def let_go(self) -> None:
        """Return once the lock is free."""
        self._say("let go")

    def _say(self, word: str) -> None:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the other process has no pipes")
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        if self._process.stdout.readline() != "done\n":
            raise RuntimeError("the other process could not")


@contextlib.contextmanager
def other_process(database: Path) -> Iterator[Holder]:
    """A process beside the service, with the same database open."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Holder(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(10)
