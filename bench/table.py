"""The results: one row for each figure, printed as a table or written as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `met` says whether it reaches `aim`; None when there is nothing to reach."""

    what: str
    figure: str
    aim: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """In one word."""
        return {True: "yes", False: "NO", None: ""}[self.met]


HEADINGS = ("measure", "result", "aim", "met")


def as_text(rows: Sequence[Row]) -> str:
    """Columns for a terminal."""
    cells = [HEADINGS, *((row.what, row.figure, row.aim, row.verdict) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def as_markdown(rows: Sequence[Row]) -> str:
    """A table for docs/benchmarks.md."""
    lines = [f"| {' | '.join(HEADINGS)} |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {row.what} | {row.figure} | {row.aim} | {row.verdict} |" for row in rows)])
