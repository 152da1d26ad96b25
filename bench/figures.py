"""Numbers out of many measurements."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed; 0 when there are none."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def median(values: Sequence[float]) -> float:
    """The middle value: with few runs, what a single slow minute of the machine cannot spoil."""
    return percentile(values, 0.5)


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median and, in brackets, the lowest and the highest."""
    if len(values) < 2:
        return f"{median(values):,.{digits}f}"
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
