"""Reading a choice that came from outside as text."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen(kind: type[Chosen], value: str) -> Chosen | None:
    """The member of `kind` with this value, or None when there is none."""
    try:
        return kind(value)
    except ValueError:
        return None
