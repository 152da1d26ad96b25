"""The log of everything, as our formatter would write it, while a block runs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from bot.events import OURS, EventFormatter


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.setFormatter(EventFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@contextlib.contextmanager
def log_lines() -> Iterator[list[str]]:
    """Every line of every logger, at DEBUG."""
    root, handler = logging.getLogger(), _Lines()
    level, ours = root.level, OURS.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    OURS.setLevel("DEBUG")
    try:
        yield handler.written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        OURS.setLevel(ours)
