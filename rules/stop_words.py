"""STOP in any wording, and asking to come back."""

from __future__ import annotations


def wants_to_stop(text: str) -> bool:
    """Whether the whole message asks us to stop writing."""
    return text.strip().casefold() == "stop"


def wants_back(text: str) -> bool:
    """Whether the whole message asks us to start again."""
    return text.strip().casefold() == "start"
