"""What the next message of someone who joined will be about."""

from __future__ import annotations

from enum import StrEnum

from casework.desk import Desk
from rules.choice import chosen
from storage import conversation
from storage.tables import Person


class Waiting(StrEnum):
    """What we asked them for. `NOTHING` is the usual state."""

    NOTHING = ""
    NAME = "name"
    LINE = "line"
    QUESTION = "question"
    INVITED_NAME = "invited_name"
    NOTE = "note"
    DRAFT = "draft"


def waiting_for(desk: Desk, person: Person) -> tuple[Waiting, str]:
    """What is waited for, and what goes with it (an id, a role, their words)."""
    state, data = conversation.state_of(desk.unit, person.id)
    return chosen(Waiting, state) or Waiting.NOTHING, data


def wait_for(desk: Desk, person: Person, what: Waiting, data: str = "") -> None:
    """Remember what their next message will be; it replaces whatever was waited for before."""
    conversation.wait_for(desk.unit, person.id, what, data)


def done(desk: Desk, person: Person) -> None:
    """Nothing is waited for any more."""
    conversation.end(desk.unit, person.id)
