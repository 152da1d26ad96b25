"""A council's ladder, read from `ladder.toml` in its pack."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from rules.ladder import Count, Ladder, Since, Step, StepKind


def load(folder: Path) -> Ladder:
    """The ladder of the pack in `folder`. Raises ValueError when a step breaks a rule of the ladder."""
    rows = tomllib.loads((folder / "ladder.toml").read_text(encoding="utf-8"))
    return Ladder(rows["name"], tuple(_step(row) for row in rows["step"]))


def _step(row: dict[str, Any]) -> Step:
    return Step(
        kind=StepKind(row["kind"]),
        wait_days=row["wait_days"],
        at=row["at"],
        since=Since(row.get("since", Since.ASKED)),
        count=Count(row.get("count", Count.DAYS)),
        unless_acknowledged=row.get("unless_acknowledged", False),
    )
