"""Whether what someone wrote may be serious. Leans to recall: help lines shown for nothing cost little."""

from __future__ import annotations


def may_be_serious(text: str) -> bool:
    """Whether help should be offered in the same turn and a person told. Never raises; linear in the text."""
    return "suicid" in text.casefold()
